import type { Purse, SpendCharge, SpendCounts, Thousandths } from '../model/spending.ts';

/** Money spent on SMS, in thousandths of the stage's currency. Instants are epoch seconds. */
export interface SpendStore {
  /**
   * Charges the cost, if every budget has room for it.
   * @returns with `refused`, the instant until which the charge stays refused if no further code is verified
   */
  spend(
    charge: SpendCharge,
    now: number,
  ): Promise<{ kind: 'spent' } | { kind: 'refused'; until: number }>;
  /** Charges the cost of an SMS that another purse has paid, whether there is room or not. @returns the counts afterwards */
  record(charge: SpendCharge, now: number): Promise<SpendCounts>;
  /**
   * Refunds the cost of an SMS that was not sent.
   * @param now the instant of the charge
   * @returns the counts after the refund
   */
  refund(
    charge: Pick<SpendCharge, 'scope' | 'phoneClass' | 'cost' | 'unverified'>,
    now: number,
  ): Promise<SpendCounts>;
  /** Credits a verified code: subtracts the amount from the unverified spending. @returns the counts afterwards */
  earn(purse: Purse, amount: Thousandths, now: number): Promise<SpendCounts>;
}
