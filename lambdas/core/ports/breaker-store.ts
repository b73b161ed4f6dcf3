import type { Purpose } from '../model/challenge.ts';
import type { SpendScope } from '../model/spending.ts';

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
