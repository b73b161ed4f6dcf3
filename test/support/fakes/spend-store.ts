import type { Breaker } from '#core/model/breaker.ts';
import { type Purse, refusedUntil, type SpendCounts } from '#core/model/spending.ts';
import type { BreakerStore } from '#core/ports/breaker-store.ts';
import type { SpendStore } from '#core/ports/spend-store.ts';

interface Held {
  spent: number;
  unverified: number;
  hours: Record<number, number>;
}

/** Money in memory. */
export function fakeSpendStore(): SpendStore {
  const days = new Map<string, Held>();
  const hourOf = (now: number) => Math.floor(now / 3600) % 24;

  function dayOf({ scope, phoneClass }: Purse, now: number): Held {
    const key = `${phoneClass}#${scope}#${Math.floor(now / 86_400)}`;
    const held = days.get(key) ?? { spent: 0, unverified: 0, hours: {} };
    days.set(key, held);
    return held;
  }

  function countsOf(purse: Purse, now: number): SpendCounts {
    const { spent, unverified, hours } = dayOf(purse, now);
    return { spent, unverified, unverifiedThisHour: hours[hourOf(now)] ?? 0 };
  }

  function add(purse: Purse, spent: number, unverified: number, now: number): SpendCounts {
    const held = dayOf(purse, now);
    const hour = hourOf(now);
    held.spent += spent;
    held.unverified += unverified;
    held.hours[hour] = (held.hours[hour] ?? 0) + unverified;
    return countsOf(purse, now);
  }

  return {
    async spend(charge, now) {
      const until = refusedUntil(countsOf(charge, now), charge, now);
      if (until > now) return { kind: 'refused', until };
      add(charge, charge.cost, charge.unverified, now);
      return { kind: 'spent' };
    },
    record: async (charge, now) => add(charge, charge.cost, charge.unverified, now),
    refund: async (charge, now) => add(charge, -charge.cost, -charge.unverified, now),
    earn: async (purse, amount, now) => add(purse, 0, -amount, now),
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
