import type { Challenge, Delivery, Purpose } from './engine/challenge.ts';
import type { Charge } from './engine/ledger.ts';
import type { Refused } from './ports.ts';

/** All instants are epoch seconds; all writes are conditional, and a condition that fails changes nothing. */
export interface ChallengeStore {
  /** Stores a new challenge and takes the charges, all or nothing. */
  start(
    challenge: Challenge,
    charges: Charge[],
    now: number,
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
   * `pending` → `verified`, if the code was right, and the challenge is live, handed over and no decoy. `nonce`
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
  /** Takes one attempt, if the challenge is live. The challenge that comes back has it counted. */
  countAttempt(
    idHash: string,
    at: { now: number; maxAttempts: number },
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
  /** `in-use` → `verified`, if this request has it: what it asked for was refused. */
  releaseTicket(idHash: string, usedBy: string): Promise<void>;
  /** Marks a verified code as counted: once, for stream records come again, and never before it was verified. */
  countVerified(
    idHash: string,
  ): Promise<{ kind: 'counted'; challenge: Challenge } | { kind: 'counted-before' }>;
  /** `in-use` → `spent`, if this request has it. */
  spendTicket(idHash: string, usedBy: string): Promise<{ kind: 'spent' } | { kind: 'lost' }>;
  /**
   * Notes, before a provider is asked to deliver a send, that it may have it from now on.
   * @param note `was`: as it was read, or last written; `nonce` recognises our own retried write
   * @returns false where the send is no longer owed, or somebody else has noted something
   */
  ask(
    idHash: string,
    sendNumber: number,
    note: { was: readonly string[]; asked: readonly string[]; nonce: string },
  ): Promise<boolean>;
  /** Leaves the send owed, for another round. Who receipts a delivery meanwhile knows better. */
  defer(idHash: string, sendNumber: number, outcome: Deferral): Promise<void>;
  /**
   * Clears the outbox mark of one send and says what became of it, unless a receipt was faster; makes the
   * challenge a decoy where its phone was full. The mark stays where `provider` has reported failure already.
   */
  settle(idHash: string, sendNumber: number, outcome: Settlement): Promise<void>;
  /**
   * What a provider reports of a send it took. A late, repeated or foreign receipt changes nothing; `delivered` is
   * final. `failed` while the code lives puts the send back into the outbox, once a provider and send.
   */
  recordReceipt(idHash: string, receipt: Receipt): Promise<void>;
}

/** What became of one send the outbox owed. */
export interface Settlement {
  readonly delivery: Exclude<Delivery, 'delivered'>;
  readonly provider?: string;
  readonly decoy?: true;
  /** What is sure once providers have answered that it was not taken: who may have it. */
  readonly certainty?: Certainty;
}

export interface Certainty {
  /** Providers that may have it. */
  readonly asked: readonly string[];
  /** Whether any SMS of the challenge may be out. */
  readonly handedOver: boolean;
}

export interface Deferral extends Certainty {
  readonly round: number;
}

/** A provider's word on one send it took. */
export interface Receipt {
  readonly sendNumber: number;
  readonly provider: string;
  readonly delivery: Exclude<Delivery, 'sent'>;
  readonly now: number;
}
