import type { Charge, LedgerCounts, LedgerKey } from '../model/ledger.ts';
import type { SpendScope } from '../model/spending.ts';

/** A charge that was refused because a budget is full, and the ledger's counts. */
export interface RefusedCharge {
  readonly kind: 'refused';
  readonly charge: Charge;
  readonly counts: LedgerCounts;
}

/** Counters in fixed windows, which outlive every challenge. Instants are epoch seconds. */
export interface LedgerStore {
  /** Makes a charge, if every budget has room for it. @returns the counts with the charge */
  charge(
    charge: Charge,
    now: number,
  ): Promise<{ kind: 'charged'; counts: LedgerCounts } | RefusedCharge>;
  /**
   * Takes back the unit that a charge counted; the count never falls below zero. The store does not detect a repeated
   * call, so call it once per charge.
   * @param chargedAt the instant of the charge, which selects the window and the part
   */
  returnUnit(charge: Charge, chargedAt: number): Promise<void>;
  /**
   * Subtracts the credit for a verified code from the unverified uses. The count may fall below zero, which leaves room
   * for further callers; a separate budget limits all uses. The store does not detect a repeated call, so call it once
   * per code.
   * @param startedAt the instant at which the verified challenge was started, which selects the window
   */
  creditVerified(ledger: LedgerKey, amount: number, startedAt: number): Promise<void>;
  /** Reads the counts of a ledger at an instant. */
  counts(ledger: LedgerKey, now: number): Promise<LedgerCounts>;
  /** Counts a wrong code. The write has no condition, because a wrong code must count even when the budget is full. */
  recordFailure(ledger: LedgerKey, now: number): Promise<void>;
  /**
   * Counts a wrong code of a scope: all of Hawiya, a destination prefix or a relying service.
   * @returns the counts including this code; each count is returned only once
   */
  recordGuess(of: SpendScope, now: number): Promise<{ thisHour: number; today: number }>;
}
