import type { Charge, LedgerCounts, LedgerKey } from '../model/ledger.ts';
import type { SpendScope } from '../model/spending.ts';

/** A charge that found its budget full, and what the ledger held. */
export interface RefusedCharge {
  readonly kind: 'refused';
  readonly charge: Charge;
  readonly counts: LedgerCounts;
}

/** Counters that outlive every challenge, in fixed windows. */
export interface LedgerStore {
  charge(charge: Charge, now: number): Promise<{ kind: 'charged' } | RefusedCharge>;
  /**
   * Takes back the send that a charge counted, never below none. Once a charge: it cannot know of an earlier time.
   * @param chargedAt the instant the charge was made, whose window and part it is taken from
   */
  returnUnit(charge: Charge, chargedAt: number): Promise<void>;
  /**
   * Takes what a verified code makes up for off the unverified sends; below none, for others may go on with it: the
   * sends themselves have a budget too. Once a code: it cannot know of an earlier time.
   * @param startedAt the instant of the start that was verified, whose window it is taken from
   */
  creditVerified(ledger: LedgerKey, amount: number, startedAt: number): Promise<void>;
  /** What a ledger holds, as it stands now. */
  counts(ledger: LedgerKey, now: number): Promise<LedgerCounts>;
  /** Counts a wrong code. Never refused: it must count even when the budget is gone. */
  recordFailure(ledger: LedgerKey, now: number): Promise<void>;
  /** Counts a wrong code of the whole service or of a prefix. @returns the counts with it, each given out once */
  recordGuess(of: SpendScope, now: number): Promise<{ thisHour: number; today: number }>;
}
