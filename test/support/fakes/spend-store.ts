import type { SpendBudget, SpendScope } from '../../../lambdas/core/engine/spending.ts';
import type { BreakerStore, SpendStore } from '../../../lambdas/core/money-ports.ts';

interface Held {
  spent: number;
  unverified: number;
  hours: Record<string, number>;
}

/** Money in memory. */
export function fakeSpendStore(): SpendStore {
  const days = new Map<string, Held>();
  const hourOf = (now: number) => new Date(now * 1000).toISOString().slice(11, 13);

  function dayOf(scope: SpendScope, now: number): Held {
    const key = `${scope}#${new Date(now * 1000).toISOString().slice(0, 10)}`;
    const held = days.get(key) ?? { spent: 0, unverified: 0, hours: {} };
    days.set(key, held);
    return held;
  }

  function hasRoom(held: Held, cost: number, budget: SpendBudget, now: number): boolean {
    return (
      held.spent + cost <= budget.perDay &&
      held.unverified + cost <= budget.unverifiedPerDay &&
      (held.hours[hourOf(now)] ?? 0) + cost <= budget.unverifiedPerHour
    );
  }

  function add(scope: SpendScope, spent: number, unverified: number, now: number): void {
    const held = dayOf(scope, now);
    const hour = hourOf(now);
    held.spent += spent;
    held.unverified += unverified;
    held.hours[hour] = (held.hours[hour] ?? 0) + unverified;
  }

  return {
    async spend({ scope, cost, budget }, now) {
      if (!hasRoom(dayOf(scope, now), cost, budget, now)) return { kind: 'refused' };
      add(scope, cost, cost, now);
      return { kind: 'spent' };
    },
    refund: async (scope, cost, now) => add(scope, -cost, -cost, now),
    earn: async (scope, amount, now) => add(scope, 0, -amount, now),
  };
}

/** Breakers in memory. */
export function fakeBreakerStore(): BreakerStore {
  const open = new Map<string, number>();
  return {
    openUntil: async (scope, purpose) => open.get(`${scope} ${purpose}`) ?? 0,
    open: async (scope, purpose, until) => {
      open.set(`${scope} ${purpose}`, until);
    },
  };
}
