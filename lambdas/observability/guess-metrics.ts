import type { GuessMetrics } from '#core/budgets/guess-breaker.ts';
import { describeError, log, metric } from './log.ts';

/** Reports to operators the effects of a wrong code that its answer does not show. */
export const guessMetrics: GuessMetrics = {
  breakerOpened: () => metric('GuessingBreakerOpened'),
  notCounted: (error) => log('ERROR', 'guess', describeError(error)),
};
