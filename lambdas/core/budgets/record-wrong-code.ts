import type { Challenge } from '../model/challenge.ts';
import { type LedgerKey, ledgersOf } from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';
import { type GuessMetrics, recordGuess } from './guess-breaker.ts';
import { reviewNumberOf } from './review-numbers.ts';

export type WrongCodeNeeds = Pick<
  Ports,
  'clock' | 'keys' | 'limits' | 'ledgers' | 'breakers' | 'reviewNumbers'
> & {
  readonly guessMetrics?: GuessMetrics;
};

/**
 * Counts a wrong code for the caller's address, for the challenge's phone and account, and for the whole service: whatever
 * it was a code of; at a review number, not for the service. The ledgers count without a condition and refuse the *next* challenge, never the one a victim holds.
 */
export const recordWrongCode =
  (ports: WrongCodeNeeds) =>
  async (challenge: Challenge, callers: LedgerKey, now: number): Promise<void> => {
    const review = await reviewNumberOf(ports)(challenge.phoneTag);
    await Promise.all([
      ...[callers, ...ledgersOf(challenge)].map((ledger) =>
        ports.ledgers.recordFailure(ledger, now),
      ),
      // Whoever guesses at a number that opens nobody's account must not take tries from everybody.
      ...(review ? [] : [recordGuess(ports)(challenge, now)]),
    ]);
  };
