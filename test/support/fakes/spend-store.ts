import type { Breaker } from '#core/model/breaker.ts';
import type { PhoneClass } from '#core/model/purpose.ts';
import {
  type Purse,
  refusedUntil,
  type SpendCounts,
  type SpendScope,
} from '#core/model/spending.ts';
import type { BreakerStore } from '#core/ports/breaker-store.ts';
import type { SpendStore } from '#core/ports/spend-store.ts';
import { getOrAdd } from './get-or-add.ts';

interface Held {
  spent: number;
  unverified: number;
  hours: Record<number, number>;
}

/** Money in memory. */
export function fakeSpendStore(): SpendStore {
  // By day, class of phone and scope. Simulations ask a million times: a joined key would be made and hashed each time.
  const days = new Map<number, Map<PhoneClass, Map<SpendScope, Held>>>();
  const hourOf = (now: number) => Math.floor(now / 3600) % 24;

  function dayOf({ scope, phoneClass }: Purse, now: number): Held {
    const day = Math.floor(now / 86_400);
    const classes = getOrAdd(days, day, () => new Map<PhoneClass, Map<SpendScope, Held>>());
    const purses = getOrAdd(classes, phoneClass, () => new Map<SpendScope, Held>());
    return getOrAdd(purses, scope, () => ({ spent: 0, unverified: 0, hours: {} }));
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

/** As JSON would be, and far cheaper: a simulation asks a million times. */
function keyOf(breaker: Breaker): string {
  switch (breaker.kind) {
    case 'spending':
      return `spending ${breaker.phoneClass} ${breaker.scope}`;
    case 'guessing':
      return `guessing ${breaker.scope}`;
    default:
      return breaker.kind;
  }
}

/** Breakers in memory. */
export function fakeBreakerStore(): BreakerStore {
  const open = new Map<string, number>();
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
