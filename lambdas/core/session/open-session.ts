import * as z from 'zod/mini';
import { securityEvent } from '../audit/compose-records.ts';
import type { SessionKey } from '../crypto/keys.ts';
import type { Account } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Origin, Records } from '../model/records.ts';
import { sealUsername } from '../model/sealed-username.ts';
import type { Session, SessionLimits, SessionTokens, Tokens } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import type { LoginParts } from '../ports/session-store.ts';
import { sealDirectoryToken } from './directory-token.ts';
import { mintSessionToken } from './session-token.ts';
import { endOf, idleSecondsOf } from './session-validity.ts';

type Needs = Pick<
  Ports,
  'clock' | 'entropy' | 'sessionKeys' | 'usernameSealKeys' | 'sessionLimits' | 'sessionStore'
>;

/** What a new session is opened with. */
export interface SessionOpening {
  readonly account: Pick<Account, 'usernameTag' | 'username'>;
  /** The directory's tokens, with the directory's refresh token. */
  readonly tokens: Tokens;
  readonly origin: Origin;
  /** Id of the remembered device that the login was made on. */
  readonly deviceId?: string;
  readonly ownDevice: boolean;
  /** Further events and notices, written in the same transaction. */
  readonly records?: Partial<Records>;
  /** Further parts of the login, written in the same transaction. */
  readonly login?: LoginParts;
}

/**
 * Opens a session. The client gets Hawiya's refresh token, and the directory's token stays in the
 * session, sealed.
 * The session counts from the sign-in, not from now: a reset in between has ended it. One AWS call.
 * @throws Problem ticket_invalid if another request has spent the login's ticket, or logged in with it
 * @throws Problem credentials_incorrect if the device was forgotten in the meantime
 * @throws Problem unavailable if a parallel copy of the same keyed request was faster
 */
export const openSession =
  (ports: Needs) =>
  async ({
    account,
    tokens,
    origin,
    deviceId,
    ownDevice,
    records,
    login,
  }: SessionOpening): Promise<SessionTokens> => {
    const { clock, entropy, sessionKeys, sessionLimits, sessionStore } = ports;
    const { current } = await sessionKeys();
    const { sub, origin_jti: sessionId, auth_time, username } = readClaims(tokens.accessToken);
    const session: Session = {
      userId: sub,
      sessionId,
      usernameTag: account.usernameTag,
      generation: 1,
      rotatedAt: clock(),
      lastUsedAt: clock(),
      createdAt: auth_time,
      expiresAt: endOf(auth_time, sessionLimits),
      directoryToken: sealDirectoryToken(current, entropy, sessionId, tokens.refreshToken),
      usedFrom: { addressTag: origin.addressTag, device: origin.device },
      device: origin.device,
      ...(origin.place && { place: origin.place }),
      ...(deviceId && { deviceId }),
      ownDevice,
    };
    const started = securityEvent(ports, 'session.started', sub, origin, { session: sessionId });
    const events = [started, ...(records?.events ?? [])];
    const named = await missingUsername(ports, account, username);
    const parts = { ...login, ...(named && { username: named }) };
    const { kind } = await sessionStore.create(session, { ...records, events }, parts);
    // A parallel copy of this keyed request has opened the session: a retry gets its answer.
    if (kind === 'exists') throw new Problem('unavailable', { retryAfter: 1 });
    if (kind === 'refused') throw new Problem('ticket_invalid');
    if (kind === 'lost')
      throw new Problem(login?.ticket ? 'ticket_invalid' : 'credentials_incorrect');
    return { ...tokens, ...sessionTokens(current, session, sessionLimits) };
  };

/** What a client gets for a session besides the directory's access and ID token. */
export const sessionTokens = (
  key: SessionKey,
  session: Session,
  limits: SessionLimits,
): Pick<SessionTokens, 'refreshToken' | 'sessionExpiresAt' | 'idleSeconds' | 'ownDevice'> => ({
  refreshToken: mintSessionToken(key, session),
  sessionExpiresAt: session.expiresAt,
  idleSeconds: idleSecondsOf(session, limits),
  ownDevice: session.ownDevice,
});

/** The username of an account that was opened before usernames were kept. The directory has just confirmed it. */
async function missingUsername(
  { entropy, usernameSealKeys }: Needs,
  { usernameTag, username: kept }: SessionOpening['account'],
  username: string,
): Promise<LoginParts['username']> {
  if (kept !== undefined) return undefined;
  const { current } = await usernameSealKeys();
  return { usernameTag, sealed: sealUsername(current, entropy, usernameTag, username) };
}

// Not `z.uuid()`: Cognito's user ids have the form of a UUID, but no version or variant of one.
const claims = z.object({
  sub: z.guid(),
  origin_jti: z.guid(),
  auth_time: z.int(),
  username: z.string(),
});

/**
 * The claims of an access token. The signature is not checked, because the directory itself has
 * just returned the token.
 * @throws Error if the token is malformed
 */
export function readClaims(accessToken: string): z.output<typeof claims> {
  const [, payload = ''] = accessToken.split('.');
  return claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
}
