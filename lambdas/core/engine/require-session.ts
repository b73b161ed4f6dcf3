import type { Account } from '../account.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';
import type { Session } from '../session-ports.ts';
import { lapseOf } from './live-session.ts';

/** Who an access token speaks for: its claims `username`, `sub` and `origin_jti`. */
export interface SessionSubject {
  readonly username: string;
  readonly userId: string;
  readonly sessionId: string;
}

/**
 * The account and session behind an access token as they are now, for calls that cannot wait the minutes that the token
 * still lives: a session that was ended, an account that was closed, a password that was reset opens nothing at once.
 * Two AWS calls, in parallel.
 * @throws Problem unauthenticated
 */
export const requireSession =
  (ports: Pick<Ports, 'clock' | 'keys' | 'accounts' | 'sessionLimits' | 'sessionStore'>) =>
  async (subject: SessionSubject): Promise<{ account: Account; session: Session }> => {
    const { username, userId, sessionId } = subject;
    if (!username || !userId || !sessionId) throw new Problem('unauthenticated');
    const usernameTag = (await ports.keys()).tag('username', username);
    const [account, session] = await Promise.all([
      ports.accounts.find(usernameTag),
      ports.sessionStore.find(userId, sessionId),
    ]);
    const live = session && !lapseOf(session, account, ports.clock(), ports.sessionLimits);
    if (!account || !live) throw new Problem('unauthenticated');
    return { account, session };
  };
