import type {
  Account,
  AccountChange,
  AccountClaim,
  ClaimResult,
  PhoneMove,
} from '../model/account.ts';
import type { PhoneSlots } from '../model/phone-slots.ts';
import type { Records } from '../model/records.ts';
import type { SecondFactorStore } from './second-factor-store.ts';

/** A ticket, and the fingerprint of the request that has it. */
export interface TicketHold {
  readonly idHash: string;
  readonly usedBy: string;
}

/** That whoever asks has the phone a code went to. */
export interface PhoneProof {
  readonly phoneTag: string;
  /** Where it is to be spent. */
  readonly ticket?: TicketHold;
  /** Where the records are written once a ticket, however often it is used. */
  readonly toldBy?: TicketHold;
}

export interface AccountStore extends SecondFactorStore {
  find(usernameTag: string): Promise<Account | undefined>;
  /** Claims username, national ID and a place on the phone, provisionally, all or nothing. */
  claim(claim: AccountClaim, now: number): Promise<ClaimResult>;
  /** Makes a claim permanent, writes what tells of it and spends the ticket that made it, all or nothing. */
  activate(
    claim: AccountClaim,
    by: { usedBy: string; userId: string },
    records: Partial<Records>,
  ): Promise<{ kind: 'activated' } | { kind: 'lost' }>;
  /**
   * Gives an account another user of the directory and keeps the id of the one before; one that was closing is active
   * again. `gone`: it is not the person's or not the user's any more that it was read with, so whoever it is now keeps
   * theirs. A twin's binding is as good as one's own.
   */
  bindUser(
    of: Pick<Account, 'usernameTag' | 'identityTag' | 'userId'>,
    userId: string,
  ): Promise<{ kind: 'bound' } | { kind: 'gone' }>;
  /**
   * Changes an active account, writes what tells of it, and spends the ticket it was asked for with, all or nothing.
   * `gone`: it is no such account any more, not on the phone that was proved, or, on the authority of a session, sessions
   * were ended since it was read. `lost`: another request has the ticket. `told`: nothing was changed, for the records
   * were written with this ticket before.
   */
  change(
    of: Pick<Account, 'usernameTag' | 'userId' | 'sessionsValidFrom' | 'exceptSession'>,
    change: AccountChange,
    records: Partial<Records>,
    authority?: 'session' | PhoneProof,
  ): Promise<{ kind: 'changed' } | { kind: 'gone' } | { kind: 'lost' } | { kind: 'told' }>;
  /**
   * Moves an active account to another phone: its seal, its place, what tells of it and the ticket, all or nothing.
   * `gone`: it is no such account any more, or not on the phone it was read with. `lost`: another request has the ticket.
   */
  movePhone(
    of: Account,
    to: PhoneMove & { readonly accountsPerPhone: number },
    records: Partial<Records>,
    ticket: TicketHold,
  ): Promise<
    | { kind: 'moved' }
    | { kind: 'gone' }
    | { kind: 'lost' }
    | { kind: 'phone-full'; slots: PhoneSlots }
  >;
  /**
   * Makes an active account one that is closing, and writes what tells of it. A twin finds it so and may go on.
   * `gone`: it is no such account any more, not on the phone it was read with, or its phone is held.
   * @param now epoch seconds
   */
  beginClosing(
    of: Account,
    records: Partial<Records>,
    now: number,
  ): Promise<{ kind: 'closing' } | { kind: 'gone' }>;
  /**
   * Deletes an account that is closing, its identity and the session it is closed from, gives its place back, writes
   * what tells of it and spends the ticket, all or nothing.
   */
  close(
    of: Account,
    sessionId: string,
    records: Partial<Records>,
    ticket: TicketHold,
  ): Promise<{ kind: 'closed' } | { kind: 'gone' } | { kind: 'lost' }>;
  /** The places taken on a phone; makes the record of a phone that has none. */
  openSlots(phoneTag: string): Promise<PhoneSlots>;
  /** Takes lapsed places away, if they still are as they were read. */
  pruneSlots(phoneTag: string, lapsed: PhoneSlots): Promise<void>;
}
