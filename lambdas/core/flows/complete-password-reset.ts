import { unseal } from '../crypto/seal.ts';
import { usernameContext } from '../engine/challenge.ts';
import { giveBack, type TicketUse, useTicket } from '../engine/use-ticket.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';
import { type PasswordReason, passwordReasons } from '../values/password.ts';

type Needs = Pick<Ports, 'clock' | 'keys' | 'limits' | 'challenges' | 'accounts' | 'users'>;

/**
 * Sets the new password and ends every session; the person logs in anew (OWASP Forgot Password: no auto-login).
 * Marks the ticket in use, sets the password, signs out everywhere, spends the ticket: each step may be
 * repeated, so the same request resumes after a crash. A refused password gives the ticket back. Four AWS calls.
 * @throws Problem ticket_invalid, password_rejected, unavailable
 */
export const completePasswordReset =
  (ports: Needs) =>
  async (input: { readonly ticket: string; readonly newPassword: string }): Promise<void> => {
    const { keys, challenges, users } = ports;
    const use = await useTicket(ports)(input.ticket, 'password-reset', [input.newPassword]);
    const { idHash, username: sealed } = use.challenge;
    if (sealed === undefined) throw new Error('A reset challenge without its username');
    const username = await unseal(keys, usernameContext(idHash), sealed);

    const reasons = passwordReasons(input.newPassword, { username });
    if (reasons.length > 0) return rejectPassword(ports, use, reasons);
    const { kind } = await setPassword(ports, use, username, input.newPassword);
    if (kind === 'rejected') return rejectPassword(ports, use, ['blocklisted']);
    if (kind === 'unknown') throw new Problem('ticket_invalid');

    await users.signOutEverywhere(username);
    const spent = await challenges.spendTicket(idHash, use.usedBy);
    if (spent.kind === 'lost') throw new Problem('ticket_invalid');
  };

const rejectPassword = (ports: Needs, use: TicketUse, reasons: PasswordReason[]) =>
  giveBack(ports)(use, new Problem('password_rejected', { reasons }));

/**
 * An access token can delete its own user past our API (Cognito's `DeleteUser`, which the scope that opens
 * `/account` also opens). The account is still there, so its owner gets a new user instead of a dead end.
 */
async function setPassword(
  { accounts, users }: Needs,
  { challenge }: TicketUse,
  username: string,
  password: string,
): ReturnType<Ports['users']['setPassword']> {
  const result = await users.setPassword(username, password);
  if (result.kind !== 'unknown' || challenge.accountTag === undefined) return result;
  const created = await users.createUser(username);
  if (created.kind === 'taken') return result;
  const bound = await accounts.bindUser(challenge.accountTag, created.userId);
  return bound.kind === 'bound' ? users.setPassword(username, password) : result;
}
