import {
  type Charge,
  type LedgerCounts,
  type LedgerKey,
  windowAt,
} from '../../../lambdas/core/engine/ledger.ts';
import type { LedgerStore, Refused } from '../../../lambdas/core/ports.ts';

interface Day {
  sends: number;
  failures: number;
  hours: Record<string, number>;
}

/** Ledgers in memory, and the part of them that the challenge store charges in its transactions. */
export interface FakeLedgers extends LedgerStore {
  /** Checks all, then takes all: a transaction. */
  chargeAll(charges: readonly Charge[], now: number): Refused | undefined;
}

export function fakeLedgers(): FakeLedgers {
  const days = new Map<string, Day>();

  function dayOf({ scope, tag }: LedgerKey, now: number): Day {
    const key = `${scope}#${tag}#${windowAt(now).day}`;
    const day = days.get(key) ?? { sends: 0, failures: 0, hours: {} };
    days.set(key, day);
    return day;
  }

  function countsOf(ledger: LedgerKey, now: number): LedgerCounts {
    const { sends, failures, hours } = dayOf(ledger, now);
    return { sends, failures, sendsThisHour: hours[windowAt(now).hour] ?? 0 };
  }

  function hasRoom({ budgets }: Charge, counts: LedgerCounts): boolean {
    const { sendsPerHour, sendsPerDay, failuresPerDay } = budgets;
    return (
      counts.sendsThisHour < (sendsPerHour ?? Number.POSITIVE_INFINITY) &&
      counts.sends < (sendsPerDay ?? Number.POSITIVE_INFINITY) &&
      counts.failures < (failuresPerDay ?? Number.POSITIVE_INFINITY)
    );
  }

  function chargeAll(charges: readonly Charge[], now: number): Refused | undefined {
    for (const charge of charges) {
      const counts = countsOf(charge.ledger, now);
      if (!hasRoom(charge, counts)) return { kind: 'refused', charge, counts };
    }
    const { hour } = windowAt(now);
    for (const { ledger, counts } of charges) {
      if (!counts) continue;
      const day = dayOf(ledger, now);
      day.sends += 1;
      day.hours[hour] = (day.hours[hour] ?? 0) + 1;
    }
    return undefined;
  }

  return {
    chargeAll,
    charge: async (charge, now) => chargeAll([charge], now) ?? { kind: 'charged' },
    recordFailure: async (ledger, now) => {
      dayOf(ledger, now).failures += 1;
    },
  };
}
