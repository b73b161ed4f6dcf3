import type { Language } from '../values/language.ts';

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

export type NoticeKind =
  | 'account-closed'
  | 'new-device'
  | 'password-changed'
  | 'phone-changed'
  | 'phone-restored'
  | 'second-factor-changed';

/** An SMS that tells the account's owner about a change to the account. It carries no code and no link. */
export interface Notice {
  /** 128 random bits, base64url. */
  readonly id: string;
  readonly kind: NoticeKind;
  readonly language: Language;
  /** Sealed E.164 number, context `phone:<phoneTag>`. */
  readonly phone: string;
  readonly phoneTag: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  /** Epoch seconds from which the notice is no longer sent. */
  readonly expiresAt: number;
}

export interface Records {
  readonly events: readonly SecurityEvent[];
  readonly notices: readonly Notice[];
}
