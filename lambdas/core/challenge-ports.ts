import type { Challenge, Method, Purpose } from './engine/challenge.ts';
import type { Charge, Taken } from './engine/ledger.ts';
import type { Outbox } from './outbox-ports.ts';
import type { Refused } from './ports.ts';

/** All instants are epoch seconds; all writes are conditional, and a condition that fails changes nothing. */
export interface ChallengeStore extends Outbox {
  /** Stores a new challenge, takes the charges and gives back what was taken before, all or nothing. */
  start(
    challenge: Challenge,
    charges: Charge[],
    now: number,
    returned?: Taken,
  ): Promise<{ kind: 'started' } | Refused>;
  find(idHash: string): Promise<Challenge | undefined>;
  /** Marks the next send as owed, if the challenge still is as it was read, and takes the charges. */
  send(
    read: Challenge,
    next: { sendAgainAt: number; expiresAt: number },
    charges: Charge[],
    now: number,
  ): Promise<{ kind: 'sent' } | { kind: 'stale' } | Refused>;
  /**
   * `pending` → `verified`, if the code was right, and the challenge is live, maybe sent and no decoy. `nonce`
   * recognises our own retried write.
   */
  verify(
    idHash: string,
    at: {
      right: boolean;
      now: number;
      ticketExpiresAt: number;
      maxAttempts: number;
      nonce: string;
    },
  ): Promise<{ kind: 'verified' } | { kind: 'unchanged'; challenge: Challenge | undefined }>;
  /**
   * Takes one attempt, if the challenge is live, and may be answered by `method` where one is named. The challenge that
   * comes back has it counted.
   */
  countAttempt(
    idHash: string,
    at: { now: number; maxAttempts: number; method?: Method },
  ): Promise<
    | { kind: 'counted'; challenge: Challenge }
    | { kind: 'unchanged'; challenge: Challenge | undefined }
  >;
  /** `verified` → `in-use` by one request; the same request may come again, another once the lease is over. */
  claimTicket(
    idHash: string,
    use: { purpose: Purpose; usedBy: string; now: number; until: number; maxUses: number },
  ): Promise<
    | { kind: 'claimed'; challenge: Challenge }
    | { kind: 'busy'; until: number }
    | { kind: 'refused' }
  >;
  /**
   * Takes one attempt of a ticket in use by this request, for what it is asked besides the SMS. `refused`: none is left, or
   * somebody else has it.
   */
  countTicketAttempt(
    idHash: string,
    at: { usedBy: string; maxAttempts: number },
  ): Promise<{ kind: 'counted'; challenge: Challenge } | { kind: 'refused' }>;
  /** `in-use` → `verified`, if this request has it: what it asked for was refused. */
  releaseTicket(idHash: string, usedBy: string): Promise<void>;
  /** Marks a verified code as counted: once, for stream records come again, and never before it was verified. */
  countVerified(
    idHash: string,
  ): Promise<{ kind: 'counted'; challenge: Challenge } | { kind: 'counted-before' }>;
  /** `in-use` → `spent`, if this request has it. */
  spendTicket(idHash: string, usedBy: string): Promise<{ kind: 'spent' } | { kind: 'lost' }>;
}
