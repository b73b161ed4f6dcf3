import type { Challenge } from './engine/challenge.ts';
import type { Taken } from './engine/ledger.ts';
import type { Records } from './records.ts';

/** A session: one login on one device, however often its tokens are refreshed. Instants: epoch seconds. */
export interface Session {
  readonly userId: string;
  /** The directory's id of it, `origin_jti` in each of its access tokens. */
  readonly sessionId: string;
  /** Tag of the username its account is found by. */
  readonly usernameTag: string;
  /** Number of the newest refresh token: an older one is a replay. */
  readonly generation: number;
  /** When that one was made: for some seconds the one before it is a twin's, not a thief's. */
  readonly rotatedAt: number;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** When it ends at the latest. */
  readonly expiresAt: number;
  /** The directory's refresh token, sealed, context {@link directoryTokenContext}. It never leaves the service. */
  readonly directoryToken: string;
  /** `Chrome, Android`. */
  readonly device: string;
  /** ISO 3166-1 alpha-2 country, where the edge tells it. */
  readonly place?: string;
  /** The remembered device it was opened on. */
  readonly deviceId?: string;
}

/** When a right password is not enough: each time, on devices that are not remembered, or never. */
export type SecondFactor = 'always' | 'new-device' | 'never';

/** Where a client keeps the secrets of its session. */
export type TokensIn = 'body' | 'cookie';

/** The numbers of a session that a stage may choose. */
export interface SessionLimits {
  /** Days a session lives at most, from the sign-in on. */
  readonly refreshTokenDays: number;
  /** Days without a refresh after which it ends. */
  readonly idleDays: number;
  /** Seconds after a rotation in which the refresh token before it is a twin's: it gets the newest once more. */
  readonly rotationGraceSeconds: number;
  /** Days for which a remembered device is the second factor. */
  readonly deviceDays: number;
}

export const directoryTokenContext = (sessionId: string) => `directory-token:${sessionId}`;

/** What the login that opens a session brings along. */
export interface LoginParts {
  /** The device it was made on, to be remembered. */
  readonly device?: Device;
  /** The ticket it was completed with, to be spent. */
  readonly ticket?: { readonly idHash: string; readonly usedBy: string };
  /** The try of its password, to be given back. */
  readonly returned?: Taken;
  /** Of a keyed request that needed no code: kept as a challenge that is spent, by which the request is known again. */
  readonly spent?: Challenge;
}

export interface SessionStore {
  /**
   * Opens a session, writes what tells of it and whatever else belongs to its login, all or nothing.
   * `lost`: the ticket is spent, another request has it, or the session's device was forgotten. `exists`: a twin of the
   * same keyed request was faster.
   */
  create(
    session: Session,
    records: Partial<Records>,
    login?: LoginParts,
  ): Promise<{ kind: 'created' } | { kind: 'exists' } | { kind: 'lost' }>;
  find(userId: string, sessionId: string): Promise<Session | undefined>;
  list(userId: string): Promise<Session[]>;
  /** Makes the next refresh token the newest, if `generation` still is. */
  rotate(
    read: Pick<Session, 'userId' | 'sessionId' | 'generation'>,
    now: number,
  ): Promise<{ kind: 'rotated' } | { kind: 'lost'; session: Session | undefined }>;
  /**
   * Ends one; `gone` where there was none.
   * @param forgotten a remembered device of its user to forget with it, all or nothing
   */
  end(
    of: Pick<Session, 'userId' | 'sessionId'>,
    records: Partial<Records>,
    forgotten?: string,
  ): Promise<{ kind: 'ended' } | { kind: 'gone' }>;
  /** Deletes all of a user, or all but one, and says so nowhere. */
  eraseAll(userId: string, except?: string): Promise<void>;
}

/** A device its owner wanted to be remembered: for some days it is the second factor. Instants: epoch seconds. */
export interface Device {
  readonly userId: string;
  /** 128 random bits, base64url. The secret the device holds is an HMAC over it: nothing more is stored. */
  readonly deviceId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** `Chrome, Android`. */
  readonly label: string;
}

export interface DeviceStore {
  /**
   * Counts a try to log in on a device, if it is remembered and its budget has room: known devices have budgets of
   * their own, so that a stranger who uses up the account's locks nobody out.
   */
  countLogin(
    of: Pick<Device, 'userId' | 'deviceId'>,
    limits: { perHour: number; perDay: number },
    now: number,
  ): Promise<
    { kind: 'known'; device: Device } | { kind: 'unknown' } | { kind: 'refused'; until: number }
  >;
  list(userId: string): Promise<Device[]>;
  /** @param except id of one that stays */
  forgetAll(userId: string, except?: string): Promise<void>;
}
