import type { PhoneClass } from './purpose.ts';
import type { GuessScope, SpendScope } from './spending.ts';

/**
 * A breaker is open until an instant. While it is open:
 *
 * - `spending`: there is no money in a scope for one class of SMS.
 * - `guessing`: a scope has more wrong codes than its budget, and new challenges have fewer attempts.
 * - `delivery`: SMS delivery as a whole is in trouble.
 */
export type Breaker =
  | { readonly kind: 'spending'; readonly scope: SpendScope; readonly phoneClass: PhoneClass }
  | { readonly kind: 'guessing'; readonly scope: GuessScope }
  | { readonly kind: 'delivery' };

export const spendBreaker = (scope: SpendScope, phoneClass: PhoneClass): Breaker => ({
  kind: 'spending',
  scope,
  phoneClass,
});

export const guessBreaker = (scope: GuessScope): Breaker => ({ kind: 'guessing', scope });

export const deliveryBreaker: Breaker = { kind: 'delivery' };
