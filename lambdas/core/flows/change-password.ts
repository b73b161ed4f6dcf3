import { changeAccount } from '../account/change-account.ts';
import { confirmPassword } from '../account/confirm-password.ts';
import { namedNotices, securityEvent } from '../audit/compose-records.ts';
import { chargeSensitiveChange } from '../budgets/charge-sensitive-change.ts';
import { returnOf, returnUnjudged } from '../budgets/return-unjudged.ts';
import type { Account } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Origin, Records } from '../model/records.ts';
import type { Session, SessionSubject } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { endAllBut } from '../session/end-all-but.ts';
import { requireSession } from '../session/require-session.ts';
import { passwordReasons } from '../values/password.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'clock'
  | 'entropy'
  | 'phoneSealKeys'
  | 'sessionKeys'
  | 'tags'
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
 * Changes the password of a subscriber who is logged in, and ends all their other sessions.
 *
 * Event and notice are written before the password is set. After a crash in between, sessions ended
 * and the owner was told for nothing, and the same request goes through. The reverse order could
 * leave a changed password that the owner never hears of.
 * Ten AWS calls, and two for each session that ends.
 * @throws Problem unauthenticated, password_rejected, credentials_incorrect, too_many_requests
 */
export const changePassword =
  (ports: Needs) =>
  async (subject: SessionSubject, input: PasswordInput): Promise<void> => {
    const { username } = subject;
    const { account, session } = await requireSession(ports)(subject);
    const minimumLength = ports.limits.passwordLength;
    const reasons = passwordReasons(input.newPassword, { username }, minimumLength);
    // Before the current password is checked: it would end every other session, and change nothing.
    if (input.newPassword === input.currentPassword) reasons.push('unchanged');
    if (reasons.length > 0) throw new Problem('password_rejected', { reasons, minimumLength });
    await confirmPassword(ports)(account, username, input.currentPassword);
    const unit = await chargeSensitiveChange(ports)(account);
    const told = await namedNotices(ports, 'password-changed', account, username);

    // Once the notice is written, the change counts: its SMS goes out.
    const invalidated = await returnUnjudged([returnOf(ports, unit)], () =>
      invalidateOtherSessions(ports, account, session, {
        events: [securityEvent(ports, 'password.changed', session.userId, input.origin)],
        notices: told,
      }),
    );
    if (!invalidated) throw new Problem('unauthenticated');
    await setPassword(ports, session.userId, input.newPassword);
    // Once more: until now, the old password could still open sessions.
    if (!(await invalidateOtherSessions(ports, invalidated, session)))
      await discardPassword(ports, session.userId);
    // These sessions open nothing any more. Remove them from the list, and revoke the directory's
    // tokens.
    await endAllBut(ports)(session, input.origin, 'password-changed');
  };

/**
 * @returns the account after the change; undefined if another request has ended this session too
 */
async function invalidateOtherSessions(
  ports: Needs,
  account: Account,
  { sessionId }: Session,
  records: Partial<Records> = {},
): Promise<Account | undefined> {
  const validity = { sessionsValidFrom: ports.clock(), exceptSession: sessionId };
  const change = { ...validity, remove: ['resetFrom'] as const };
  const { kind } = await changeAccount(ports)(account, change, records, 'session');
  return kind === 'changed' ? { ...account, ...validity } : undefined;
}

/**
 * A reset has overtaken this change, and this change has overwritten the reset's password. The
 * changed password must open nothing, so a random one replaces it. The owner then resets once more.
 */
async function discardPassword({ entropy, directoryUsers }: Needs, userId: string): Promise<never> {
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
