import * as z from 'zod';
import { securityEvent } from '../audit/compose-records.ts';
import { seal } from '../crypto/seal.ts';
import type { Account } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Origin, Records } from '../model/records.ts';
import {
  directoryTokenContext,
  type Session,
  type SessionTokens,
  type Tokens,
} from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import type { LoginParts } from '../ports/session-store.ts';
import { mintSessionToken } from './session-token.ts';
import { endOf } from './session-validity.ts';

type Needs = Pick<Ports, 'clock' | 'entropy' | 'keys' | 'sessionLimits' | 'sessionStore'>;

/** A session about to be opened. */
export interface Opening {
  readonly account: Pick<Account, 'usernameTag'>;
  /** The directory's own, its refresh token among them. */
  readonly tokens: Tokens;
  readonly origin: Origin;
  /** The remembered device it was made on. */
  readonly deviceId?: string;
  /** What else happened, written with it. */
  readonly records?: Partial<Records>;
  /** What else belongs to its login, written with it. */
  readonly login?: LoginParts;
}

/**
 * Opens a session on the directory's tokens and hands out a refresh token of ours for theirs, which stays here, sealed.
 * The session counts from the sign-in and not from now: a reset in between has ended it. One AWS call.
 * @throws Problem ticket_invalid where another request has spent the ticket of its login; credentials_incorrect where
 *   its device was forgotten meanwhile; unavailable where a twin of the same keyed request was faster
 */
export const openSession =
  (ports: Needs) =>
  async ({
    account,
    tokens,
    origin,
    deviceId,
    records,
    login,
  }: Opening): Promise<SessionTokens> => {
    const { clock, entropy, keys, sessionLimits, sessionStore } = ports;
    const keyring = await keys();
    const { sub, origin_jti: sessionId, auth_time } = readClaims(tokens.accessToken);
    const context = directoryTokenContext(sessionId);
    const session: Session = {
      userId: sub,
      sessionId,
      usernameTag: account.usernameTag,
      generation: 1,
      rotatedAt: clock(),
      lastUsedAt: clock(),
      createdAt: auth_time,
      expiresAt: endOf(auth_time, sessionLimits),
      directoryToken: seal(keyring, entropy, context, tokens.refreshToken),
      device: origin.device,
      ...(origin.place && { place: origin.place }),
      ...(deviceId && { deviceId }),
    };
    const started = securityEvent(ports, 'session.started', sub, origin, { session: sessionId });
    const events = [started, ...(records?.events ?? [])];
    const { kind } = await sessionStore.create(session, { ...records, events }, login);
    // A twin of this keyed request has opened one: who asks again gets its answer.
    if (kind === 'exists') throw new Problem('unavailable', { retryAfter: 1 });
    if (kind === 'lost')
      throw new Problem(login?.ticket ? 'ticket_invalid' : 'credentials_incorrect');
    const refreshToken = mintSessionToken(keyring.current, session);
    return { ...tokens, refreshToken, sessionExpiresAt: session.expiresAt };
  };

// Not `z.uuid()`: the ids of Cognito's users have the form of a UUID and no version or variant of one.
const claims = z.object({ sub: z.guid(), origin_jti: z.guid(), auth_time: z.int() });

/** The claims of an access token that came from the directory itself just now: its signature proves nothing more. */
export function readClaims(accessToken: string): z.output<typeof claims> {
  const [, payload = ''] = accessToken.split('.');
  return claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
}
