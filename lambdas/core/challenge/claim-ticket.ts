import type { ClaimedChallenge } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import type { Purpose } from '../model/purpose.ts';
import type { Ports } from '../ports/index.ts';
import { repeatSeconds } from './idempotency.ts';
import { fingerprint, readTicket } from './ticket.ts';

/**
 * Seconds for which one request has a ticket to itself. Longer than a function can run (10 s), so whoever takes
 * over after it knows that the one before is dead, not slow.
 */
export const leaseSeconds = 20;

/** As much of a claimed ticket as its release needs. */
export interface HeldTicket {
  readonly challenge: { readonly idHash: string };
  readonly usedBy: string;
}

/** A ticket in use by one request. */
export interface TicketUse<P extends Purpose = Purpose> {
  readonly challenge: ClaimedChallenge<P>;
  /** Fingerprint of this request: the same one may come again at once and goes on where it stopped. */
  readonly usedBy: string;
  /** The id of the challenge, which only the claimant holds. */
  readonly idBytes: Buffer;
  /** This very request has spent it, and its answer was lost: only with an `Idempotency-Key`. */
  readonly done?: true;
}

type Needs = Pick<Ports, 'clock' | 'keys' | 'limits' | 'challenges'>;

/**
 * Takes a ticket into use for one request. A retry of that request (the function died, the answer was lost on
 * the way) resumes at once; a different request waits until the lease is over.
 * @param inputs what makes a request this one and no other
 * @param idempotencyKey with one, the request that spent the ticket gets its answer once more for ten minutes
 * @throws Problem ticket_invalid (foreign, expired, spent), or unavailable while another request has it
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
      if (now < spentAt(challenge) + repeatSeconds) return { challenge, ...use, done: true };
    }
    if (result.kind === 'busy') {
      throw new Problem('unavailable', { retryAfter: Math.max(1, result.until - now) });
    }
    throw new Problem('ticket_invalid');
  };

/** When it was spent, within the seconds that one request takes: when that took it into use. */
const spentAt = ({ inUseUntil = 0 }: Pick<ClaimedChallenge, 'inUseUntil'>): number =>
  inUseUntil - leaseSeconds;

/** Gives a ticket back after a refusal, so that nobody pays an SMS for a password that was not accepted. */
export const releaseTicket =
  ({ challenges }: Pick<Ports, 'challenges'>) =>
  async ({ challenge, usedBy }: HeldTicket, refusal: Problem): Promise<never> => {
    await challenges.releaseTicket(challenge.idHash, usedBy);
    throw refusal;
  };
