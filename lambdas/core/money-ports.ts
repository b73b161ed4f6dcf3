import type { Purpose } from './engine/challenge.ts';
import type { SpendCharge, SpendScope, Thousandths } from './engine/spending.ts';

/** Money spent on SMS, in thousandths of the stage's currency. */
export interface SpendStore {
  /** Takes the cost, if each budget has room for it. */
  spend(charge: SpendCharge, now: number): Promise<{ kind: 'spent' } | { kind: 'refused' }>;
  /** Gives back what an SMS that did not go out had cost. */
  refund(scope: SpendScope, cost: Thousandths, now: number): Promise<void>;
  /** A code was verified: that much less is unverified. */
  earn(scope: SpendScope, amount: Thousandths, now: number): Promise<void>;
}

/** What a breaker is of: money, or `delivery` as a whole, which is in trouble while providers fail. */
export type BreakerScope = SpendScope | 'delivery';

/** Breakers, open until an instant. */
export interface BreakerStore {
  /** @returns epoch seconds, 0 or past where it is closed; up to ten seconds old */
  openUntil(scope: BreakerScope, purpose: Purpose): Promise<number>;
  open(scope: BreakerScope, purpose: Purpose, until: number): Promise<void>;
}
