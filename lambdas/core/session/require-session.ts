import { findByUsername } from '../account/find-account.ts';
import type { Account } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Session, SessionSubject } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import type { FoundSession } from '../ports/session-store.ts';
import { sessionLapse, toldEnd } from './session-validity.ts';

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
    const { account, found } = await find(ports, subject);
    return live(ports, found, account);
  };

/**
 * As {@link requireSession}, but it also accepts an account in status `closing`. It is for
 * completing a closing only, which must be able to resume. Two parallel AWS calls.
 * @throws Problem unauthenticated
 */
export const requireClosingSession =
  (ports: RequireSessionNeeds) =>
  async (subject: SessionSubject): Promise<Found> => {
    const { account, found } = await find(ports, subject);
    const before =
      account?.status === 'closing' ? ({ ...account, status: 'active' } as const) : account;
    const { session } = live(ports, found, before);
    if (!account) throw new Problem('unauthenticated');
    return { account, session };
  };

async function find(
  ports: RequireSessionNeeds,
  { username, userId, sessionId }: SessionSubject,
): Promise<{ readonly account: Account | undefined; readonly found: FoundSession }> {
  if (!username || !userId || !sessionId) throw new Problem('unauthenticated');
  const [account, found] = await Promise.all([
    findByUsername(ports)(username),
    ports.sessionStore.read(userId, sessionId),
  ]);
  return { account, found };
}

/** @throws Problem unauthenticated, with the reason where it is known */
function live(
  { clock, sessionLimits }: RequireSessionNeeds,
  found: FoundSession,
  account: Account | undefined,
): Found {
  if (found.kind === 'gone') throw new Problem('unauthenticated');
  if (found.kind === 'ended') {
    const { ended } = found;
    throw new Problem('unauthenticated', toldEnd(ended.reason, sessionLimits, ended));
  }
  const { session } = found;
  const lapse = sessionLapse(session, account, clock(), sessionLimits);
  if (lapse || !account) {
    throw new Problem('unauthenticated', toldEnd(lapse, sessionLimits, session));
  }
  return { account, session };
}
