import type { Challenge, ClaimedChallenge, Method, StoredChallenge } from '../model/challenge.ts';
import type { Charge, ChargedUnit } from '../model/ledger.ts';
import type { Purpose } from '../model/purpose.ts';
import type { ReviewedPhones } from '../model/review-number.ts';
import type { RefusedCharge } from './ledger-store.ts';
import type { Outbox } from './outbox.ts';

/** A request that claims a ticket. Instants: epoch seconds. */
export interface TicketRequest<P extends Purpose> {
  readonly purpose: P;
  /** Fingerprint of the request. */
  readonly usedBy: string;
  readonly now: number;
  /** The end of the lease. */
  readonly until: number;
  readonly maxUses: number;
}

export type TicketAnswer<P extends Purpose> =
  | { readonly kind: 'claimed'; readonly challenge: ClaimedChallenge<P> }
  /** Another request holds the ticket until then. */
  | { readonly kind: 'busy'; readonly until: number }
  /** This same request has spent it. */
  | { readonly kind: 'done'; readonly challenge: ClaimedChallenge<P> }
  | { readonly kind: 'refused' };

/** All instants are epoch seconds; all writes are conditional, and a condition that fails changes nothing. */
export interface ChallengeStore extends Outbox {
  /**
   * Stores a new challenge, takes the charges and gives back what was taken before, all or nothing. `exists`: a twin of
   * the same keyed request was faster.
   */
  start(
    challenge: Challenge,
    charges: Charge[],
    now: number,
    returned?: ChargedUnit,
  ): Promise<{ kind: 'started' } | { kind: 'exists' } | RefusedCharge>;
  find(idHash: string): Promise<StoredChallenge | undefined>;
  /** Marks the next send as owed, if the challenge still is as it was read, and takes the charges. */
  send(
    read: Challenge,
    next: { sendAgainAt: number; expiresAt: number },
    charges: Charge[],
    now: number,
  ): Promise<{ kind: 'sent' } | { kind: 'stale' } | RefusedCharge>;
  /**
   * `pending` → `verified`, if the code was right, and the challenge is live, maybe sent and no decoy, and of one of
   * `reviewed` where that is said. `nonce` recognises our own retried write, and a keyed request that comes again: `before`,
   * and its ticket lives as long as it did.
   */
  verify(
    idHash: string,
    at: {
      right: boolean;
      reviewed?: ReviewedPhones;
      now: number;
      ticketExpiresAt: number;
      maxAttempts: number;
      nonce: string;
    },
  ): Promise<
    | { kind: 'verified'; ticketExpiresAt: number; before?: true }
    | { kind: 'unchanged'; challenge: StoredChallenge | undefined }
  >;
  /** Takes one of the times that a verified challenge may be asked again for the ticket it gave. */
  countRepetition(
    idHash: string,
    at: { now: number; max: number },
  ): Promise<{ kind: 'counted' } | { kind: 'refused' }>;
  /**
   * Takes one attempt, if the challenge is live, and may be answered by `method` where one is named. The challenge that
   * comes back has it counted.
   */
  countAttempt(
    idHash: string,
    at: { now: number; maxAttempts: number; method?: Method },
  ): Promise<
    | { kind: 'counted'; challenge: Challenge }
    | { kind: 'unchanged'; challenge: StoredChallenge | undefined }
  >;
  /** `verified` → `in-use` by one request; the same request may come again, another once the lease is over. */
  claimTicket<P extends Purpose>(
    idHash: string,
    request: TicketRequest<P>,
  ): Promise<TicketAnswer<P>>;
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
  /**
   * `verified` → `spent` by one request, of a transaction of that relying service. The same request finds it so for
   * `repeatSeconds`; for every other, and of whatever else, it is refused.
   */
  redeemTicket(
    idHash: string,
    use: { service: string; usedBy: string; now: number; repeatSeconds: number },
  ): Promise<
    { kind: 'redeemed'; challenge: ClaimedChallenge<'transaction'> } | { kind: 'refused' }
  >;
  /** `in-use` → `spent`, if this request has it. */
  spendTicket(idHash: string, usedBy: string): Promise<{ kind: 'spent' } | { kind: 'lost' }>;
}
