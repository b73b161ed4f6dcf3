import type { Breaker } from '../model/breaker.ts';

/** Breakers, each open until an instant. All instants are epoch seconds. */
export interface BreakerStore {
  /**
   * @param reading `remembered` may be ten seconds old and mostly costs no call; `fresh` is one call
   * @returns 0 or a past instant where it is closed
   */
  openUntil(breaker: Breaker, reading?: 'remembered' | 'fresh'): Promise<number>;
  /** Opens a breaker. One that is open for longer stays so. */
  open(breaker: Breaker, until: number): Promise<void>;
  /** Ends a breaker sooner, if it still is as it was read. One that was opened anew since then stays open. */
  shorten(breaker: Breaker, read: number, until: number): Promise<void>;
}
