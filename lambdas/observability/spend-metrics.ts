import type { SpendMetrics } from '#core/budgets/spend-breaker.ts';
import { metric } from './log.ts';

/** Reports to operators that the money for registrations is used up, or the part of it that further codes may use. */
export const spendMetrics: SpendMetrics = { breakerOpened: () => metric('SmsBreakerOpened') };
