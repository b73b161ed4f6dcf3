import type { Account, AccountClaim, ClaimResult, Places } from './account.ts';
import type { Keyring } from './crypto/keyring.ts';
import type { Challenge, Delivery, Purpose } from './engine/challenge.ts';
import type { Charge, LedgerCounts, LedgerKey } from './engine/ledger.ts';
import type { Spending } from './engine/spending.ts';
import type { Limits } from './limits.ts';
import type { BreakerStore, SpendStore } from './money-ports.ts';

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
  /** Marks a verified code as counted. @returns false where it was already: stream records come again */
  countVerified(idHash: string): Promise<boolean>;
  /** `in-use` → `spent`, if this request has it. */
  spendTicket(idHash: string, usedBy: string): Promise<{ kind: 'spent' } | { kind: 'lost' }>;
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
}

/** A provider's word on one send it took. */
export interface Receipt {
  readonly sendNumber: number;
  readonly provider: string;
  readonly delivery: Exclude<Delivery, 'sent'>;
  readonly now: number;
}

/** Counters that outlive every challenge, in fixed windows. */
export interface LedgerStore {
  charge(charge: Charge, now: number): Promise<{ kind: 'charged' } | Refused>;
  /** Counts a wrong code. Never refused: it must count even when the budget is gone. */
  recordFailure(ledger: LedgerKey, now: number): Promise<void>;
}

export interface AccountStore {
  find(usernameTag: string): Promise<Account | undefined>;
  /** Claims username, national ID and a place on the phone, provisionally, all or nothing. */
  claim(claim: AccountClaim, now: number): Promise<ClaimResult>;
  /** Makes a claim permanent and spends the ticket that made it, all or nothing. */
  activate(
    claim: AccountClaim,
    by: { usedBy: string; userId: string },
  ): Promise<{ kind: 'activated' } | { kind: 'lost' }>;
  /** Gives an active account another user of the directory. */
  bindUser(usernameTag: string, userId: string): Promise<{ kind: 'bound' } | { kind: 'gone' }>;
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

/** Users and their passwords. Usernames are in lower case, passwords normalised. */
export interface UserAdministration {
  /** Creates a user, or finds the one that an unfinished registration left. `taken`: it is somebody else's. */
  createUser(username: string): Promise<{ kind: 'created'; userId: string } | { kind: 'taken' }>;
  setPassword(
    username: string,
    password: string,
  ): Promise<{ kind: 'set' } | { kind: 'rejected' } | { kind: 'unknown' }>;
  /** Ends every refresh token; access tokens live out their minutes. */
  signOutEverywhere(username: string): Promise<void>;
}

/** Where tokens come from. Usernames are in lower case, passwords normalised. */
export interface SessionDirectory {
  authenticate(
    username: string,
    password: string,
  ): Promise<{ kind: 'authenticated'; tokens: Tokens } | { kind: 'rejected' }>;
  /** Exchanges a refresh token for fresh tokens, a new refresh token among them. */
  refresh(
    refreshToken: string,
  ): Promise<{ kind: 'refreshed'; tokens: Tokens } | { kind: 'rejected' }>;
  /** Ends a session. Unknown tokens are no error: whoever calls wants it over, and it is. */
  revoke(refreshToken: string): Promise<{ kind: 'revoked' } | { kind: 'not-a-refresh-token' }>;
}

export interface SmsMessage {
  /** E.164 */
  readonly phone: string;
  readonly body: string;
  /** `<idHash>.<n>`: challenge and number of the send, which is what a delivery receipt names. */
  readonly reference: string;
  /** 1 for the first send of a challenge: later ones start with another provider. */
  readonly sendNumber: number;
  /** Epoch seconds from which on nobody may be asked to send it: the code in it is dead. */
  readonly until: number;
  /** Providers that reported this very send undelivered: they are not asked again. */
  readonly avoid?: readonly string[];
}

export type SmsAnswer =
  | { readonly kind: 'accepted'; readonly provider: string }
  | { readonly kind: 'refused' };

export interface SmsGateway {
  /**
   * @returns `refused` where this phone will never get it (opted out, no such number)
   * @throws whatever else the provider said, without phone and body; the outbox tries again
   */
  send(message: SmsMessage): Promise<SmsAnswer>;
}

/** Everything the rules need from outside. A use case takes the part it uses: `Pick<Ports, 'clock' | …>`. */
export interface Ports {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly keys: Keys;
  readonly limits: Limits;
  readonly challenges: ChallengeStore;
  readonly ledgers: LedgerStore;
  readonly accounts: AccountStore;
  readonly users: UserAdministration;
  readonly sessions: SessionDirectory;
  readonly sms: SmsGateway;
  readonly spendings: SpendStore;
  readonly breakers: BreakerStore;
  /** What SMS may cost. */
  readonly spending: Spending;
  /** Host the SMS binds its code to. */
  readonly portalHost: string;
  readonly termsVersion: string;
}
