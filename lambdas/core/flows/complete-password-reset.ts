import type { Account } from '../account.ts';
import { unseal } from '../crypto/seal.ts';
import { usernameContext } from '../engine/challenge.ts';
import { notices, securityEvent } from '../engine/compose-records.ts';
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

/** An account that is open, and so has a user. */
type OpenAccount = Account & { readonly userId: string };

/**
 * Sets the new password and ends every session; the person logs in anew (OWASP Forgot Password: no auto-login).
 * The record comes first, as in a change of the password: from then on no old session or device opens anything, though
 * nobody ever comes back after a crash; the other order could leave a new password beside a thief's sessions, and nobody
 * told. Each step may be repeated, so the same request resumes after a crash; it may write event and notice twice then,
 * and for nothing where the directory refuses the password. A refused password gives the ticket back. Six AWS calls,
 * eight where the account has an authenticator app.
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
    const found = await findAccount(ports, use);
    await requireSecondFactor(ports)(use, found, input);
    // A closing that nobody went on with: its owner wants it back, and may have no user any more.
    const account = found.status === 'closing' ? await withUser(ports, found, username) : found;
    await closeToAll(ports, account, input.origin);
    const result = await setPassword(ports, account, username, input.newPassword);
    if (result.kind === 'rejected') return rejectPassword(ports, use, ['blocklisted']);
    if (result.kind === 'unknown') throw new Problem('ticket_invalid');

    await users.signOutEverywhere(result.userId);
    await spend(ports, { ...account, userId: result.userId }, use);
  };

/** The account the reset was started for: a name that was given up and taken since is somebody else's. */
async function findAccount({ accounts }: Needs, { challenge }: TicketUse): Promise<OpenAccount> {
  const { accountTag, phoneTag, createdAt } = challenge;
  const account = accountTag === undefined ? undefined : await accounts.find(accountTag);
  const open = account?.status === 'active' || account?.status === 'closing';
  const same = open && account.createdAt <= createdAt;
  // Nor does a code open it that went to a phone it has left.
  if (same && account.userId !== undefined && account.phoneTag === phoneTag)
    return { ...account, userId: account.userId };
  throw new Problem('ticket_invalid');
}

/** What signed in before opens nothing from now on, and whoever owns the account is told. */
async function closeToAll(ports: Needs, account: OpenAccount, origin: Origin): Promise<void> {
  const change = { sessionsValidFrom: ports.clock(), resetFrom: origin.addressTag };
  const records = {
    events: [securityEvent(ports, 'password.reset', account.userId, origin)],
    notices: notices(ports, 'password-changed', account),
  };
  const { phoneTag } = account;
  const { kind } = await ports.accounts.change(account, change, records, { phoneTag });
  if (kind !== 'changed') throw new Problem('ticket_invalid');
}

/** The last step: the ticket is good for nothing more. */
async function spend(
  { accounts, clock }: Needs,
  account: OpenAccount,
  { challenge, usedBy }: TicketUse,
): Promise<void> {
  // Again: until the password was set the old one still opened sessions.
  const change = { sessionsValidFrom: clock() };
  const ticket = { idHash: challenge.idHash, usedBy };
  const { phoneTag } = account;
  const { kind } = await accounts.change(account, change, {}, { phoneTag, ticket });
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
  ports: Needs,
  account: OpenAccount,
  username: string,
  password: string,
): Promise<PasswordSet> {
  const { userId } = account;
  // By the id, never the name: somebody else may have that by now, and would get this password.
  const first = await ports.users.setPassword(userId, password);
  if (first.kind !== 'unknown') return first.kind === 'set' ? { kind: 'set', userId } : first;
  const { userId: newId } = await withUser(ports, account, username);
  const again = await ports.users.setPassword(newId, password);
  return again.kind === 'set' ? { kind: 'set', userId: newId } : again;
}

/** @throws Problem ticket_invalid where name or account are somebody else's by now */
async function withUser(
  { accounts, users }: Needs,
  account: OpenAccount,
  username: string,
): Promise<OpenAccount> {
  const created = await users.createUser(username);
  if (created.kind === 'taken') throw new Problem('ticket_invalid');
  const { userId } = created;
  const bound = await accounts.bindUser(account, userId);
  if (bound.kind === 'gone') throw new Problem('ticket_invalid');
  return { ...account, status: 'active', userId };
}
