import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

/**
 * The session of one sign-in: a family of refresh tokens that replace each other. All expire at
 * `expiresAt`. Instants are epoch milliseconds; `authTime`, a token claim, is epoch seconds.
 */
export interface Session {
  clientId: string;
  key: string;
  originJti: string;
  authTime: number;
  expiresAt: number;
  revoked?: boolean;
  /** The usable tokens: those not yet used, and those within their grace period. */
  live: LiveToken[];
}

interface LiveToken {
  id: string;
  usedAt?: number;
}

/** A user's sessions by their id. */
export type Sessions = Record<string, Session>;

/** The content of a refresh token. Trust it only after `belongsTo` has verified it. */
export interface RefreshToken {
  username: string;
  sessionId: string;
  tokenId: string;
  signed: string;
  mac: string;
}

export type Use = { kind: 'live'; session: Session } | { kind: 'reused' };

// AWS's refresh token is a JWE of five parts and about 1.8 kB, unreadable for clients.
const HEADER = Buffer.from('{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}').toString('base64url');
const FILLER_BYTES = 1024;

/** Creates a session without tokens. `lifetimeMs` is the lifetime of its refresh tokens. */
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

/** Adds a live token to a session. Returns the session and the token for the client. */
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

/** Parses a refresh token. Returns undefined for other text. */
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

/** Whether the session issued the token: its MAC is made with the session's key. */
export function belongsTo(session: Session, token: RefreshToken): boolean {
  const expected = Buffer.from(mac(token.signed, session.key));
  const actual = Buffer.from(token.mac);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/**
 * Uses a token of the session once. RefreshTokenRotationType: the rotated token "can remain valid
 * for a period of time". Here that period starts at its first use; 0 seconds invalidates it at
 * once.
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

/** The session without live tokens. It stays stored, so that its tokens are answered as revoked. */
export function revoke(session: Session): Session {
  return { ...session, revoked: true, live: [] };
}

/** All sessions of a user, revoked. */
export function revokeAll(sessions: Sessions = {}): Sessions {
  return Object.fromEntries(Object.entries(sessions).map(([id, session]) => [id, revoke(session)]));
}

const mac = (text: string, key: string) =>
  createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest('base64url');
