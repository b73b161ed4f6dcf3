import { guessBreaker } from '../model/breaker.ts';
import type { Challenge } from '../model/challenge.ts';
import { windowAt } from '../model/ledger.ts';
import { type CodePayment, paymentOf } from '../model/purpose.ts';
import { openPhone } from '../model/sealed-phone.ts';
import { type GuessScope, guessScopes } from '../model/spending.ts';
import type { Ports } from '../ports/index.ts';

/** Reports to operators what the answer to a guess does not show. */
export interface GuessMetrics {
  /** From now on, new challenges allow fewer attempts. */
  readonly breakerOpened: () => void;
  /** A wrong code could not be counted. */
  readonly notCounted: (error: unknown) => void;
}

/**
 * A full ledger opens its breaker at the wrong code that fills it, and at every tenth code after that. Each count is
 * returned only once, so a flood of guesses does not become a flood of writes to the breaker's item. If a crash loses an
 * opening, the breaker opens ten guesses later.
 */
const opensEvery = 10;

/** The scope of failed logins with a national ID. */
export const nationalIdLogins = 'national-id-logins';

type Asking = Pick<Ports, 'clock' | 'limits' | 'breakers'>;

/**
 * The number of attempts to withhold from a new challenge. While a budget of wrong codes is full, each challenge allows
 * only `attemptsWhileGuessed` attempts. Refusing new challenges instead would let an attacker close Hawiya by guessing.
 */
export const triesWithheld =
  ({ clock, limits, breakers }: Asking) =>
  async (payment: CodePayment, phone: string): Promise<number> => {
    const withheld = limits.attemptsPerChallenge - limits.attemptsWhileGuessed;
    // A name whose tries are used up is being guessed at.
    if (payment === 'named-account') return withheld;
    const now = clock();
    const openUntil = await Promise.all(
      guessScopes(payment, phone).map((of) => breakers.openUntil(guessBreaker(of))),
    );
    const guessed = openUntil.some((until) => until > now);
    return guessed ? withheld : 0;
  };

/** @returns the instant until which the budget of a scope is used up; 0 or a past one if it is not */
export const guessedUntil =
  ({ breakers }: Pick<Ports, 'breakers'>) =>
  (of: GuessScope): Promise<number> =>
    breakers.openUntil(guessBreaker(of));

type CountingAt = Pick<Ports, 'limits' | 'ledgers' | 'breakers'> & {
  readonly guessMetrics?: GuessMetrics;
};
type Counting = CountingAt & Pick<Ports, 'phoneSealKeys'>;

/**
 * Counts a wrong code for all of Hawiya and, if the caller named the phone, also for its destination prefix. The code of
 * a transaction counts for its relying service alone, with the limits of a prefix. A failed count does not fail the
 * answer: all guesses write to one item, which throttles in a flood, and by then its breaker is open.
 * @param now epoch seconds
 */
export const recordGuess =
  (ports: Counting) =>
  async (challenge: Challenge, now: number): Promise<void> => {
    const opened = await openPhone(ports.phoneSealKeys, challenge, challenge.createdAt);
    const scopes = guessScopes(paymentOf(challenge), opened);
    await Promise.all(scopes.map((of) => recordGuessAt(ports)(of, now)));
  };

/**
 * Counts a failure for one scope, and opens its breaker where it fills the budget. A failed count does not fail the answer.
 * @param now epoch seconds
 */
export const recordGuessAt =
  (ports: CountingAt) =>
  async (of: GuessScope, now: number): Promise<void> => {
    try {
      await countFor(ports, of, now);
    } catch (error) {
      ports.guessMetrics?.notCounted(error);
    }
  };

async function countFor(
  { limits, ledgers, breakers, guessMetrics }: CountingAt,
  of: GuessScope,
  now: number,
) {
  const { thisHour, today } = await ledgers.recordGuess(of, now);
  const [perHour, perDay] = budgetOf(limits, of);
  if (!isDue(thisHour, perHour) && !isDue(today, perDay)) return;
  const { windowEndsAt, partEndsAt } = windowAt('guesses', now);
  await breakers.open(guessBreaker(of), today >= perDay ? windowEndsAt : partEndsAt);
  guessMetrics?.breakerOpened();
}

function budgetOf(limits: Ports['limits'], of: GuessScope): readonly [number, number] {
  switch (of) {
    case 'service':
      return [limits.failuresPerServiceAndHour, limits.failuresPerServiceAndDay];
    case nationalIdLogins:
      return [limits.failedNationalIdLoginsPerHour, limits.failedNationalIdLoginsPerDay];
    default:
      return [limits.failuresPerPrefixAndHour, limits.failuresPerPrefixAndDay];
  }
}

const isDue = (count: number, limit: number): boolean =>
  count >= limit && (count - limit) % opensEvery === 0;
