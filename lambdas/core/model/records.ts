import type { Language } from '../values/language.ts';
import type { Flow } from './routes.ts';

/*
 * Records are written in the same transaction as the change that they report. Security events are for the team that
 * monitors accounts. Notices are for the account's owner.
 */

/** The types of security events. `docs/events.md` explains each. A new type is not a new version for subscribers. */
export const securityEventTypes = [
  'account.opened',
  'account.closed',
  'data.exported',
  'device.remembered',
  'password.changed',
  'password.reset',
  'phone.changed',
  'phone.restored',
  'recovery-code.used',
  'recovery-codes.created',
  'session.ended',
  'session.reuse-detected',
  'session.started',
  'terms.accepted',
  'totp.enrolled',
  'totp.removed',
] as const;

export type SecurityEventType = (typeof securityEventTypes)[number];

/**
 * The types that each flow owes. The roles follow from it: a function cannot write an event of another type
 * (docs/decisions/0035).
 */
export const eventsOwedBy: Readonly<Record<Flow, readonly SecurityEventType[]>> = {
  account: ['data.exported'],
  'account-security': [
    'account.closed',
    'password.changed',
    'phone.changed',
    'recovery-code.used',
    'session.ended',
    'terms.accepted',
  ],
  authenticators: ['recovery-codes.created', 'totp.enrolled', 'totp.removed'],
  information: [],
  'password-reset': ['password.reset', 'phone.restored', 'recovery-code.used', 'totp.removed'],
  registration: ['account.opened'],
  session: ['device.remembered', 'session.ended', 'session.reuse-detected', 'session.started'],
  transaction: [],
  verification: ['recovery-code.used'],
};

/** The coarse origin of a call. */
export interface Origin {
  /** Keyed tag of the address's network. */
  readonly addressTag: string;
  /** ISO 3166-1 alpha-2 country, if the edge reports it. */
  readonly place?: string;
  /** `Chrome, Android`: family names from the User-Agent, never the whole header. */
  readonly device: string;
}

/** What happened to which user, when and from where. It holds no identifier in the clear. */
export interface SecurityEvent {
  /** An instant and a random part, so that a user's events sort by time: `2026-11-23T05:30:00.000Z#3f2a…`. */
  readonly id: string;
  readonly type: SecurityEventType;
  /** Epoch seconds. */
  readonly at: number;
  /** The directory's id of the user. It is random and is deleted with the account. */
  readonly userId: string;
  readonly origin: Origin;
  /** Further facts, with values from our own vocabulary: `{ method: 'totp' }`, `{ reason: 'log-out' }`. */
  readonly details?: Readonly<Record<string, string>>;
}

/** The kinds of notices that report a change to an account. */
export type ChangeKind =
  | 'account-closed'
  | 'new-device'
  | 'password-changed'
  | 'phone-changed'
  | 'phone-restored'
  | 'second-factor-changed'
  | 'token-reused';

export type NoticeKind = ChangeKind | 'username-reminder';

/** An SMS to the owner of an account that carries no code and no link. */
interface NoticeBase {
  /** 128 random bits, or as many of a hash that only readers of the table's stream can compute; base64url. */
  readonly id: string;
  readonly language: Language;
  /** Sealed E.164 number, context `phone:<phoneTag>`. */
  readonly phone: string;
  readonly phoneTag: string;
  /** Sealed mask of the account's username (`shown-name.ts`), where the writing function knows the name. */
  readonly shownName?: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  /** Epoch seconds from which the notice is no longer sent. */
  readonly expiresAt: number;
}

/** Tells the account's owner about a change to the account. */
export interface ChangeNotice extends NoticeBase {
  readonly kind: ChangeKind;
}

/** Tells the owner the username that they have forgotten. */
export interface UsernameReminder extends NoticeBase {
  readonly kind: 'username-reminder';
  /** Sealed username, context {@link reminderContext}. */
  readonly username: string;
  /** No account has the phone and the national ID that were typed: it is never sent. */
  readonly decoy: boolean;
}

export type Notice = ChangeNotice | UsernameReminder;

/** The seal is bound to the notice. */
export const reminderContext = (noticeId: string) => `username-reminder:${noticeId}`;

export interface Records {
  readonly events: readonly SecurityEvent[];
  readonly notices: readonly Notice[];
}

/*
 * What is stored of a record. Roles are limited to these attributes, so `lib/permissions.ts` takes them from here.
 *
 * An event's type is the name of an attribute and not a value: IAM limits a role to attribute names and cannot look at
 * values. So each role may write only the types that its flow owes (docs/decisions/0035).
 */

/** The attributes of every event besides the one that marks its type. */
export const eventAttributes = ['pk', 'sk', 'at', 'origin', 'details', 'schema', 'ttl'];

/** @returns the name of the attribute that marks an event's type, such as `is_session_started` */
export const markOf = (type: SecurityEventType): string => `is_${type.replaceAll(/[.-]/g, '_')}`;

/** The attributes of a notice of which no send was tried yet. */
export const newNoticeAttributes = [
  'pk',
  'sk',
  'kind',
  'language',
  'phone',
  'phoneTag',
  'shownName',
  'createdAt',
  'expiresAt',
  'outbox',
  'sends',
  'status',
  'ttl',
];

/** The attributes of a reminder of which no send was tried yet. */
export const newReminderAttributes = [...newNoticeAttributes, 'username', 'decoy'];
