import type { Challenge, Delivery } from '../model/challenge.ts';

/*
 * What is owed by SMS: codes and notices. Both are items with an `outbox` mark, both are delivered by one sender, and the
 * writes about a send are the same. All instants are epoch seconds; a condition that fails changes nothing.
 */

/** The sends of one kind of item. */
export interface Outbox {
  /**
   * Notes, before a provider is asked to deliver a send, that it may have it from now on.
   * @param note `entry` as in {@link Challenge.asked}; `nonce` recognises our own retried write
   * @returns false where the send is no longer owed, or somebody else has made this note
   */
  recordAttempt(
    id: string,
    sendNumber: number,
    note: { entry: string; nonce: string },
  ): Promise<boolean>;
  /** Leaves the send owed, for another round. */
  defer(id: string, sendNumber: number, outcome: Deferral): Promise<void>;
  /**
   * Clears the outbox mark of one send and says what became of it, unless a receipt was faster; makes a
   * challenge a decoy where its phone was full. The mark stays where `provider` has reported failure already.
   * @returns whether it was this call that settled it
   */
  settle(id: string, sendNumber: number, outcome: Settlement): Promise<boolean>;
  /**
   * What a provider reports of a send it took. A late, repeated or foreign receipt changes nothing; `delivered` is
   * final. `failed` while the item lives puts the send back into the outbox, once a provider and send.
   */
  recordReceipt(id: string, receipt: Receipt): Promise<void>;
}

/** What became of one send the outbox owed. */
export interface Settlement {
  readonly delivery: Exclude<Delivery, 'delivered'>;
  readonly provider?: string;
  readonly decoy?: true;
  /** Notes of providers that said no: they go, whether or not the send is still owed. */
  readonly removedAttempts?: readonly string[];
}

/** What is written between two rounds. */
export interface Deferral {
  readonly round: number;
  readonly removedAttempts: readonly string[];
  /** Providers that will never take this send. */
  readonly refusedBy: readonly string[];
  /** Epoch seconds, where a provider said nothing. */
  readonly unansweredAt?: number;
}

/** A provider's word on one send it took. */
export interface Receipt {
  readonly sendNumber: number;
  readonly provider: string;
  readonly delivery: Exclude<Delivery, 'sent'>;
  readonly now: number;
}
