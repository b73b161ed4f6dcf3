import type { Charge, LedgerCounts, LedgerKey } from '../model/ledger.ts';
import type { GuessScope } from '../model/spending.ts';

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
   * Makes a charge under a name, once: a repeated call with the same name finds the unit and is `charged` too. The names
   * are kept with the counts, so the budget of the window must be small.
   * @param at the instant of what is charged, the same in every repetition. It selects the window and the part
   */
  chargeOnce(
    charge: Charge,
    name: string,
    at: number,
  ): Promise<{ kind: 'charged' } | RefusedCharge>;
  /** Takes back a unit that was charged under a name. Without that unit, and in a repetition, it changes nothing. */
  returnNamed(charge: Charge, name: string, at: number): Promise<void>;
  /**
   * Takes back the unit that a charge counted, also as unverified; the count of uses never falls below zero. The store
   * does not detect a repeated call, so call it once per charge.
   * @param chargedAt the instant of the charge, which selects the window and the part
   */
  returnUnit(charge: Charge, chargedAt: number): Promise<void>;
  /** As `returnUnit`, for a call whose answer was lost: at most `most` times in the window of a ledger. */
  returnLostAnswer(charge: Charge, chargedAt: number, most: number): Promise<void>;
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
   * Counts a wrong code of a scope: all of Hawiya, a destination prefix or a relying service; or a failed login with a
   * national ID.
   * @returns the counts including this code; each count is returned only once
   */
  recordGuess(of: GuessScope, now: number): Promise<{ thisHour: number; today: number }>;
}
