import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

/**
 * What one sign-in started: a family of refresh tokens that replace each other. All end together at
 * `expiresAt`. Instants are epoch milliseconds, `authTime` (a token claim) epoch seconds.
 */
export interface Session {
  clientId: string;
  key: string;
  originJti: string;
  authTime: number;
  expiresAt: number;
  revoked?: boolean;
  /** The tokens that may be used: those never used and those within their grace period. */
  live: LiveToken[];
}

interface LiveToken {
  id: string;
  usedAt?: number;
}

/** A user's sessions by their id. */
export type Sessions = Record<string, Session>;

/** What a refresh token says of itself; true only if `belongsTo` agrees. */
export interface RefreshToken {
  username: string;
  sessionId: string;
  tokenId: string;
  signed: string;
  mac: string;
}

export type Use = { kind: 'live'; session: Session } | { kind: 'reused' };

// A real refresh token is a JWE of five parts and about 1.8 kB that clients cannot read.
const HEADER = Buffer.from('{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}').toString('base64url');
const FILLER_BYTES = 1024;

/** A new session for a client, with no token yet; `lifetimeMs` is that of its refresh tokens. */
export function newSession(clientId: string, now: number, lifetimeMs: number): Session {
  return {
    clientId,
    key: randomBytes(32).toString('base64url'),
    originJti: randomUUID(),
    authTime: Math.floor(now / 1000),
    expiresAt: now + lifetimeMs,
    live: [],
  };
}

/** The session with one live token more, and that token as the client gets it. */
export function issueRefreshToken(username: string, sessionId: string, session: Session) {
  const id = randomBytes(16).toString('base64url');
  const locator = Buffer.from(JSON.stringify([username, sessionId, id])).toString('base64url');
  const filler = randomBytes(FILLER_BYTES).toString('base64url');
  const signed = [HEADER, randomBytes(256).toString('base64url'), locator, filler].join('.');
  return {
    token: `${signed}.${mac(signed, session.key)}`,
    session: { ...session, live: [...session.live, { id }] },
  };
}

/** Reads a refresh token; undefined if the text was never one. */
export function parseRefreshToken(token: string): RefreshToken | undefined {
  const parts = token.split('.');
  if (parts.length !== 5 || parts[0] !== HEADER) return undefined;
  try {
    const locator: unknown = JSON.parse(Buffer.from(parts[2] ?? '', 'base64url').toString());
    if (!Array.isArray(locator) || locator.some((part) => typeof part !== 'string'))
      return undefined;
    const [username = '', sessionId = '', tokenId = ''] = locator as string[];
    return {
      username,
      sessionId,
      tokenId,
      signed: parts.slice(0, 4).join('.'),
      mac: parts[4] ?? '',
    };
  } catch {
    return undefined;
  }
}

/** Whether the session issued this very token. */
export function belongsTo(session: Session, token: RefreshToken): boolean {
  const expected = Buffer.from(mac(token.signed, session.key));
  const actual = Buffer.from(token.mac);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/**
 * Uses a token of the session once. RefreshTokenRotationType: the rotated token "can remain valid for
 * a period of time", counted here from its first use; 0 seconds invalidates it at once.
 */
export function useToken(session: Session, tokenId: string, now: number, graceMs: number): Use {
  const live = session.live.filter(({ usedAt }) => usedAt === undefined || now - usedAt < graceMs);
  if (!live.some(({ id }) => id === tokenId)) return { kind: 'reused' };
  const used = live.map((token) => (token.id === tokenId ? { usedAt: now, ...token } : token));
  return { kind: 'live', session: { ...session, live: used } };
}

/** The sessions that have not expired. */
export function unexpired(sessions: Sessions, now: number): Sessions {
  return Object.fromEntries(
    Object.entries(sessions).filter(([, { expiresAt }]) => expiresAt > now),
  );
}

/** The session with no token left to use; it stays known, so that its tokens read as revoked. */
export function revoke(session: Session): Session {
  return { ...session, revoked: true, live: [] };
}

/** All sessions of a user, revoked. */
export function revokeAll(sessions: Sessions = {}): Sessions {
  return Object.fromEntries(Object.entries(sessions).map(([id, session]) => [id, revoke(session)]));
}

const mac = (text: string, key: string) =>
  createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest('base64url');
