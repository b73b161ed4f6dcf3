import type { Challenge, Delivery } from '../model/challenge.ts';

/*
 * The outbox holds the SMS that Hawiya still owes: codes and notices. Both are items with an `outbox` mark, both are
 * delivered by one sender, and both use the same writes. All instants are epoch seconds. A failed condition changes
 * nothing.
 */

/** The sends of one kind of item. */
export interface Outbox {
  /**
   * Records an attempt before the provider is called: from then on, the provider may have sent the SMS.
   * @param note `entry` as in {@link Challenge.asked}; `nonce` recognises our own retried write; `keyVersion`, of an SMS
   *   with a code, is the version of the code's key
   * @returns false if the send is no longer owed, a parallel delivery has recorded the same attempt, or the challenge's
   *   code has another key version
   */
  recordAttempt(
    id: string,
    sendNumber: number,
    note: { entry: string; nonce: string; keyVersion?: number | undefined },
  ): Promise<boolean>;
  /** Keeps the send in the outbox for another round, and writes the result of this one. */
  defer(id: string, sendNumber: number, outcome: Deferral): Promise<void>;
  /**
   * Clears the outbox mark of one send and writes its outcome, unless a receipt has already written one. With `decoy`,
   * turns the challenge into a decoy. The mark stays if `provider` has already reported the send as failed.
   * @returns whether this call settled the send
   */
  settle(id: string, sendNumber: number, outcome: Settlement): Promise<boolean>;
  /**
   * Writes a provider's receipt for a send that it accepted. A late, repeated or foreign receipt changes nothing.
   * `delivered` is final. `failed` puts the send of a live item back into the outbox, once for each provider and send.
   */
  recordReceipt(id: string, receipt: Receipt): Promise<void>;
}

/** The outcome of one send. */
export interface Settlement {
  readonly delivery: Exclude<Delivery, 'delivered'>;
  readonly provider?: string;
  /** The phone has no free slot, so the code must never verify. */
  readonly decoy?: true;
  /** The caller returns the send's units of phone and account, so its verified code must not return them again. */
  readonly unitsReturned?: true;
  /** Entries of attempts that certainly sent nothing. They are removed even if the send is no longer owed. */
  readonly removedAttempts?: readonly string[];
}

/** The result of a round after which the send is still owed. */
export interface Deferral {
  readonly round: number;
  /** Entries of attempts that certainly sent nothing. */
  readonly removedAttempts: readonly string[];
  /** Providers that will never accept this send. */
  readonly refusedBy: readonly string[];
  /** Epoch seconds at which a provider gave no definite answer. */
  readonly unansweredAt?: number;
}

/** A provider's report on one send that it accepted. */
export interface Receipt {
  readonly sendNumber: number;
  readonly provider: string;
  readonly delivery: Exclude<Delivery, 'sent'>;
  readonly now: number;
}
