import type { GuessMetrics } from '#core/budgets/guess-breaker.ts';
import { describeError, log, metric } from './log.ts';

/** Tells whoever runs the service what happens beside the answer to a guess. */
export const guessMetrics: GuessMetrics = {
  breakerOpened: () => metric('GuessingBreakerOpened'),
  notCounted: (error) => log('ERROR', 'guess', describeError(error)),
};
