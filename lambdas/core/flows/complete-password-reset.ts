import { notices, securityEvent } from '../audit/compose-records.ts';
import type { WrongCodeNeeds } from '../budgets/record-wrong-code.ts';
import { claimTicket, releaseTicket, type TicketUse } from '../challenge/claim-ticket.ts';
import { requireSecondFactor } from '../challenge/require-second-factor.ts';
import { unseal } from '../crypto/seal.ts';
import type { Account } from '../model/account.ts';
import { usernameContext } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import type { FactorCode } from '../model/second-factor.ts';
import type { Ports } from '../ports/index.ts';
import { type PasswordReason, passwordReasons } from '../values/password.ts';

type Needs = Pick<
  Ports,
  'clock' | 'entropy' | 'keys' | 'limits' | 'challenges' | 'accounts' | 'directoryUsers'
> &
  WrongCodeNeeds;

/** An account that is open, and so has a user. */
type OpenAccount = Account & { readonly userId: string };

/**
 * Sets the new password and ends every session; the person logs in anew (OWASP Forgot Password: no auto-login).
 * The record comes first, as in a change of the password: from then on no old session or device opens anything, though
 * nobody ever comes back after a crash; the other order could leave a new password beside a thief's sessions, and nobody
 * told. Each step may be repeated, so the same request resumes after a crash. Event and notice are written once a ticket,
 * however often it is used; for nothing where the directory refuses the password and nobody comes back. A refused password
 * gives the ticket back. Six AWS calls, two more where the account has an authenticator app, three where it is closing,
 * one where the ticket was used before.
 * @throws Problem ticket_invalid, password_rejected, second_factor_required, code_incorrect, challenge_locked, unavailable
 */
export const completePasswordReset =
  (ports: Needs) =>
  async (input: {
    readonly ticket: string;
    readonly newPassword: string;
    /** Of an account that has an authenticator app. */
    readonly secondFactor?: FactorCode | undefined;
    readonly idempotencyKey?: string | undefined;
    readonly origin: Origin;
  }): Promise<void> => {
    const { keys, directoryUsers } = ports;
    const { method, code } = input.secondFactor ?? {};
    const inputs = [input.newPassword, method ?? '', code ?? ''];
    const { idempotencyKey } = input;
    const use = await claimTicket(ports)(input.ticket, 'password-reset', inputs, idempotencyKey);
    if (use.done) return;
    const { idHash, username: sealed } = use.challenge;
    const username = await unseal(keys, usernameContext(idHash), sealed);

    const reasons = passwordReasons(input.newPassword, { username }, ports.limits.passwordLength);
    if (reasons.length > 0) return rejectPassword(ports, use, reasons);
    const found = await findAccount(ports, use);
    await requireSecondFactor(ports)(use, found, input);
    // A closing that nobody went on with: its owner wants it back.
    const account = found.status === 'closing' ? await takeBack(ports, found, username) : found;
    await closeToAll(ports, use, account, input.origin);
    const result = await setPassword(ports, account, username, input.newPassword);
    if (result.kind === 'rejected') return rejectPassword(ports, use, ['blocklisted']);
    if (result.kind === 'unknown') throw new Problem('ticket_invalid');

    await directoryUsers.signOutEverywhere(result.userId);
    await spend(ports, { ...account, userId: result.userId }, use);
  };

/** The account the reset was started for: a name that was given up and taken since is somebody else's. */
async function findAccount(
  { accounts }: Needs,
  { challenge }: TicketUse<'password-reset'>,
): Promise<OpenAccount> {
  const { accountTag, phoneTag, createdAt } = challenge;
  const account = await accounts.find(accountTag);
  const open = account?.status === 'active' || account?.status === 'closing';
  const same = open && account.createdAt <= createdAt;
  // Nor does a code open it that went to a phone it has left.
  if (same && account.userId !== undefined && account.phoneTag === phoneTag)
    return { ...account, userId: account.userId };
  throw new Problem('ticket_invalid');
}

/**
 * What signed in before opens nothing from now on, and whoever owns the account is told: once a ticket, or each of its
 * parallel uses would be an SMS.
 */
async function closeToAll(
  ports: Needs,
  { challenge, usedBy }: TicketUse<'password-reset'>,
  account: OpenAccount,
  origin: Origin,
): Promise<void> {
  const { phoneTag, userId } = account;
  const change = { sessionsValidFrom: ports.clock(), resetFrom: origin.addressTag };
  const records = {
    events: [securityEvent(ports, 'password.reset', userId, origin)],
    notices: notices(ports, 'password-changed', account),
  };
  const toldBy = { idHash: challenge.idHash, usedBy };
  const first = await ports.accounts.change(account, change, records, { phoneTag, toldBy });
  const { kind } =
    first.kind === 'told' ? await ports.accounts.change(account, change, {}, { phoneTag }) : first;
  // A twin whose password was refused has given the ticket back: asked again, it says what is the matter.
  if (kind === 'lost') throw new Problem('unavailable', { retryAfter: 1 });
  if (kind !== 'changed') throw new Problem('ticket_invalid');
}

/** The last step: the ticket is good for nothing more. */
async function spend(
  { accounts, clock }: Needs,
  account: OpenAccount,
  { challenge, usedBy }: TicketUse<'password-reset'>,
): Promise<void> {
  // Again: until the password was set the old one still opened sessions.
  const change = { sessionsValidFrom: clock() };
  const ticket = { idHash: challenge.idHash, usedBy };
  const { phoneTag } = account;
  const { kind } = await accounts.change(account, change, {}, { phoneTag, ticket });
  if (kind !== 'changed') throw new Problem('ticket_invalid');
}

const rejectPassword = (
  ports: Needs,
  use: TicketUse<'password-reset'>,
  reasons: PasswordReason[],
) =>
  releaseTicket(ports)(
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
  const first = await ports.directoryUsers.setPassword(userId, password);
  if (first.kind !== 'unknown') return first.kind === 'set' ? { kind: 'set', userId } : first;
  const { userId: newId } = await withUser(ports, account, username);
  const again = await ports.directoryUsers.setPassword(newId, password);
  return again.kind === 'set' ? { kind: 'set', userId: newId } : again;
}

/**
 * An account that is closing comes back with a new user, never with the one it had: that one still knows the old password
 * and its sessions, should nobody get further than this, and the closing that is under way may delete it any moment.
 */
async function takeBack(ports: Needs, account: OpenAccount, username: string) {
  await ports.directoryUsers.deleteUser(account.userId);
  return withUser(ports, account, username);
}

/** @throws Problem ticket_invalid where name or account are somebody else's by now, unavailable */
async function withUser(
  { accounts, directoryUsers }: Needs,
  account: OpenAccount,
  username: string,
): Promise<OpenAccount> {
  const created = await directoryUsers.createUser(username);
  if (created.kind === 'taken') throw new Problem('ticket_invalid');
  const { userId } = created;
  // A directory that does not know yet that this user is gone: to go on would revive it.
  if (userId === account.userId) throw new Problem('unavailable', { retryAfter: 1 });
  const bound = await accounts.bindUser(account, userId);
  if (bound.kind === 'gone') throw new Problem('ticket_invalid');
  return { ...account, status: 'active', userId };
}
