import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import type { Ports } from '../ports/index.ts';
import { endSession } from '../session/end-session.ts';
import { readSessionToken } from '../session/session-token.ts';

interface TokenInput {
  readonly refreshToken: string;
  readonly origin: Origin;
}

type Needs = Pick<Ports, 'clock' | 'directoryTokens' | 'entropy' | 'sessionKeys' | 'sessionStore'>;

/**
 * Logs out: ends the session of a refresh token for good, whatever its generation. An unknown token
 * is no error: the client wants the session over, and it is (RFC 7009 §2.2). Three AWS calls.
 * @throws Problem invalid_request for an access or ID token: the session would live on
 */
export const logOut =
  (ports: Needs) =>
  async ({ refreshToken, origin }: TokenInput): Promise<void> => {
    if (isJwt(refreshToken)) throw notARefreshToken();
    const token = await readSessionToken(ports.sessionKeys, refreshToken);
    const session = token && (await ports.sessionStore.find(token.userId, token.sessionId));
    if (session) await endSession(ports)(session, origin, 'log-out');
  };

const isJwt = (text: string) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);

function notARefreshToken(): Problem {
  const message = { ar: 'أرسل رمز التحديث.', en: 'Send the refresh token, not another one.' };
  return new Problem('invalid_request', { errors: [{ path: 'refreshToken', message }] });
}
