import type { Ports } from '../ports.ts';
import type { Challenge } from './challenge.ts';
import { type GuessWatch, recordGuess } from './guessing.ts';
import { type LedgerKey, ledgersOf } from './ledger.ts';

export type WrongCodeNeeds = Pick<Ports, 'keys' | 'limits' | 'ledgers' | 'breakers'> & {
  readonly watch?: GuessWatch;
};

/**
 * Counts a wrong code for the caller's address, for the challenge's phone and account, and for the whole service: whatever
 * it was a code of. The ledgers count without a condition and refuse the *next* challenge, never the one a victim holds.
 */
export const recordWrongCode =
  (ports: WrongCodeNeeds) =>
  async (challenge: Challenge, callers: LedgerKey, now: number): Promise<void> => {
    await Promise.all([
      ...[callers, ...ledgersOf(challenge)].map((ledger) =>
        ports.ledgers.recordFailure(ledger, now),
      ),
      recordGuess(ports)(challenge, now),
    ]);
  };
