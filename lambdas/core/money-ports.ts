import type { Purpose } from './engine/challenge.ts';
import type { SpendCharge, SpendCounts, SpendScope, Thousandths } from './engine/spending.ts';

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

/**
 * What a breaker is of: money; `delivery` as a whole, which is in trouble while providers fail; or guessing, which a
 * budget of wrong codes has found too much.
 */
export type BreakerScope = SpendScope | 'delivery' | `guessing-${SpendScope}`;

/** Breakers, open until an instant. */
export interface BreakerStore {
  /**
   * @param reading `remembered` may be ten seconds old and is mostly no call; `fresh` is one
   * @returns epoch seconds, 0 or past where it is closed
   */
  openUntil(
    scope: BreakerScope,
    purpose: Purpose,
    reading?: 'remembered' | 'fresh',
  ): Promise<number>;
  /** Opens it; one that is open for longer stays so. */
  open(scope: BreakerScope, purpose: Purpose, until: number): Promise<void>;
  /** Lets it end sooner, if it still is as it was read: one that was opened anew since then stays open. */
  shorten(scope: BreakerScope, purpose: Purpose, read: number, until: number): Promise<void>;
}
