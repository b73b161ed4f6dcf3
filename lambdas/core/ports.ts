import type {
  Account,
  AccountChange,
  AccountClaim,
  ClaimResult,
  PhoneMove,
  Places,
} from './account.ts';
import type { ChallengeStore } from './challenge-ports.ts';
import type { Keyring } from './crypto/keyring.ts';
import type { Charge, LedgerCounts, LedgerKey } from './engine/ledger.ts';
import type { ReviewNumber } from './engine/review-numbers.ts';
import type { Spending, SpendScope } from './engine/spending.ts';
import type { Limits } from './limits.ts';
import type { BreakerStore, SpendStore } from './money-ports.ts';
import type { NoticeStore } from './outbox-ports.ts';
import type { EventStore, Records } from './records.ts';
import type { SecondFactorStore } from './second-factor-ports.ts';
import type { DeviceStore, SessionLimits, SessionStore } from './session-ports.ts';
import type { RetryQueue, SmsRoutes } from './sms-ports.ts';

/** @returns epoch seconds, whole */
export type Clock = () => number;

/** @returns that many bytes from a CSPRNG */
export type Entropy = (bytes: number) => Buffer;

/**
 * @param version a version the keyring should hold; an unknown one makes the adapter read the secret again,
 *   at most once a second, because ids come from strangers
 * @returns the keyring; it may still lack that version
 */
export type Keys = (version?: number) => Promise<Keyring>;

/** A charge that found its budget full, and what the ledger held. */
export interface Refused {
  readonly kind: 'refused';
  readonly charge: Charge;
  readonly counts: LedgerCounts;
}

/** Counters that outlive every challenge, in fixed windows. */
export interface LedgerStore {
  charge(charge: Charge, now: number): Promise<{ kind: 'charged' } | Refused>;
  /**
   * Takes back the send that a charge counted, never below none. Once a charge: it cannot know of an earlier time.
   * @param chargedAt the instant the charge was made, whose window and part it is taken from
   */
  giveBack(charge: Charge, chargedAt: number): Promise<void>;
  /**
   * Takes what a verified code makes up for off the unverified sends; below none, for others may go on with it: the
   * sends themselves have a budget too. Once a code: it cannot know of an earlier time.
   * @param startedAt the instant of the start that was verified, whose window it is taken from
   */
  creditVerified(ledger: LedgerKey, amount: number, startedAt: number): Promise<void>;
  /** What a ledger holds, as it stands now. */
  counts(ledger: LedgerKey, now: number): Promise<LedgerCounts>;
  /** Counts a wrong code. Never refused: it must count even when the budget is gone. */
  recordFailure(ledger: LedgerKey, now: number): Promise<void>;
  /** Counts a wrong code of the whole service or of a prefix. @returns the counts with it, each given out once */
  recordGuess(of: SpendScope, now: number): Promise<{ thisHour: number; today: number }>;
}

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
    { kind: 'moved' } | { kind: 'gone' } | { kind: 'lost' } | { kind: 'phone-full'; places: Places }
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
  openPlaces(phoneTag: string): Promise<Places>;
  /** Takes lapsed places away, if they still are as they were read. */
  prunePlaces(phoneTag: string, lapsed: Places): Promise<void>;
}

export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
  /** Seconds the access token lives. */
  readonly expiresIn: number;
}

/** What a client gets of a session: the refresh token is ours. */
export interface SessionTokens extends Tokens {
  /** When the session ends at the latest, however often it is refreshed. Epoch seconds. */
  readonly sessionExpiresAt: number;
}

/** Users and their passwords. Usernames are in lower case, passwords normalised. */
export interface UserAdministration {
  /** Creates a user, or finds the one that an unfinished registration left. `taken`: it is somebody else's. */
  createUser(username: string): Promise<{ kind: 'created'; userId: string } | { kind: 'taken' }>;
  /** @param userId not the username: that may be somebody else's by the time a slow request gets here */
  setPassword(
    userId: string,
    password: string,
  ): Promise<{ kind: 'set' } | { kind: 'rejected' } | { kind: 'unknown' }>;
  /** Ends every refresh token; access tokens live out their minutes. */
  signOutEverywhere(userId: string): Promise<void>;
  /** Deletes a user for good; one that is not there is no error. */
  deleteUser(userId: string): Promise<void>;
}

/** Where tokens come from. Usernames are in lower case, passwords normalised. */
export interface SessionDirectory {
  authenticate(
    username: string,
    password: string,
  ): Promise<{ kind: 'authenticated'; tokens: Tokens } | { kind: 'rejected' }>;
  /** Exchanges a refresh token for a fresh access and ID token; it stays good itself. */
  refresh(
    refreshToken: string,
  ): Promise<{ kind: 'refreshed'; tokens: Tokens } | { kind: 'rejected' }>;
  /** Ends a session. Unknown tokens are no error: whoever calls wants it over, and it is. */
  revoke(refreshToken: string): Promise<void>;
}

/** Everything the rules need from outside. A use case takes the part it uses: `Pick<Ports, 'clock' | …>`. */
export interface Ports {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly keys: Keys;
  readonly limits: Limits;
  readonly sessionLimits: SessionLimits;
  readonly challenges: ChallengeStore;
  readonly notices: NoticeStore;
  readonly ledgers: LedgerStore;
  readonly accounts: AccountStore;
  readonly users: UserAdministration;
  readonly sessions: SessionDirectory;
  readonly sessionStore: SessionStore;
  readonly devices: DeviceStore;
  readonly events: EventStore;
  readonly sms: SmsRoutes;
  readonly retries: RetryQueue;
  readonly spendings: SpendStore;
  readonly breakers: BreakerStore;
  /** What SMS may cost. */
  readonly spending: Spending;
  /** Host the SMS binds its code to. */
  readonly portalHost: string;
  /** Numbers of those who review apps for their stores; mostly none. */
  readonly reviewNumbers: readonly ReviewNumber[];
  readonly termsVersion: string;
}
