import type { Account } from '../model/account.ts';
import type { ProblemExtras } from '../model/problems.ts';
import type { Session, SessionLimits } from '../model/session.ts';
import { type EndedSession, type SessionEnd, told } from '../model/session-end.ts';

const day = 86_400;

/**
 * Why a session is over although no request has ended it.
 * @param now epoch seconds
 * @returns undefined while the session is live
 */
export function sessionLapse(
  session: Session,
  account: Account | undefined,
  now: number,
  limits: SessionLimits,
): SessionEnd | undefined {
  if (!isOpenTo(account, session.userId, session.createdAt, session.sessionId)) {
    return closedBy(account, session.userId);
  }
  if (session.expiresAt <= now) return 'expired';
  return session.lastUsedAt + idleSecondsOf(session, limits) <= now ? 'idle' : undefined;
}

/** What the holder of a session's token is told of its end: after an idle time, also how long that was. */
export const toldEnd = (
  reason: SessionEnd | undefined,
  limits: SessionLimits,
  session: Pick<Session, 'ownDevice'> | EndedSession,
): Pick<ProblemExtras, 'reason' | 'idleSeconds'> =>
  reason === 'idle'
    ? {
        reason,
        idleSeconds: idleSecondsOf(
          { ownDevice: 'ownDevice' in session && session.ownDevice },
          limits,
        ),
      }
    : told(reason);

/** Seconds without a refresh after which a session ends. */
export const idleSecondsOf = (
  { ownDevice }: Pick<Session, 'ownDevice'>,
  { idleDays, sharedIdleMinutes }: SessionLimits,
): number => (ownDevice ? idleDays * day : sharedIdleMinutes * 60);

/**
 * Why an account does not accept a sign-in of a user. Both a change and a reset of the password leave a mark when they
 * end sessions. Only undoing a change of phone leaves neither.
 */
export function closedBy(account: Account | undefined, userId: string): SessionEnd {
  if (account?.status !== 'active' || account.userId !== userId) return 'account';
  const { exceptSession, resetFrom } = account;
  return exceptSession === undefined && resetFrom === undefined
    ? 'phone-restored'
    : 'password-changed';
}

/**
 * Whether an account accepts a sign-in of this user at this instant. The account must be active and
 * still have the same user: a username can be given up and registered by another person. Its
 * password must not be newer than the sign-in.
 * @param signedInAt epoch seconds
 * @param sessionId the session in which the password was changed outlives the change
 */
export const isOpenTo = (
  account: Account | undefined,
  userId: string,
  signedInAt: number,
  sessionId?: string,
): account is Account =>
  account?.status === 'active' &&
  account.userId === userId &&
  // Not a negated `<`: a claim that is not a number must not open anything.
  (signedInAt >= (account.sessionsValidFrom ?? 0) ||
    (sessionId !== undefined && sessionId === account.exceptSession));

/**
 * Epoch seconds at which a session ends at the latest.
 * @param signedInAt epoch seconds
 */
export const endOf = (signedInAt: number, { refreshTokenDays }: SessionLimits): number =>
  signedInAt + refreshTokenDays * day;
