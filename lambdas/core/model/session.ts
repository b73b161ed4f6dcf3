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
