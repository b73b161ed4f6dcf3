import { confirmPassword } from '../account/confirm-password.ts';
import { notices, securityEvent } from '../audit/compose-records.ts';
import { chargeSensitiveChange } from '../budgets/charge-sensitive-change.ts';
import type { Account } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Origin, Records } from '../model/records.ts';
import type { Session } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { requireSession, type SessionSubject } from '../session/require-session.ts';
import { passwordReasons } from '../values/password.ts';
import { endAllBut } from './account-sessions.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'clock'
  | 'entropy'
  | 'keys'
  | 'ledgers'
  | 'limits'
  | 'sessionLimits'
  | 'sessionStore'
  | 'directoryTokens'
  | 'directoryUsers'
>;

interface PasswordInput {
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly origin: Origin;
}

/**
 * Changes the password of whoever is logged in and ends all their other sessions; this one stays.
 * The record comes first: a crash before the password is set has ended sessions and told the owner for nothing, and the
 * same request goes through again; the other order could leave a changed password that nobody is told of. Eleven AWS
 * calls, and two for each session that ends.
 * @throws Problem unauthenticated, password_rejected, credentials_incorrect, too_many_requests
 */
export const changePassword =
  (ports: Needs) =>
  async (subject: SessionSubject, input: PasswordInput): Promise<void> => {
    const { username } = subject;
    const { account, session } = await requireSession(ports)(subject);
    const minimumLength = ports.limits.passwordLength;
    const reasons = passwordReasons(input.newPassword, { username }, minimumLength);
    if (reasons.length > 0) throw new Problem('password_rejected', { reasons, minimumLength });
    await confirmPassword(ports)(account, username, input.currentPassword);
    await chargeSensitiveChange(ports)(account);

    const closed = await closeToOthers(ports, account, session, {
      events: [securityEvent(ports, 'password.changed', session.userId, input.origin)],
      notices: notices(ports, 'password-changed', account),
    });
    if (!closed) throw new Problem('unauthenticated');
    await setPassword(ports, session.userId, input.newPassword);
    // Again: until just now the old password still opened sessions.
    if (!(await closeToOthers(ports, closed, session))) await takeBack(ports, session.userId);
    // They open nothing any more; this takes them out of the list, and their tokens back from the directory.
    await endAllBut(ports)(session, input.origin, 'password-changed');
  };

/** @returns the account as it stands after; undefined where something has ended this session too */
async function closeToOthers(
  { accounts, clock }: Needs,
  account: Account,
  { sessionId }: Session,
  records: Partial<Records> = {},
): Promise<Account | undefined> {
  const standing = { sessionsValidFrom: clock(), exceptSession: sessionId };
  const change = { ...standing, remove: ['resetFrom'] as const };
  const { kind } = await accounts.change(account, change, records, 'session');
  return kind === 'changed' ? { ...account, ...standing } : undefined;
}

/**
 * A reset has overtaken this change, and was told that the account is its own again: the password that was set over its
 * own must open nothing. It is asked for once more.
 */
async function takeBack({ entropy, directoryUsers }: Needs, userId: string): Promise<never> {
  await directoryUsers.setPassword(userId, entropy(32).toString('base64url'));
  throw new Problem('unauthenticated');
}

async function setPassword(
  { directoryUsers }: Needs,
  userId: string,
  password: string,
): Promise<void> {
  const { kind } = await directoryUsers.setPassword(userId, password);
  if (kind === 'rejected') throw new Problem('password_rejected', { reasons: ['blocklisted'] });
  if (kind === 'unknown') throw new Problem('unauthenticated');
}
