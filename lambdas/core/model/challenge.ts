import type { Language } from '../values/language.ts';
import type { Limits } from './limits.ts';
import { Problem } from './problems.ts';
import type { Purpose } from './purpose.ts';
import type { FactorMethod } from './second-factor.ts';

/*
 * A challenge is one secret sent to one phone for one purpose (NIST SP 800-63B-4 §3.1.3). The stored item is flat, and its
 * type is composed of parts: identity, schedule, delivery, ticket, and what its purpose adds. All instants are epoch seconds.
 */

/** How a challenge can be answered (NIST SP 800-63B-4 §3.1.2, §3.1.3, §3.1.4). */
export type Method = 'sms' | FactorMethod;

/** `sent`: a provider accepted it. Only providers with receipts report `delivered`, and `delivered` is final. */
export type Delivery = 'sent' | 'delivered' | 'failed';

interface ChallengeIdentity {
  /** `<purpose>.<base64url SHA-256 of the id>`, the item's key. Only the claimant holds the id itself. */
  readonly idHash: string;
  readonly language: Language;
  /** A decoy looks like any other challenge, and its code never verifies. */
  readonly decoy: boolean;
  /** Sealed E.164 number, context `phone:<phoneTag>`. */
  readonly phone: string;
  readonly phoneTag: string;
  /** Sealed mask of the account's username (`shown-name.ts`), where an SMS of its purpose may show it. */
  readonly shownName?: string;
  readonly createdAt: number;
}

interface ChallengeCounters {
  /** Wrong codes so far. */
  readonly attempts: number;
  readonly sends: number;
  /** Requests that claimed the ticket so far. */
  readonly uses: number;
}

/** A unit that an address was charged for an SMS. */
export interface AddressUnit {
  /** Tag of the address. */
  readonly tag: string;
  readonly at: number;
}

/** What a challenge has taken from ledgers. A verified code gives it back (docs/decisions/0046). */
interface ChallengeCharges {
  /** When each send took its units of phone and account: `send1`, `send2`. */
  readonly sentAt: Readonly<Record<string, number>>;
  /** The units that its start and its sends took from addresses. */
  readonly addressUnits: readonly AddressUnit[];
}

/** The key of a send in `sentAt`. A path in an update may not begin with a digit. */
export const sendKey = (sendNumber: number): string => `${sendPrefix}${sendNumber}`;
const sendPrefix = 'send';

/** The numbers of the sends whose units are not returned yet. */
export const chargedSends = ({ sentAt }: ChallengeCharges): number[] =>
  Object.keys(sentAt).map((key) => Number(key.slice(sendPrefix.length)));

interface ChallengeSchedule {
  /** The first send must happen before this instant. */
  readonly sendBy: number;
  /** The code verifies until this instant. It is absent before the first send, and a resend does not move it. */
  readonly expiresAt?: number;
  readonly sendAgainAt?: number;
  /** Version of the key that its code is derived with. The sender writes it with the first attempt, and resends keep it. */
  readonly keyVersion?: number;
}

/** What is known of the newest send of an item in the outbox: a challenge or a notice. */
export interface SendState {
  /** Number of the send that the outbox still owes. It is absent once that send is settled. */
  readonly outbox?: number;
  /** Absent while the outbox owes the send. */
  readonly delivery?: Delivery;
  /** The provider that accepted the newest send. Only its receipts count. */
  readonly provider?: string;
  /** Providers that accepted the newest send and then reported it undelivered. The send goes out through others. */
  readonly failedBy?: readonly string[];
  /**
   * The attempts that may have put a send out: `1.sns.1` is SNS, asked for the first send the first time. An attempt is
   * recorded before the provider is asked, and removed after a refusal. The code verifies only while an attempt is recorded.
   */
  readonly asked?: ReadonlySet<string>;
  /** Rounds through all providers for the newest send, where there was more than one. */
  readonly round?: number;
  /** The last instant at which a provider gave no answer for the newest send. */
  readonly unansweredAt?: number;
}

/** Tells whether an SMS of a send may be out. */
export const mayBeOut = ({ asked = new Set() }: SendState, sendNumber: number): boolean =>
  [...asked].some((entry) => entry.startsWith(`${sendNumber}.`));

/** What a verification leaves behind. */
interface Verification {
  readonly ticketExpiresAt: number;
  /** The later end of a ticket that was extended. */
  readonly extendedUntil?: number;
  /** Recognises the call that verified the challenge. A keyed request has the same value when it is repeated. */
  readonly verifiedBy: string;
  /** The method that verified the challenge, where that was not the SMS. */
  readonly verifiedWith?: FactorMethod;
}

/** The request that holds, or spent, the ticket. */
interface TicketClaim {
  /** Fingerprint of that request. */
  readonly usedBy: string;
  /** No other request may take the ticket over before this instant. A redeemed transaction has none. */
  readonly inUseUntil?: number;
}

/**
 * `pending` → `verified` → `in-use` → `spent`. Expired and locked are no statuses: they follow from the clock and from the
 * attempts, so no job has to expire a challenge.
 */
type TicketState =
  | { readonly status: 'pending' }
  | ({ readonly status: 'verified' } & Verification)
  | ({ readonly status: 'in-use' } & Verification & TicketClaim)
  | ({ readonly status: 'spent' } & Verification & TicketClaim);

/** What the id of a challenge commits to. Changing one of these fields in the table makes its ticket invalid. */
export interface Commitment {
  readonly purpose: Purpose;
  /** Absent where the purpose concerns no account. */
  readonly accountTag?: string | undefined;
  readonly phoneTag: string;
}

/** What every purpose with an account stores. */
export interface AccountSubject {
  /** Tag of the account's username. A reset of an unknown pair has the tag of the typed pair. */
  readonly accountTag: string;
  /** Tag of the account's ledgers. The ledgers of a login belong to one password. */
  readonly ledgerTag: string;
}

/** What every purpose with a caller-chosen phone stores. */
export interface AddressSubject {
  /** Ledger of the caller's address. A verified code is credited to it. */
  readonly addressTag: string;
  /** The instant at which the money for the newest send was reserved. A review number has none. */
  readonly reservedAt?: number;
}

/** The directory's user of a session's account. */
export interface UserSubject {
  readonly userId: string;
}

export interface RegistrationSubject extends AddressSubject {
  readonly purpose: 'registration';
}

export interface PhoneChangeSubject extends AddressSubject, AccountSubject, UserSubject {
  readonly purpose: 'phone-change';
  /** The second factor that was given along with the ticket. */
  readonly secondFactor?: FactorMethod;
}

export interface ClosingSubject extends AccountSubject, UserSubject {
  readonly purpose: 'account-closing';
}

export interface ResetSubject extends AccountSubject {
  readonly purpose: 'password-reset';
  /** Sealed username, context {@link usernameContext}. */
  readonly username: string;
  /** The second factor that was given along with the ticket. */
  readonly secondFactor?: FactorMethod;
  /** The owner has been notified of this reset, and is not notified again. */
  readonly told?: true;
  /** Set where its ticket undid a change of phone: epoch seconds until which resets set no password. */
  readonly restoredUntil?: number;
}

export interface LoginSubject extends AccountSubject, UserSubject {
  readonly purpose: 'login';
  /** How it may be answered. The first is the default. */
  readonly methods: readonly Method[];
  /** The directory's refresh token, sealed under a key made from the id that only the claimant holds. */
  readonly directoryToken: string;
  /** The remembered device that was not enough. */
  readonly deviceId?: string;
  /** The session that its completion opened, for a request whose answer was lost. */
  readonly sessionId?: string;
  /** The end of the memory of the device it was completed on. */
  readonly deviceExpiresAt?: number;
}

export interface TransactionSubject {
  readonly purpose: 'transaction';
  /** The relying service it is for. The ticket is good for this service alone. */
  readonly service: string;
  /** Sealed, because it may tell of a person's health. `transaction.ts` opens it. */
  readonly transaction: string;
  /** The instant at which its ticket was spent. */
  readonly spentAt?: number;
}

/** The phone of a name that strangers have tried too often: it is proved before the password (docs/decisions/0051). */
export interface PhoneFirstSubject extends AccountSubject {
  readonly purpose: 'phone-first';
  /** How it may be answered: the same for everybody. */
  readonly methods: readonly Method[];
}

interface SubjectByPurpose {
  readonly registration: RegistrationSubject;
  readonly 'phone-change': PhoneChangeSubject;
  readonly 'account-closing': ClosingSubject;
  readonly 'password-reset': ResetSubject;
  readonly login: LoginSubject;
  readonly transaction: TransactionSubject;
  readonly 'phone-first': PhoneFirstSubject;
}

export type ChallengeSubject = SubjectByPurpose[Purpose];

type ChallengeParts = ChallengeIdentity &
  ChallengeCounters &
  ChallengeCharges &
  ChallengeSchedule &
  SendState &
  TicketState;

export type ChallengeOf<P extends Purpose> = ChallengeParts & SubjectByPurpose[P];

/** A challenge whose ticket a request has claimed. */
export type ClaimedChallenge<P extends Purpose = Purpose> = ChallengeOf<P> & {
  readonly status: 'in-use' | 'spent';
};

export type Challenge = ChallengeParts & ChallengeSubject;

/**
 * A login with an idempotency key that needed no code. It is stored as a challenge that is spent from the start, so that a
 * repetition of its request is recognised. It has no code, no ticket and nothing to answer.
 */
export interface CodelessLogin extends ChallengeIdentity, ChallengeCounters, ChallengeSchedule {
  readonly purpose: 'login';
  readonly status: 'spent';
  readonly withoutCode: true;
  readonly accountTag: string;
  readonly userId?: string;
  /** The session it opened. */
  readonly sessionId?: string;
}

/** What the table holds under a challenge's key. */
export type StoredChallenge = Challenge | CodelessLogin;

export const isCodeless = (stored: StoredChallenge): stored is CodelessLogin =>
  'withoutCode' in stored;

/** The methods that a challenge can be answered with, the first by default; undefined where it is the SMS alone. */
export const methodsOf = (challenge: ChallengeSubject): readonly Method[] | undefined =>
  'methods' in challenge ? challenge.methods : undefined;

/** The ledger of the address that chose the phone; undefined where the phone is not the caller's choice. */
export const addressTagOf = (challenge: ChallengeSubject): string | undefined =>
  challenge.purpose === 'registration' || challenge.purpose === 'phone-change'
    ? challenge.addressTag
    : undefined;

/**
 * Whether a challenge stands under a key of its own purpose. A role may write the keys of its own purposes. An item with
 * another purpose is a forgery: it would spend, or earn, the money of another flow.
 */
export const isUnderOwnKey = ({ idHash, purpose }: StoredChallenge): boolean =>
  idHash.startsWith(`${purpose}.`);

/** What the id of a stored challenge must commit to. */
export const commitmentOf = (challenge: Challenge): Commitment => ({
  purpose: challenge.purpose,
  accountTag: 'accountTag' in challenge ? challenge.accountTag : undefined,
  phoneTag: challenge.phoneTag,
});
/** The reservation that pays for the newest send; undefined where the sender pays for it. */
export const reservedAtOf = (challenge: ChallengeSubject): number | undefined =>
  challenge.purpose === 'registration' || challenge.purpose === 'phone-change'
    ? challenge.reservedAt
    : undefined;

/** What verified a challenge; undefined while it is pending, and for a login that needed no code. */
export const verificationOf = (stored: StoredChallenge | undefined): Verification | undefined =>
  stored && stored.status !== 'pending' && 'verifiedBy' in stored ? stored : undefined;

/** Epoch seconds from which no request may claim the ticket of a verified challenge. */
export const ticketEndOf = ({ ticketExpiresAt, extendedUntil = 0 }: Verification): number =>
  Math.max(ticketExpiresAt, extendedUntil);

export const usernameContext = (idHash: string) => `username:${idHash}`;
export const loginTokenContext = (idHash: string) => `login-token:${idHash}`;

/** What a challenge is to the claimant at an instant. `gone` is unknown, expired or used: one answer. */
export function stateOf(
  challenge: StoredChallenge | undefined,
  now: number,
  limits: Pick<Limits, 'attemptsPerChallenge'>,
): 'gone' | 'live' | 'locked' {
  if (challenge?.status !== 'pending') return 'gone';
  if ((challenge.expiresAt ?? challenge.sendBy) <= now) return 'gone';
  return challenge.attempts >= limits.attemptsPerChallenge ? 'locked' : 'live';
}

/** A challenge stays locked until its end, and is gone then. The claimant may start a new one at once. */
export function lockedProblem(challenge: ChallengeSchedule | undefined, now: number): Problem {
  const end = challenge?.expiresAt ?? challenge?.sendBy ?? now;
  return new Problem('challenge_locked', { retryAfter: Math.max(1, end - now) });
}

/** What a claimant may know of a challenge. */
export interface ChallengeView {
  readonly id: string;
  readonly purpose: Purpose;
  /** The phone, masked. null where the caller has proved nothing (a purpose that has decoys). */
  readonly destination: string | null;
  readonly sent: boolean;
  readonly sendAgainAt: number;
  readonly expiresAt: number;
  /** How it may be answered, the first by default; absent where it is the SMS alone. */
  readonly methods?: readonly Method[];
  /** Where its latest SMS is. Only `GET /challenges/{id}` tells. */
  readonly delivery?: DeliveryState;
}

/** Where the latest SMS of a challenge is. Absent before the first send. */
export type DeliveryState = 'queued' | 'sent' | 'delivered' | 'failed';
