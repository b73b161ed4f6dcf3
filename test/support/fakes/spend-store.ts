import type { Breaker } from '#core/model/breaker.ts';
import { refusedUntil, type SpendCounts, type SpendScope } from '#core/model/spending.ts';
import type { BreakerStore } from '#core/ports/breaker-store.ts';
import type { SpendStore } from '#core/ports/spend-store.ts';

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

  function countsOf(scope: SpendScope, now: number): SpendCounts {
    const { spent, unverified, hours } = dayOf(scope, now);
    return { spent, unverified, unverifiedThisHour: hours[hourOf(now)] ?? 0 };
  }

  function add(scope: SpendScope, spent: number, unverified: number, now: number): SpendCounts {
    const held = dayOf(scope, now);
    const hour = hourOf(now);
    held.spent += spent;
    held.unverified += unverified;
    held.hours[hour] = (held.hours[hour] ?? 0) + unverified;
    return countsOf(scope, now);
  }

  return {
    async spend(charge, now) {
      const until = refusedUntil(countsOf(charge.scope, now), charge, now);
      if (until > now) return { kind: 'refused', until };
      add(charge.scope, charge.cost, charge.unverified, now);
      return { kind: 'spent' };
    },
    refund: async ({ scope, cost, unverified }, now) => add(scope, -cost, -unverified, now),
    earn: async (scope, amount, now) => add(scope, 0, -amount, now),
  };
}

/** Breakers in memory. */
export function fakeBreakerStore(): BreakerStore {
  const open = new Map<string, number>();
  const keyOf = (breaker: Breaker) => JSON.stringify(breaker);
  const until = (breaker: Breaker) => open.get(keyOf(breaker)) ?? 0;
  const set = (breaker: Breaker, to: number) => open.set(keyOf(breaker), to);
  return {
    openUntil: async (breaker) => until(breaker),
    open: async (breaker, to) => {
      if (until(breaker) < to) set(breaker, to);
    },
    shorten: async (breaker, read, to) => {
      if (until(breaker) === read) set(breaker, to);
    },
  };
}
