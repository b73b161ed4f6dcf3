import { type ClaimedChallenge, commitmentOf } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import type { Purpose } from '../model/purpose.ts';
import type { Ports } from '../ports/index.ts';
import { commitsTo } from './id.ts';
import { repeatSeconds } from './idempotency.ts';
import {
  endOfTicket,
  fingerprint,
  type ReadTicket,
  readTicket,
  type Verification,
} from './ticket.ts';

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
  /** How and when the challenge was verified, as the ticket's signature says. */
  readonly verification: Verification;
  /**
   * The same request has spent the ticket, and its answer was lost. Set only for requests with an
   * `Idempotency-Key`.
   */
  readonly done?: true;
}

type Needs = Pick<Ports, 'clock' | 'publicKeys' | 'limits' | 'challenges'>;

/**
 * Claims a ticket for one request (docs/decisions/0008). A retry of the same request, after a crash
 * or a lost answer, resumes at once. A different request waits until the lease ends.
 * @param inputs the fields that tell this request from any other, in a fixed order
 * @param idempotencyKey with it, the request that spent the ticket gets its answer again for ten
 *   minutes
 * The signature of the ticket is the proof. The status in the table only keeps it from being used
 * twice.
 * @throws Problem ticket_invalid (forged, foreign, expired, spent); unavailable while another request holds
 *   it
 */
export const claimTicket =
  ({ clock, publicKeys, limits, challenges }: Needs) =>
  async <P extends Purpose>(
    ticket: string,
    purpose: P,
    inputs: readonly string[],
    idempotencyKey?: string,
  ): Promise<TicketUse<P>> => {
    const now = clock();
    const read = await readTicket({ publicKeys })(ticket);
    if (!read || !isFor(read, purpose, now, limits)) throw new Problem('ticket_invalid');
    const { challengeId, method, at } = read;

    const key = idempotencyKey === undefined ? [] : [idempotencyKey];
    const usedBy = fingerprint(challengeId, ...inputs, ...key);
    const result = await challenges.claimTicket(challengeId.hash, {
      purpose,
      usedBy,
      now,
      until: now + leaseSeconds,
      maxUses: limits.usesPerTicket,
    });
    const use = { usedBy, idBytes: challengeId.bytes, verification: { method, at } };
    if ('challenge' in result) requireCommitment(read, result.challenge);
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

/** Whether the signed proof is for this purpose and recent enough. */
const isFor = (read: ReadTicket, purpose: Purpose, now: number, limits: Needs['limits']): boolean =>
  read.challengeId.purpose === purpose && endOfTicket(read, limits) > now;

/**
 * The proof is about the purpose, account and phone that the id commits to, and was made after the
 * challenge. A challenge whose fields were changed in the table since is refused.
 * @throws Problem ticket_invalid
 */
function requireCommitment({ challengeId, at }: ReadTicket, challenge: ClaimedChallenge): void {
  const genuine = commitsTo(challengeId, commitmentOf(challenge)) && at >= challenge.createdAt;
  if (!genuine) throw new Problem('ticket_invalid');
}

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
