import type { SpendCharge, SpendCounts, SpendScope, Thousandths } from '../model/spending.ts';

/** Money spent on SMS, in thousandths of the stage's currency. */
export interface SpendStore {
  /**
   * Takes the cost, if each budget has room for it.
   * @returns where not, until when it stays so if no further code is verified; epoch seconds
   */
  spend(
    charge: SpendCharge,
    now: number,
  ): Promise<{ kind: 'spent' } | { kind: 'refused'; until: number }>;
  /**
   * Gives back what an SMS that did not go out had cost.
   * @param now the instant it was spent
   * @returns what is held after it
   */
  refund(
    charge: Pick<SpendCharge, 'scope' | 'cost' | 'unverified'>,
    now: number,
  ): Promise<SpendCounts>;
  /** A code was verified: that much less is unverified. @returns what is held after it */
  earn(scope: SpendScope, amount: Thousandths, now: number): Promise<SpendCounts>;
}
