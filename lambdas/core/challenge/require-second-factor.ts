import { checkFactor, factorEvents } from '../account/second-factor.ts';
import { recordWrongCode, type WrongCodeNeeds } from '../budgets/record-wrong-code.ts';
import type { Account } from '../model/account.ts';
import { lockedProblem } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import { type FactorCode, factorMethods } from '../model/second-factor.ts';
import type { Ports } from '../ports/index.ts';
import { releaseTicket, type TicketUse } from './claim-ticket.ts';

type Needs = Pick<Ports, 'accounts' | 'challenges' | 'clock' | 'entropy' | 'keys' | 'limits'> &
  WrongCodeNeeds;

interface Given {
  readonly secondFactor?: FactorCode | undefined;
  readonly origin: Origin;
}

/**
 * Asks whoever has proved an account's phone for its authenticator app too, where it has one: else the phone alone would
 * get past it (ASVS 6.4.3). Each code takes one of the challenge's attempts before it is looked at, those that the SMS's
 * code was tried with among them, so a reset gets no more guesses than it ever did. Once given it is noted on the ticket:
 * the same request resumes after a crash, and one with another password needs no further code. Two AWS calls where there
 * is an app.
 * @throws Problem second_factor_required, code_incorrect: both give the ticket back; challenge_locked: a twin may be about
 *   to succeed with the last attempt, so the ticket's lease runs out by itself
 */
export const requireSecondFactor =
  (ports: Needs) =>
  async (
    use: TicketUse<'password-reset'>,
    account: Account,
    { secondFactor, origin }: Given,
  ): Promise<void> => {
    if (!account.totp || use.challenge.secondFactor) return;
    if (!secondFactor) {
      const methods = factorMethods(account);
      return releaseTicket(ports)(use, new Problem('second_factor_required', { methods }));
    }
    const attemptsLeft = await takeAttempt(ports, use);
    const locked = attemptsLeft === undefined;
    if (!locked && (await accepts(ports, use, account, secondFactor, origin))) return;
    // A twin of this very request may have been faster, and has used up the code, or the last attempt with it.
    const now = await ports.challenges.find(use.challenge.idHash);
    if (now?.purpose === 'password-reset' && now.secondFactor) return;
    if (locked) throw lockedProblem(use.challenge, ports.clock());

    const callers = { scope: 'address', tag: origin.addressTag } as const;
    await recordWrongCode(ports)(use.challenge, callers, ports.clock());
    return releaseTicket(ports)(use, new Problem('code_incorrect', { attemptsLeft }));
  };

/** @returns the attempts that are left after it; undefined where none was */
async function takeAttempt(
  { challenges, limits }: Needs,
  { challenge, usedBy }: TicketUse,
): Promise<number | undefined> {
  const maxAttempts = limits.attemptsPerChallenge;
  const taken = await challenges.countTicketAttempt(challenge.idHash, { usedBy, maxAttempts });
  return taken.kind === 'counted' ? maxAttempts - taken.challenge.attempts : undefined;
}

async function accepts(
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
