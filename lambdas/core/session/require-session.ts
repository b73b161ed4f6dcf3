import type { Account } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Session } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { sessionLapse } from './session-validity.ts';

/** Who an access token speaks for: its claims `username`, `sub` and `origin_jti`. */
export interface SessionSubject {
  readonly username: string;
  readonly userId: string;
  readonly sessionId: string;
}

type Needs = Pick<Ports, 'clock' | 'keys' | 'accounts' | 'sessionLimits' | 'sessionStore'>;

interface Found {
  readonly account: Account;
  readonly session: Session;
}

/**
 * The account and session behind an access token as they are now, for calls that cannot wait the minutes that the token
 * still lives: a session that was ended, an account that was closed, a password that was reset opens nothing at once.
 * Two AWS calls, in parallel.
 * @throws Problem unauthenticated
 */
export const requireSession =
  (ports: Needs) =>
  async (subject: SessionSubject): Promise<Found> => {
    const { account, session } = await find(ports, subject);
    if (!account || !session || !isLive(ports, session, account)) {
      throw new Problem('unauthenticated');
    }
    return { account, session };
  };

/**
 * The same for the closing of an account and nothing else: one that is closing already is open to it, for it goes on
 * where it stopped. Two AWS calls, in parallel.
 * @throws Problem unauthenticated
 */
export const requireClosingSession =
  (ports: Needs) =>
  async (subject: SessionSubject): Promise<Found> => {
    const { account, session } = await find(ports, subject);
    const before =
      account?.status === 'closing' ? ({ ...account, status: 'active' } as const) : account;
    if (!account || !session || !isLive(ports, session, before)) {
      throw new Problem('unauthenticated');
    }
    return { account, session };
  };

async function find(
  { accounts, keys, sessionStore }: Needs,
  { username, userId, sessionId }: SessionSubject,
): Promise<Partial<Found>> {
  if (!username || !userId || !sessionId) throw new Problem('unauthenticated');
  const usernameTag = (await keys()).tag('username', username);
  const [account, session] = await Promise.all([
    accounts.find(usernameTag),
    sessionStore.find(userId, sessionId),
  ]);
  return { ...(account && { account }), ...(session && { session }) };
}

const isLive = ({ clock, sessionLimits }: Needs, session: Session, account?: Account): boolean =>
  sessionLapse(session, account, clock(), sessionLimits) === undefined;
