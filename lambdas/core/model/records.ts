import type { Language } from '../values/language.ts';

/*
 * What is written along with a change, in the same transaction: what happened, for whoever watches over accounts, and
 * what the account's owner is told.
 */

/** Everything that is an event. `docs/events.md` says what each means; a new one is a new version for nobody. */
export const securityEventTypes = [
  'account.opened',
  'account.closed',
  'data.exported',
  'device.remembered',
  'password.changed',
  'password.reset',
  'phone.changed',
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

/** From where a call came, in coarse terms. */
export interface Origin {
  /** Keyed tag of the address's network. */
  readonly addressTag: string;
  /** ISO 3166-1 alpha-2 country, where the edge tells it. */
  readonly place?: string;
  /** `Chrome, Android`: family names from the User-Agent, never the whole of it. */
  readonly device: string;
}

/** Who, what, when, from where, with which result. No identifier in the clear. */
export interface SecurityEvent {
  /** Instant and random, so that a user's sort by time: `2026-11-23T05:30:00.000Z#3f2a…`. */
  readonly id: string;
  readonly type: SecurityEventType;
  /** Epoch seconds. */
  readonly at: number;
  /** The directory's id of the user: random, and gone with the account. */
  readonly userId: string;
  readonly origin: Origin;
  /** What else is known, in words of ours: `{ method: 'totp' }`, `{ reason: 'log-out' }`. */
  readonly details?: Readonly<Record<string, string>>;
}

export type NoticeKind =
  | 'account-closed'
  | 'new-device'
  | 'password-changed'
  | 'phone-changed'
  | 'second-factor-changed';

/** An SMS that tells an account's owner what was done to it. It carries no code and no link. */
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
  /** Epoch seconds from which on it is not sent any more. */
  readonly expiresAt: number;
}

export interface Records {
  readonly events: readonly SecurityEvent[];
  readonly notices: readonly Notice[];
}
