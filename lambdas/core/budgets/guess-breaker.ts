import { guessBreaker } from '../model/breaker.ts';
import type { Challenge } from '../model/challenge.ts';
import { windowAt } from '../model/ledger.ts';
import { type CodePayment, paymentOf } from '../model/purpose.ts';
import { openPhone } from '../model/sealed-phone.ts';
import { guessScopes, type SpendScope } from '../model/spending.ts';
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

type Counting = Pick<Ports, 'phoneSealKeys' | 'limits' | 'ledgers' | 'breakers'> & {
  readonly guessMetrics?: GuessMetrics;
};

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
    const counted = guessScopes(paymentOf(challenge), opened).map((of) => countFor(ports, of, now));
    for (const result of await Promise.allSettled(counted)) {
      if (result.status === 'rejected') ports.guessMetrics?.notCounted(result.reason);
    }
  };

async function countFor(
  { limits, ledgers, breakers, guessMetrics }: Counting,
  of: SpendScope,
  now: number,
) {
  const { thisHour, today } = await ledgers.recordGuess(of, now);
  const [perHour, perDay] =
    of === 'service'
      ? [limits.failuresPerServiceAndHour, limits.failuresPerServiceAndDay]
      : [limits.failuresPerPrefixAndHour, limits.failuresPerPrefixAndDay];
  if (!isDue(thisHour, perHour) && !isDue(today, perDay)) return;
  const { windowEndsAt, partEndsAt } = windowAt('guesses', now);
  await breakers.open(guessBreaker(of), today >= perDay ? windowEndsAt : partEndsAt);
  guessMetrics?.breakerOpened();
}

const isDue = (count: number, limit: number): boolean =>
  count >= limit && (count - limit) % opensEvery === 0;
