import { changeAccount } from '../account/change-account.ts';
import { findByTag } from '../account/find-account.ts';
import { namedNotices, securityEvent } from '../audit/compose-records.ts';
import type { WrongCodeNeeds } from '../budgets/record-wrong-code.ts';
import { claimTicket, releaseTicket, type TicketUse } from '../challenge/claim-ticket.ts';
import { endLeaseIfUnjudged } from '../challenge/end-lease.ts';
import { requireSecondFactor } from '../challenge/require-second-factor.ts';
import { unseal } from '../crypto/seal.ts';
import { type Account, type AccountChange, isHeld } from '../model/account.ts';
import { usernameContext } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import { sealUsername } from '../model/sealed-username.ts';
import type { FactorCode } from '../model/second-factor.ts';
import type { Ports } from '../ports/index.ts';
import { type PasswordReason, passwordReasons } from '../values/password.ts';
import { type PhoneRestored, repeatRestoration, restorePhone } from './restore-phone.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'publicKeys'
  | 'sealKeys'
  | 'usernameSealKeys'
  | 'tags'
  | 'limits'
  | 'challenges'
  | 'accounts'
  | 'directoryUsers'
> &
  WrongCodeNeeds;

/** What a reset did: in the day after a change of phone it brings the former phone back instead. */
export type ResetOutcome = { readonly kind: 'password-set' } | PhoneRestored;

interface ResetInput {
  readonly ticket: string;
  readonly newPassword: string;
  /** Required where the account has an authenticator app. */
  readonly secondFactor?: FactorCode | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly origin: Origin;
}

/** An account that is active or closing, and so has a user. */
type OpenAccount = Account & { readonly userId: string };

/**
 * Sets the new password and ends every session. The subscriber then logs in with the new password (OWASP Forgot
 * Password: no auto-login), and the ticket is that login's second factor.
 *
 * Sessions are invalidated before the password is set, as in a change of the password. From then on
 * no old session or device opens anything, even if no request follows a crash. The reverse order
 * could leave a new password beside a thief's sessions, and an owner who was not told.
 *
 * Each step can be repeated, so the same request resumes after a crash. Event and notice are
 * written once for each ticket, however often it is used. If the directory refuses the password and
 * no request follows, they were written for nothing.
 * A refused password releases the ticket.
 *
 * While a new phone is held, no password is set: see `restore-phone.ts`.
 *
 * Six AWS calls. Two more where the account has an authenticator app, three where it is closing,
 * one where the ticket was used before.
 * @throws Problem ticket_invalid, password_rejected, second_factor_required, code_incorrect,
 *   challenge_locked, unavailable
 */
export const completePasswordReset =
  (ports: Needs) =>
  async (input: ResetInput): Promise<ResetOutcome> => {
    const { method, code } = input.secondFactor ?? {};
    const inputs = [input.newPassword, method ?? '', code ?? ''];
    const { idempotencyKey } = input;
    const use = await claimTicket(ports)(input.ticket, 'password-reset', inputs, idempotencyKey);
    if (use.done) return (await repeatRestoration(ports)(use)) ?? { kind: 'password-set' };
    return endLeaseIfUnjudged(ports)(use, () => completeReset(ports, input, use));
  };

async function completeReset(
  ports: Needs,
  input: ResetInput,
  use: TicketUse<'password-reset'>,
): Promise<ResetOutcome> {
  const found = await findAccount(ports, use);
  // Before the password is judged: it is not set, and a person in a hurry must not have to find a good one.
  if (isHeld(found, ports.clock())) return restorePhone(ports)(use, found, input);
  const samePhone = (await ports.tags()).isSame(found.phoneTag, use.challenge.phoneTag);
  if (!samePhone) throw new Problem('ticket_invalid');
  return resetPassword(ports, input, use, found);
}

async function resetPassword(
  ports: Needs,
  input: ResetInput,
  use: TicketUse<'password-reset'>,
  found: OpenAccount,
): Promise<ResetOutcome> {
  const { sealKeys, directoryUsers } = ports;
  const { idHash, username: sealed, createdAt } = use.challenge;
  const username = await unseal(sealKeys, usernameContext(idHash), sealed, createdAt);
  const reasons = passwordReasons(input.newPassword, { username }, ports.limits.passwordLength);
  if (reasons.length > 0) return rejectPassword(ports, use, reasons);
  await requireSecondFactor(ports)(use, found, input);
  // The closing was not completed, and the owner takes the account back.
  const account = found.status === 'closing' ? await reopenAccount(ports, found, username) : found;
  await invalidateSessions(ports, use, { account, username }, input.origin);
  const result = await setPassword(ports, account, username, input.newPassword);
  if (result.kind === 'rejected') return rejectPassword(ports, use, ['blocklisted']);
  if (result.kind === 'unknown') throw new Problem('ticket_invalid');

  await directoryUsers.signOutEverywhere(result.userId);
  await spendTicket(ports, { ...account, userId: result.userId }, use);
  return { kind: 'password-set' };
}

/**
 * The account that the reset was started for. A username that was given up and registered again
 * belongs to another person.
 * @throws Problem ticket_invalid
 */
async function findAccount(
  ports: Needs,
  { challenge }: TicketUse<'password-reset'>,
): Promise<OpenAccount> {
  const { accountTag, createdAt } = challenge;
  const account = await findByTag(ports)(accountTag);
  const open = account?.status === 'active' || account?.status === 'closing';
  const same = open && account.createdAt <= createdAt;
  if (same && account.userId !== undefined) return { ...account, userId: account.userId };
  throw new Problem('ticket_invalid');
}

/**
 * Invalidates every earlier sign-in and tells the owner, once for each ticket: otherwise each
 * parallel use of the ticket would send an SMS.
 */
async function invalidateSessions(
  ports: Needs,
  { challenge, usedBy }: TicketUse<'password-reset'>,
  { account, username }: { readonly account: OpenAccount; readonly username: string },
  origin: Origin,
): Promise<void> {
  const { phoneTag, userId } = account;
  const change = {
    sessionsValidFrom: ports.clock(),
    resetFrom: origin.addressTag,
    ...(await missingUsername(ports, account, username)),
  };
  const records = {
    events: [securityEvent(ports, 'password.reset', userId, origin)],
    notices: await namedNotices(ports, 'password-changed', account, username),
  };
  const notifiedBy = { idHash: challenge.idHash, usedBy };
  const write = changeAccount(ports);
  const first = await write(account, change, records, { phoneTag, notifiedBy });
  const { kind } = first.kind === 'told' ? await write(account, change, {}, { phoneTag }) : first;
  // A parallel request whose password was refused has released the ticket. A retry is told the
  // reason.
  if (kind === 'lost') throw new Problem('unavailable', { retryAfter: 1 });
  if (kind !== 'changed') throw new Problem('ticket_invalid');
}

/** The username of an account that was opened before usernames were kept. */
async function missingUsername(
  { entropy, usernameSealKeys }: Needs,
  { usernameTag, username: kept }: OpenAccount,
  username: string,
): Promise<Pick<AccountChange, 'username'>> {
  if (kept !== undefined) return {};
  const { current } = await usernameSealKeys();
  return { username: sealUsername(current, entropy, usernameTag, username) };
}

/** The last step: the ticket is spent. */
async function spendTicket(
  ports: Needs,
  account: OpenAccount,
  { challenge, usedBy }: TicketUse<'password-reset'>,
): Promise<void> {
  // `sessionsValidFrom` moves once more: until the password was set, the old one could still open
  // sessions.
  const { idHash } = challenge;
  const sessionsValidFrom = ports.clock();
  // By this its ticket is the second factor of the login that follows.
  const change = { sessionsValidFrom, newestReset: { idHash, at: sessionsValidFrom } };
  const ticket = { idHash, usedBy };
  const { phoneTag } = account;
  const { kind } = await changeAccount(ports)(account, change, {}, { phoneTag, ticket });
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

/** The outcome, and the user whose password was set. */
type PasswordSet = { kind: 'set'; userId: string } | { kind: 'rejected' } | { kind: 'unknown' };

/**
 * Sets the password of the account's user. An access token can delete its own user past Hawiya's
 * API (Cognito's `DeleteUser`, which the scope that opens `/account` also opens). The account then
 * still exists and gets a new user, so that its owner is not locked out.
 */
async function setPassword(
  ports: Needs,
  account: OpenAccount,
  username: string,
  password: string,
): Promise<PasswordSet> {
  const { userId } = account;
  // Set it by id, never by name: the name may be another person's by now, who would get this
  // password.
  const first = await ports.directoryUsers.setPassword(userId, password);
  if (first.kind !== 'unknown') return first.kind === 'set' ? { kind: 'set', userId } : first;
  const { userId: newId } = await bindNewUser(ports, account, username);
  const again = await ports.directoryUsers.setPassword(newId, password);
  return again.kind === 'set' ? { kind: 'set', userId: newId } : again;
}

/**
 * Takes back an account that is closing. It gets a new user, never its former one. If this request
 * dies here, the former user still knows the old password and its sessions. The closing in flight
 * may also delete that user at any moment.
 */
async function reopenAccount(ports: Needs, account: OpenAccount, username: string) {
  await ports.directoryUsers.deleteUser(account.userId);
  return bindNewUser(ports, account, username);
}

/**
 * Creates a user and binds it to the account, which is active then.
 * @throws Problem ticket_invalid if name or account are another person's by now; unavailable
 */
async function bindNewUser(
  { accounts, directoryUsers }: Needs,
  account: OpenAccount,
  username: string,
): Promise<OpenAccount> {
  const created = await directoryUsers.createUser(username);
  if (created.kind === 'taken') throw new Problem('ticket_invalid');
  const { userId } = created;
  // The directory still returns the user that was deleted: going on would revive it.
  if (userId === account.userId) throw new Problem('unavailable', { retryAfter: 1 });
  const bound = await accounts.bindUser(account, userId);
  if (bound.kind === 'gone') throw new Problem('ticket_invalid');
  return { ...account, status: 'active', userId };
}
