import { unseal } from '../crypto/seal.ts';
import { guessBreaker } from '../model/breaker.ts';
import { type Challenge, phoneContext } from '../model/challenge.ts';
import { windowAt } from '../model/ledger.ts';
import { type CodePayment, paymentOf } from '../model/purpose.ts';
import { breakerScopes, type SpendScope } from '../model/spending.ts';
import type { Ports } from '../ports/index.ts';

/** What happens beside the answer to a guess, and whoever runs the service must learn. */
export interface GuessMetrics {
  /** New challenges take fewer tries from now on. */
  readonly breakerOpened: () => void;
  readonly notCounted: (error: unknown) => void;
}

/**
 * How often a full ledger opens its breaker: at the wrong code that fills it and at every tenth after that. Counts are
 * given out one by one, so a flood of guesses is no flood of writes to one item, and an opening that a crash has lost is
 * made up for ten guesses later.
 */
const opensEvery = 10;

type Asking = Pick<Ports, 'clock' | 'limits' | 'breakers'>;

/**
 * The tries that a new challenge is started without. A budget of wrong codes that refused new challenges would let
 * anybody who guesses close the service; while one is full, each challenge takes `attemptsWhileGuessed` instead.
 */
export const triesWithheld =
  ({ clock, limits, breakers }: Asking) =>
  async (payment: CodePayment, phone: string): Promise<number> => {
    const now = clock();
    const openUntil = await Promise.all(
      breakerScopes(payment, phone).map((of) => breakers.openUntil(guessBreaker(of))),
    );
    const guessed = openUntil.some((until) => until > now);
    return guessed ? limits.attemptsPerChallenge - limits.attemptsWhileGuessed : 0;
  };

type Counting = Pick<Ports, 'keys' | 'limits' | 'ledgers' | 'breakers'> & {
  readonly guessMetrics?: GuessMetrics;
};

/**
 * Counts a wrong code for the service and, where the caller named the phone, for its prefix; of a transaction for the relying
 * service alone, which is held to a prefix's numbers. Never fails the answer: everybody's
 * guesses meet at one item, which throttles in a flood, and by then its breaker is open.
 */
export const recordGuess =
  (ports: Counting) =>
  async (challenge: Challenge, now: number): Promise<void> => {
    const opened = await unseal(ports.keys, phoneContext(challenge.phoneTag), challenge.phone);
    const counted = breakerScopes(paymentOf(challenge), opened).map((of) =>
      countFor(ports, of, now),
    );
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
