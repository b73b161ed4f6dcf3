import type { Purpose } from '../model/challenge.ts';
import type { SpendScope } from '../model/spending.ts';

/**
 * The scope of a breaker. A spend scope opens when its money is used up, `delivery` while providers fail, and
 * `guessing-…` when its budget of wrong codes is full.
 */
export type BreakerScope = SpendScope | 'delivery' | `guessing-${SpendScope}`;

/** Circuit breakers that stay open until an instant, in epoch seconds. */
export interface BreakerStore {
  /**
   * @param reading `remembered` may be ten seconds old and mostly needs no AWS call; `fresh` always makes one
   * @returns epoch seconds; 0 or a past instant for a closed breaker
   */
  openUntil(
    scope: BreakerScope,
    purpose: Purpose,
    reading?: 'remembered' | 'fresh',
  ): Promise<number>;
  /** Opens a breaker. A breaker that is already open for longer does not change. */
  open(scope: BreakerScope, purpose: Purpose, until: number): Promise<void>;
  /** Makes a breaker close sooner, unless it was opened again since it was read. @param read the end that was read */
  shorten(scope: BreakerScope, purpose: Purpose, read: number, until: number): Promise<void>;
}
