import type { Account } from '../model/account.ts';
import type { Session, SessionLimits } from '../model/session.ts';

const day = 86_400;

/** Why a session is over, though nobody ended it yet; undefined while it is live. */
export type Lapse = 'account' | 'expired' | 'idle';

/** @param now epoch seconds */
export function sessionLapse(
  session: Session,
  account: Account | undefined,
  now: number,
  { idleDays }: SessionLimits,
): Lapse | undefined {
  if (!isOpenTo(account, session.userId, session.createdAt, session.sessionId)) return 'account';
  if (session.expiresAt <= now) return 'expired';
  return session.lastUsedAt + idleDays * day <= now ? 'idle' : undefined;
}

/**
 * Whether an account opens to whoever signed in as this user at this instant: it is active, still the same person's
 * (a name can be given up and taken by somebody else), and its password is no newer than the sign-in.
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
  // Not `<` of the opposite: a claim that is no number opens nothing.
  (signedInAt >= (account.sessionsValidFrom ?? 0) ||
    (sessionId !== undefined && sessionId === account.exceptSession));

/** When a session that signed in at this instant ends at the latest. Epoch seconds. */
export const endOf = (signedInAt: number, { refreshTokenDays }: SessionLimits): number =>
  signedInAt + refreshTokenDays * day;
