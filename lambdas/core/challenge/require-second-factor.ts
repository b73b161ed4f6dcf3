import { checkFactor, factorEvents } from '../account/second-factor.ts';
import { recordWrongCode, type WrongCodeNeeds } from '../budgets/record-wrong-code.ts';
import type { Account } from '../model/account.ts';
import { lockedProblem } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import { type FactorCode, factorMethods } from '../model/second-factor.ts';
import type { Ports } from '../ports/index.ts';
import { releaseTicket, type TicketUse } from './claim-ticket.ts';

type Needs = Pick<
  Ports,
  'accounts' | 'challenges' | 'clock' | 'entropy' | 'sealKeys' | 'tags' | 'limits'
> &
  WrongCodeNeeds;

/** A ticket that may come with a second factor. */
type FactorTicket = TicketUse<'password-reset' | 'phone-change'>;

interface GivenFactor {
  readonly secondFactor?: FactorCode | undefined;
  readonly origin: Origin;
}

/**
 * Demands the second factor of a claimant who has proved an account's phone, if the account has an
 * authenticator app. Otherwise the phone alone would bypass the app (ASVS 6.4.3).
 * Two AWS calls where the account has an app.
 * @throws Problem second_factor_required, which releases the ticket; as {@link acceptSecondFactor}
 */
export const requireSecondFactor =
  (ports: Needs) =>
  async (
    use: FactorTicket,
    account: Account,
    { secondFactor, origin }: GivenFactor,
  ): Promise<void> => {
    if (!account.totp || use.challenge.secondFactor) return;
    if (!secondFactor) {
      const methods = factorMethods(account);
      return releaseTicket(ports)(use, new Problem('second_factor_required', { methods }));
    }
    await acceptSecondFactor(ports)(use, account, { secondFactor, origin });
  };

/**
 * Checks the second factor that came along with a ticket.
 *
 * Each code takes one of the challenge's attempts before it is checked. The attempts at the SMS
 * code count too, so a ticket brings no extra guesses.
 * An accepted factor is used up and noted on the ticket in one transaction. The same request then
 * resumes after a crash, and a request with another password needs no second code.
 * Two AWS calls.
 * @throws Problem code_incorrect, which releases the ticket
 * @throws Problem challenge_locked: the lease stays, because a parallel request may be about to
 *   succeed with the last attempt
 * @throws Problem ticket_invalid: another request has the ticket by now
 */
export const acceptSecondFactor =
  (ports: Needs) =>
  async (
    use: FactorTicket,
    account: Account,
    { secondFactor, origin }: GivenFactor & { readonly secondFactor: FactorCode },
  ): Promise<void> => {
    const attemptsLeft = await takeAttempt(ports, use);
    const locked = attemptsLeft === undefined;
    if (!locked && (await useFactor(ports, use, account, secondFactor, origin))) return;
    // A parallel copy of this request may have used the code, or the last attempt, and noted the
    // factor.
    const now = await ports.challenges.find(use.challenge.idHash);
    if (now && 'secondFactor' in now && now.secondFactor) return;
    if (locked) throw lockedProblem(use.challenge, ports.clock());

    const callers = { scope: 'address', tag: origin.addressTag } as const;
    await recordWrongCode(ports)(use.challenge, callers, ports.clock());
    return releaseTicket(ports)(use, new Problem('code_incorrect', { attemptsLeft }));
  };

/** @returns the number of attempts left after this one; undefined if there was none to take */
async function takeAttempt(
  { challenges, limits }: Needs,
  { challenge, usedBy }: TicketUse,
): Promise<number | undefined> {
  const maxAttempts = limits.attemptsPerChallenge;
  const taken = await challenges.countTicketAttempt(challenge.idHash, { usedBy, maxAttempts });
  return taken.kind === 'counted' ? maxAttempts - taken.challenge.attempts : undefined;
}

async function useFactor(
  ports: Needs,
  { challenge, usedBy }: TicketUse,
  account: Account,
  secondFactor: FactorCode,
  origin: Origin,
): Promise<boolean> {
  const proof = await checkFactor(ports)(account, secondFactor);
  if (!proof) return false;
  const { idHash, purpose } = challenge;
  const events = factorEvents(ports, account, proof, { purpose, origin });
  const taken = await ports.accounts.takeFactor(
    account,
    proof,
    { kind: 'ticket', idHash, usedBy },
    { events },
  );
  if (taken.kind === 'lost') throw new Problem('ticket_invalid');
  return taken.kind === 'taken';
}
