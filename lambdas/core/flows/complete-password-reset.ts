import { unseal } from '../crypto/seal.ts';
import { usernameContext } from '../engine/challenge.ts';
import { giveBack, useTicket } from '../engine/use-ticket.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';
import { passwordReasons } from '../values/password.ts';

type Needs = Pick<Ports, 'clock' | 'keys' | 'limits' | 'challenges' | 'users'>;

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

    const refuse = giveBack(ports);
    const reasons = passwordReasons(input.newPassword, { username });
    if (reasons.length > 0) return refuse(use, new Problem('password_rejected', { reasons }));

    const { kind } = await users.setPassword(username, input.newPassword);
    if (kind === 'rejected') {
      return refuse(use, new Problem('password_rejected', { reasons: ['blocklisted'] }));
    }
    // The account was closed between the code and the password.
    if (kind === 'unknown') throw new Problem('ticket_invalid');

    await users.signOutEverywhere(username);
    const spent = await challenges.spendTicket(idHash, use.usedBy);
    if (spent.kind === 'lost') throw new Problem('ticket_invalid');
  };
