import type { ClaimedChallenge } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import type { Purpose } from '../model/purpose.ts';
import type { Ports } from '../ports/index.ts';
import { repeatSeconds } from './idempotency.ts';
import { fingerprint, readTicket } from './ticket.ts';

/**
 * Seconds for which one request holds a ticket alone. A function runs for 10 s at most, so a
 * request whose lease is over is dead, not slow.
 */
export const leaseSeconds = 20;

/** As much of a claimed ticket as its release needs. */
export interface HeldTicket {
  readonly challenge: { readonly idHash: string };
  readonly usedBy: string;
}

/** A ticket that one request has claimed. */
export interface TicketUse<P extends Purpose = Purpose> {
  readonly challenge: ClaimedChallenge<P>;
  /**
   * Fingerprint of this request. The same request may claim the ticket again at once, and resumes
   * where it stopped.
   */
  readonly usedBy: string;
  /** The id of the challenge, which only the claimant holds. */
  readonly idBytes: Buffer;
  /**
   * The same request has spent the ticket, and its answer was lost. Set only for requests with an
   * `Idempotency-Key`.
   */
  readonly done?: true;
}

type Needs = Pick<Ports, 'clock' | 'keys' | 'limits' | 'challenges'>;

/**
 * Claims a ticket for one request (docs/decisions/0008). A retry of the same request, after a crash
 * or a lost answer, resumes at once. A different request waits until the lease ends.
 * @param inputs the fields that tell this request from any other, in a fixed order
 * @param idempotencyKey with it, the request that spent the ticket gets its answer again for ten
 *   minutes
 * @throws Problem ticket_invalid (foreign, expired, spent); unavailable while another request holds
 *   it
 */
export const claimTicket =
  ({ clock, keys, limits, challenges }: Needs) =>
  async <P extends Purpose>(
    ticket: string,
    purpose: P,
    inputs: readonly string[],
    idempotencyKey?: string,
  ): Promise<TicketUse<P>> => {
    const now = clock();
    const read = await readTicket(keys, ticket);
    if (!read) throw new Problem('ticket_invalid');
    const { challengeId, keySet } = read;

    const key = idempotencyKey === undefined ? [] : [idempotencyKey];
    const usedBy = fingerprint(keySet, challengeId, ...inputs, ...key);
    const result = await challenges.claimTicket(challengeId.hash, {
      purpose,
      usedBy,
      now,
      until: now + leaseSeconds,
      maxUses: limits.usesPerTicket,
    });
    const use = { usedBy, idBytes: challengeId.bytes };
    if (result.kind === 'claimed') return { challenge: result.challenge, ...use };
    if (result.kind === 'done' && idempotencyKey !== undefined) {
      const { challenge } = result;
      if (now < lastClaimAt(challenge) + repeatSeconds) return { challenge, ...use, done: true };
    }
    if (result.kind === 'busy') {
      throw new Problem('unavailable', { retryAfter: Math.max(1, result.until - now) });
    }
    throw new Problem('ticket_invalid');
  };

/**
 * Epoch seconds of the last claim. It stands for the instant of spending: one request takes
 * seconds.
 */
const lastClaimAt = ({ inUseUntil = 0 }: Pick<ClaimedChallenge, 'inUseUntil'>): number =>
  inUseUntil - leaseSeconds;

/**
 * Releases a ticket after a refusal, so that the claimant needs no second SMS after a refused
 * password.
 * @throws Problem the refusal
 */
export const releaseTicket =
  ({ challenges }: Pick<Ports, 'challenges'>) =>
  async ({ challenge, usedBy }: HeldTicket, refusal: Problem): Promise<never> => {
    await challenges.releaseTicket(challenge.idHash, usedBy);
    throw refusal;
  };
