import { findByUsername } from '../account/find-account.ts';
import type { Account } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Session, SessionSubject } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { sessionLapse } from './session-validity.ts';

export type RequireSessionNeeds = Pick<
  Ports,
  'clock' | 'tags' | 'accounts' | 'sessionLimits' | 'sessionStore'
>;

interface Found {
  readonly account: Account;
  readonly session: Session;
}

/**
 * The account and session of an access token as they are now, for calls that cannot wait for the
 * token to expire. An ended session, a closed account or a reset password takes effect at once. Two
 * parallel AWS calls.
 * @throws Problem unauthenticated
 */
export const requireSession =
  (ports: RequireSessionNeeds) =>
  async (subject: SessionSubject): Promise<Found> => {
    const { account, session } = await find(ports, subject);
    if (!account || !session || !isLive(ports, session, account)) {
      throw new Problem('unauthenticated');
    }
    return { account, session };
  };

/**
 * As {@link requireSession}, but it also accepts an account in status `closing`. It is for
 * completing a closing only, which must be able to resume. Two parallel AWS calls.
 * @throws Problem unauthenticated
 */
export const requireClosingSession =
  (ports: RequireSessionNeeds) =>
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
  ports: RequireSessionNeeds,
  { username, userId, sessionId }: SessionSubject,
): Promise<Partial<Found>> {
  if (!username || !userId || !sessionId) throw new Problem('unauthenticated');
  const [account, session] = await Promise.all([
    findByUsername(ports)(username),
    ports.sessionStore.find(userId, sessionId),
  ]);
  return { ...(account && { account }), ...(session && { session }) };
}

const isLive = (
  { clock, sessionLimits }: RequireSessionNeeds,
  session: Session,
  account?: Account,
): boolean => sessionLapse(session, account, clock(), sessionLimits) === undefined;
