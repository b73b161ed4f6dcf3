import type { Language } from '../values/language.ts';
import type { Limits } from './limits.ts';
import { Problem } from './problems.ts';
import type { FactorMethod } from './second-factor.ts';

/** The flow a challenge was started for; its ticket completes that one and no other. */
export const purposes = [
  'registration',
  'password-reset',
  'login',
  'phone-change',
  'account-closing',
  'transaction',
] as const;
export type Purpose = (typeof purposes)[number];

/** The flows of ours: all but a transaction, which is a relying service's. */
export type OwnPurpose = Exclude<Purpose, 'transaction'>;

/** What a challenge can be answered with (NIST SP 800-63B-4 §3.1.2, §3.1.3, §3.1.4). */
export type Method = 'sms' | FactorMethod;

/**
 * `pending` → `verified` → `in-use` → `spent`. Expired and locked are no statuses: they follow from the clock
 * and the attempts, so nothing has to run for a challenge to expire.
 */
export type ChallengeStatus = 'pending' | 'verified' | 'in-use' | 'spent';

/** `sent`: a provider took it. `delivered` is final, and only providers with receipts ever say it. */
export type Delivery = 'sent' | 'delivered' | 'failed';

/** One out-of-band secret sent to one phone for one purpose (NIST SP 800-63B-4 §3.1.3). Instants: epoch seconds. */
export interface Challenge {
  /** base64url SHA-256 of the id; the id itself is only ever the claimant's. */
  readonly idHash: string;
  readonly keyVersion: number;
  readonly purpose: Purpose;
  readonly status: ChallengeStatus;
  readonly language: Language;
  /** Looks like any other; its code never verifies. */
  readonly decoy: boolean;
  /** Sealed E.164 number, context {@link phoneContext}. */
  readonly phone: string;
  readonly phoneTag: string;
  /** Ledger of the account a reset is for; of the typed pair, where that is no account. */
  readonly accountTag?: string;
  /**
   * Tag of the account's ledgers, where they are not the name's: a name that was given up takes no failures along, and
   * those of a login are of one password.
   */
  readonly ledgerTag?: string;
  /** Ledger of the address that had a phone of its choice texted: a verified code takes it off the unverified ones there. */
  readonly addressTag?: string;
  /** Sealed username of a reset or login, context {@link usernameContext}. */
  readonly username?: string;
  /** The directory's id of the user, where one has logged in. */
  readonly userId?: string;
  /** Of a login: the remembered device that was not enough. */
  readonly deviceId?: string;
  /** A login with a key that needed no code: only kept so that its request is known again, spent from the start. */
  readonly withoutCode?: true;
  /** Of a login that is completed: the session it opened, for a request whose answer was lost. */
  readonly sessionId?: string;
  /** Until when the device is remembered that it was completed on. */
  readonly deviceExpiresAt?: number;
  /** What it may be answered with, the first of them unless the claimant says otherwise; absent: by SMS. */
  readonly methods?: readonly Method[];
  /** Of a transaction: the relying service it is for. Its ticket is good for that one alone. */
  readonly service?: string;
  /** Of a transaction: what it is about, sealed, for it may tell of somebody's health. `transaction.ts` opens it. */
  readonly transaction?: string;
  /** Of a transaction: when its ticket was spent. */
  readonly spentAt?: number;
  /** Of a login: the directory's refresh token, sealed under a key made from the id that only the claimant holds. */
  readonly directoryToken?: string;
  readonly attempts: number;
  readonly sends: number;
  readonly createdAt: number;
  /** Until when it must have been sent for the first time. */
  readonly sendBy: number;
  /** Until when its code verifies; absent while it was never sent. A resend does not move it. */
  readonly expiresAt?: number;
  readonly sendAgainAt?: number;
  /** Number of the send the outbox still owes; absent once it is settled. */
  readonly outbox?: number;
  /** What is known of the newest send; absent while the outbox owes it. */
  readonly delivery?: Delivery;
  /** Who took the newest send: a receipt of it counts from nobody else. */
  readonly provider?: string;
  /** Providers that took the newest send and then reported it undelivered: it goes out through others. */
  readonly failedBy?: readonly string[];
  /**
   * Who may have which send: `1.sns.1` is SNS, asked for the first send the first time. Noted before it is asked, and
   * struck off once it said no. Only while somebody may have one does the code verify.
   */
  readonly asked?: ReadonlySet<string>;
  /** How often all providers have been asked for the newest send, where that was more than once. */
  readonly round?: number;
  /** Epoch seconds at which a provider was last found to say nothing on the newest send. */
  readonly unansweredAt?: number;
  readonly ticketExpiresAt?: number;
  /** Recognises the call that verified it: of a keyed request, whenever that comes again. */
  readonly verifiedBy?: string;
  /** What it was verified with, where that was no SMS. */
  readonly verifiedWith?: FactorMethod;
  /** Of a reset: the second factor that was given along with the ticket. */
  readonly secondFactor?: FactorMethod;
  /** Of a reset: its owner has been told of it, and is not told again. */
  readonly told?: true;
  /** Fingerprint of the request that uses, or used, the ticket. */
  readonly usedBy?: string;
  /** Until when no other request may take the ticket over. */
  readonly inUseUntil?: number;
  readonly uses: number;
}

/** Bound to the phone's tag, so the seal can move from account to challenge but not to another phone. */
export const phoneContext = (phoneTag: string) => `phone:${phoneTag}`;
export const usernameContext = (idHash: string) => `username:${idHash}`;
export const loginTokenContext = (idHash: string) => `login-token:${idHash}`;

/** What a challenge is to the claimant right now. `gone` is unknown, expired or used: one answer. */
export function stateOf(
  challenge: Challenge | undefined,
  now: number,
  limits: Pick<Limits, 'attemptsPerChallenge'>,
): 'gone' | 'live' | 'locked' {
  if (challenge?.status !== 'pending') return 'gone';
  if ((challenge.expiresAt ?? challenge.sendBy) <= now) return 'gone';
  return challenge.attempts >= limits.attemptsPerChallenge ? 'locked' : 'live';
}

/** Locked until its end, and gone then: a new challenge may be started at once. */
export function lockedProblem(challenge: Challenge | undefined, now: number): Problem {
  const end = challenge?.expiresAt ?? challenge?.sendBy ?? now;
  return new Problem('challenge_locked', { retryAfter: Math.max(1, end - now) });
}

/** What a claimant may know of a challenge. Instants: epoch seconds. */
export interface ChallengeView {
  readonly id: string;
  readonly purpose: Purpose;
  readonly destination: string;
  readonly sent: boolean;
  readonly sendAgainAt: number;
  readonly expiresAt: number;
  /** What it may be answered with, the first of them by default; by SMS where that is not said. */
  readonly methods?: readonly Method[];
  /** Where its latest SMS is; only told when asked for. */
  readonly delivery?: DeliveryState;
}

/** Where the latest SMS of a challenge is. Absent while none was asked for. */
export type DeliveryState = 'queued' | 'sent' | 'delivered' | 'failed';
