import type {
  Account,
  AccountChange,
  AccountClaim,
  ClaimResult,
  PhoneHold,
  PhoneMove,
} from '../model/account.ts';
import type { PhoneSlots } from '../model/phone-slots.ts';
import type { Records } from '../model/records.ts';
import type { SecondFactorStore } from './second-factor-store.ts';

/** A ticket in use, and the fingerprint of the request that holds it. */
export interface TicketHold {
  readonly idHash: string;
  readonly usedBy: string;
}

/** Proof that the claimant holds the phone to which a code was sent. */
export interface PhoneProof {
  readonly phoneTag: string;
  /** The ticket to spend with the change, if any. */
  readonly ticket?: TicketHold;
  /** The ticket that may write the records only once, however often it is used. */
  readonly notifiedBy?: TicketHold;
}

/** What changes with the return of a former phone. Instants: epoch seconds. */
export interface PhoneRestoration {
  readonly now: number;
  readonly sessionsValidFrom: number;
  /** Removes the authenticator app and the recovery codes, which may be a thief's. */
  readonly dropsFactors: boolean;
}

/** Accounts, with the national IDs and phone slots that they hold. Instants are epoch seconds. */
export interface AccountStore extends SecondFactorStore {
  find(usernameTag: string): Promise<Account | undefined>;
  /** The tag of the username whose account has this national ID. */
  usernameTagOf(identityTag: string): Promise<string | undefined>;
  /**
   * Claims username, national ID and a slot on the phone provisionally, in one transaction. A full phone answers
   * `phone-full`, whether or not username and national ID are taken.
   */
  claim(claim: AccountClaim, now: number): Promise<ClaimResult>;
  /** Makes a claim permanent, writes the records and spends the claim's ticket, in one transaction. */
  activate(
    claim: AccountClaim,
    by: { usedBy: string; userId: string },
    records: Partial<Records>,
  ): Promise<{ kind: 'activated' } | { kind: 'lost' }>;
  /**
   * Gives an account another user of the directory and keeps the id of the previous one. A closing account becomes
   * active again. `gone`: since the account was read, its national ID or its user has changed. `bound` is also the result
   * if a parallel request made the same change.
   */
  bindUser(
    of: Pick<Account, 'usernameTag' | 'identityTag' | 'userId'>,
    userId: string,
  ): Promise<{ kind: 'bound' } | { kind: 'gone' }>;
  /**
   * Changes an active account, writes the records and spends the ticket of the proof, in one transaction.
   * - `gone`: the account is no longer active or has another user, or its phone is not the proved one. On the authority
   *   of a session also: sessions were ended since the account was read.
   * - `lost`: another request holds the ticket.
   * - `told`: nothing was changed, because the records were already written with this ticket.
   */
  change(
    of: Pick<Account, 'usernameTag' | 'status' | 'userId' | 'sessionsValidFrom' | 'exceptSession'>,
    change: AccountChange,
    records: Partial<Records>,
    authority?: 'session' | PhoneProof,
  ): Promise<{ kind: 'changed' } | { kind: 'gone' } | { kind: 'lost' } | { kind: 'told' }>;
  /**
   * Moves an active account and its slot to another phone, writes the records and spends the ticket, in one transaction.
   * During a hold the account keeps a slot on its former phone, which lapses with the hold.
   * - `gone`: since the account was read, it was closed, its user or phone changed, or its sessions were ended.
   * - `lost`: another request holds the ticket.
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
   * Undoes a change of phone while the new phone is held: phone and slot, the end of all sessions, the records and the
   * ticket, in one transaction. The hold's end stays.
   * - `gone`: since the account was read, it was closed, or its user, phone, hold or second factors changed; or the hold
   *   is over.
   * - `lost`: another request holds the ticket, or has spent it.
   */
  restorePhone(
    of: Account & PhoneHold,
    change: PhoneRestoration,
    records: Partial<Records>,
    ticket: TicketHold,
  ): Promise<{ kind: 'restored' } | { kind: 'gone' } | { kind: 'lost' }>;
  /**
   * Marks an active account as closing. `closing` is also the result if a
   * parallel request has marked it. `gone`: since the account was read, its user or phone changed or its sessions were
   * ended; or its phone is held.
   */
  beginClosing(of: Account, now: number): Promise<{ kind: 'closing' } | { kind: 'gone' }>;
  /**
   * Deletes a closing account with its national ID, its phone slot and the session that closes it. Writes the records
   * and spends the ticket in the same transaction. `gone`: the account is no longer closing, or its user or phone has
   * changed. `lost`: another request holds the ticket.
   */
  close(
    of: Account,
    sessionId: string,
    records: Partial<Records>,
    ticket: TicketHold,
  ): Promise<{ kind: 'closed' } | { kind: 'gone' } | { kind: 'lost' }>;
  /** Reads the taken slots of a phone. Creates the phone's record if there is none. */
  openSlots(phoneTag: string): Promise<PhoneSlots>;
  /** Removes lapsed slots, unless one of them has changed since it was read. */
  pruneSlots(phoneTag: string, lapsed: PhoneSlots): Promise<void>;
}
