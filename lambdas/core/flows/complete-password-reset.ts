import type { Account } from '../account.ts';
import { unseal } from '../crypto/seal.ts';
import { usernameContext } from '../engine/challenge.ts';
import { notice, securityEvent } from '../engine/compose-records.ts';
import { requireSecondFactor } from '../engine/require-second-factor.ts';
import type { FactorCode } from '../engine/second-factor.ts';
import { giveBack, type TicketUse, useTicket } from '../engine/use-ticket.ts';
import type { WrongCodeNeeds } from '../engine/wrong-code.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';
import type { Origin } from '../records.ts';
import { type PasswordReason, passwordReasons } from '../values/password.ts';

type Needs = Pick<
  Ports,
  'clock' | 'entropy' | 'keys' | 'limits' | 'challenges' | 'accounts' | 'users'
> &
  WrongCodeNeeds;

/**
 * Sets the new password and ends every session; the person logs in anew (OWASP Forgot Password: no auto-login).
 * Marks the ticket in use, reads the account, sets the password, signs out everywhere; then ends its sessions, tells its
 * owner and spends the ticket in one transaction. Each step may be repeated, so the same request resumes after a crash.
 * A refused password gives the ticket back. Five AWS calls, seven where the account has an authenticator app.
 * @throws Problem ticket_invalid, password_rejected, second_factor_required, code_incorrect, challenge_locked, unavailable
 */
export const completePasswordReset =
  (ports: Needs) =>
  async (input: {
    readonly ticket: string;
    readonly newPassword: string;
    /** Of an account that has an authenticator app. */
    readonly secondFactor?: FactorCode | undefined;
    readonly origin: Origin;
  }): Promise<void> => {
    const { keys, users } = ports;
    const { method, code } = input.secondFactor ?? {};
    const inputs = [input.newPassword, method ?? '', code ?? ''];
    const use = await useTicket(ports)(input.ticket, 'password-reset', inputs);
    const { idHash, username: sealed } = use.challenge;
    if (sealed === undefined) throw new Error('A reset challenge without its username');
    const username = await unseal(keys, usernameContext(idHash), sealed);

    const reasons = passwordReasons(input.newPassword, { username }, ports.limits.passwordLength);
    if (reasons.length > 0) return rejectPassword(ports, use, reasons);
    const account = await findAccount(ports, use);
    await requireSecondFactor(ports)(use, account, input);
    const result = await setPassword(ports, account, username, input.newPassword);
    if (result.kind === 'rejected') return rejectPassword(ports, use, ['blocklisted']);
    if (result.kind === 'unknown') throw new Problem('ticket_invalid');

    await users.signOutEverywhere(username);
    await endSessions(ports, { ...account, userId: result.userId }, use, input.origin);
  };

/** The account the reset was started for: a name that was given up and taken since is somebody else's. */
async function findAccount({ accounts }: Needs, { challenge }: TicketUse): Promise<Account> {
  const { accountTag, phoneTag, createdAt } = challenge;
  const account = accountTag === undefined ? undefined : await accounts.find(accountTag);
  const same = account?.status === 'active' && account.createdAt <= createdAt;
  // Nor does a code open it that went to a phone it has left.
  if (same && account.phoneTag === phoneTag) return account;
  throw new Problem('ticket_invalid');
}

/**
 * The last step, and the one that counts: what signed in before opens nothing from now on, and neither does the ticket.
 * The directory's refresh tokens ended a call ago, so that nobody is told so before it is true.
 */
async function endSessions(
  ports: Needs,
  account: Account & { readonly userId: string },
  { challenge, usedBy }: TicketUse,
  origin: Origin,
): Promise<void> {
  const records = {
    events: [securityEvent(ports, 'password.reset', account.userId, origin)],
    notices: [notice(ports, 'password-changed', account)],
  };
  const change = { sessionsValidFrom: ports.clock() };
  const ticket = { idHash: challenge.idHash, usedBy };
  const { kind } = await ports.accounts.change(account, change, records, ticket);
  if (kind !== 'changed') throw new Problem('ticket_invalid');
}

const rejectPassword = (ports: Needs, use: TicketUse, reasons: PasswordReason[]) =>
  giveBack(ports)(
    use,
    new Problem('password_rejected', { reasons, minimumLength: ports.limits.passwordLength }),
  );

/** What came of it, and the user it came of. */
type PasswordSet = { kind: 'set'; userId: string } | { kind: 'rejected' } | { kind: 'unknown' };

/**
 * An access token can delete its own user past our API (Cognito's `DeleteUser`, which the scope that opens
 * `/account` also opens). The account is still there, so its owner gets a new user instead of a dead end.
 */
async function setPassword(
  { accounts, users }: Needs,
  { usernameTag, userId = '' }: Account,
  username: string,
  password: string,
): Promise<PasswordSet> {
  const first = await users.setPassword(username, password);
  if (first.kind === 'set') return { kind: 'set', userId };
  if (first.kind === 'rejected') return first;
  const created = await users.createUser(username);
  if (created.kind === 'taken') return first;
  const bound = await accounts.bindUser(usernameTag, created.userId);
  if (bound.kind === 'gone') return first;
  const again = await users.setPassword(username, password);
  return again.kind === 'set' ? { kind: 'set', userId: created.userId } : again;
}
