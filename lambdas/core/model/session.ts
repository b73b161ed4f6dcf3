import { stageNumbers, type ValuesOf, type WholeNumbers } from '../values/whole-numbers.ts';
import type { Origin } from './records.ts';

/** Tokens of the directory. */
export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
  /** Lifetime of the access token in seconds. */
  readonly expiresIn: number;
}

/** The tokens that a client receives. The refresh token is Hawiya's own, not the directory's. */
export interface SessionTokens extends Tokens {
  /** Latest end of the session in epoch seconds. Refreshing does not move it. */
  readonly sessionExpiresAt: number;
  /** Seconds without a refresh after which the session ends. */
  readonly idleSeconds: number;
  /** On a shared device, the browser must not keep the session after it is closed. */
  readonly ownDevice: boolean;
}

/** One login on one device, however often its tokens are refreshed. Instants are epoch seconds. */
export interface Session {
  readonly userId: string;
  /** The directory's id of the session: `origin_jti` in each of its access tokens. */
  readonly sessionId: string;
  /** Tag of the username, by which the account is found. */
  readonly usernameTag: string;
  /** Number of the newest refresh token. A token with an older number is a replay. */
  readonly generation: number;
  /**
   * When that token was made. For some seconds afterwards, the previous token counts as a parallel request, not a
   * theft.
   */
  readonly rotatedAt: number;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** Latest end of the session. */
  readonly expiresAt: number;
  /** The directory's refresh token, sealed, context {@link directoryTokenContext}. It never leaves Hawiya. */
  readonly directoryToken: string;
  /** From where it was opened or refreshed last. */
  readonly usedFrom: Pick<Origin, 'addressTag' | 'device'>;
  /** `Chrome, Android`. */
  readonly device: string;
  /** ISO 3166-1 alpha-2 country, if the edge reports it. */
  readonly place?: string;
  /** The remembered device on which the session was opened. */
  readonly deviceId?: string;
  /** Whether the person called the device their own. It chooses how long the session may be idle. */
  readonly ownDevice: boolean;
}

/** When a login requires a second factor: each time, on devices that are not remembered, or never. */
export const secondFactorPolicies = ['always', 'new-device', 'never'] as const;
export type SecondFactor = (typeof secondFactorPolicies)[number];

/** Where a client keeps the secrets of its session. */
export type TokensIn = 'body' | 'cookie';

/** The limits of a session that a stage may choose. */
export const sessionSettings = {
  /** Longest life of a session in days, from the login. */
  refreshTokenDays: { default: 30, max: 90 },
  /** Days without a refresh after which a session on one's own device ends. */
  idleDays: { default: 7, max: 30 },
  /**
   * Minutes without a refresh after which a session on a shared device ends. NIST SP 800-63B-4 §2.2.3 allows 60 at AAL2.
   * The warning comes two minutes before, so fewer than 5 would leave no time to work.
   */
  sharedIdleMinutes: { default: 20, min: 5, max: 60 },
  /**
   * Seconds after a rotation in which the previous refresh token counts as a parallel request. Such a request receives
   * the newest token again.
   */
  rotationGraceSeconds: { default: 10, max: 60 },
  /**
   * Refreshes of one session in a minute and in an hour. Each asks the directory. A client refreshes every few minutes and
   * after a reload, so no person meets these.
   */
  refreshesPerMinute: { default: 30 },
  refreshesPerHour: { default: 240 },
  /** Days for which a remembered device is the second factor. */
  deviceDays: { default: 30, max: 90 },
} as const satisfies WholeNumbers;

export type SessionLimits = ValuesOf<typeof sessionSettings>;

/** Schema of the sessions in a stage's configuration. The directory enforces the life of an access token, no function does. */
export const stageSessions = () =>
  stageNumbers({
    accessTokenMinutes: { default: 15, min: 5, max: 60 },
    ...sessionSettings,
  });

export const directoryTokenContext = (sessionId: string) => `directory-token:${sessionId}`;

/**
 * A device that its owner asked Hawiya to remember. For some days it serves as the second factor. Instants are epoch
 * seconds.
 */
export interface Device {
  readonly userId: string;
  /** 128 random bits, base64url. The device's secret is an HMAC over this id and is not stored. */
  readonly deviceId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** `Chrome, Android`. */
  readonly label: string;
}

/** Whom an access token speaks for: its claims `username`, `sub` and `origin_jti`. */
export interface SessionSubject {
  readonly username: string;
  readonly userId: string;
  readonly sessionId: string;
}
