import type { Challenge } from '../model/challenge.ts';
import { type LedgerKey, ledgersOf } from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';
import { type GuessMetrics, recordGuess } from './guess-breaker.ts';
import { reviewNumberOf } from './review-numbers.ts';

export type WrongCodeNeeds = Pick<
  Ports,
  'clock' | 'tags' | 'phoneSealKeys' | 'limits' | 'ledgers' | 'breakers' | 'reviewNumbers'
> & {
  readonly guessMetrics?: GuessMetrics;
};

/**
 * Counts a wrong code of any method for the caller's address, for the challenge's phone and account, and for all of
 * Hawiya. The ledgers count without a condition. A full ledger refuses the *next* challenge, never the one that a victim
 * holds.
 * @param callers the ledger of the caller's address
 * @param now epoch seconds
 */
export const recordWrongCode =
  (ports: WrongCodeNeeds) =>
  async (challenge: Challenge, callers: LedgerKey, now: number): Promise<void> => {
    const review = await reviewNumberOf(ports)(challenge.phoneTag);
    await Promise.all([
      ...[callers, ...ledgersOf(challenge)].map((ledger) =>
        ports.ledgers.recordFailure(ledger, now),
      ),
      // A review number protects no subscriber's account, so guesses at it must not reduce the attempts of other people.
      ...(review ? [] : [recordGuess(ports)(challenge, now)]),
    ]);
  };
