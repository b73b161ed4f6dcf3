import {
  type Charge,
  type LedgerCounts,
  type LedgerKey,
  longest,
  windowAt,
} from '../../../lambdas/core/engine/ledger.ts';
import type { LedgerStore, Refused } from '../../../lambdas/core/ports.ts';

interface Held {
  sends: number;
  failures: number;
  parts: Record<string, number>;
}

/** Ledgers in memory, and the part of them that the challenge store charges in its transactions. */
export interface FakeLedgers extends LedgerStore {
  /** Checks all, then takes all: a transaction. */
  chargeAll(charges: readonly Charge[], now: number): Refused | undefined;
}

export function fakeLedgers(): FakeLedgers {
  const windows = new Map<string, Held>();

  function windowOf({ scope, tag }: LedgerKey, now: number): Held {
    const key = `${scope}#${tag}#${windowAt(scope, now).window}`;
    const held = windows.get(key) ?? { sends: 0, failures: 0, parts: {} };
    windows.set(key, held);
    return held;
  }

  function countsOf(ledger: LedgerKey, now: number): LedgerCounts {
    const { sends, failures, parts } = windowOf(ledger, now);
    return { sends, failures, sendsThisPart: parts[windowAt(ledger.scope, now).part] ?? 0 };
  }

  function hasRoom({ budgets }: Charge, counts: LedgerCounts): boolean {
    const { sendsPerPart, sendsPerWindow, failuresPerWindow } = budgets;
    return (
      counts.sendsThisPart < (sendsPerPart ?? Number.POSITIVE_INFINITY) &&
      counts.sends < (sendsPerWindow ?? Number.POSITIVE_INFINITY) &&
      counts.failures < (failuresPerWindow ?? Number.POSITIVE_INFINITY)
    );
  }

  function chargeAll(charges: readonly Charge[], now: number): Refused | undefined {
    const refused = charges.flatMap((charge): Refused[] => {
      const counts = countsOf(charge.ledger, now);
      return hasRoom(charge, counts) ? [] : [{ kind: 'refused', charge, counts }];
    });
    if (refused.length > 0) return longest(refused, now);
    for (const { ledger, counts } of charges) {
      if (!counts) continue;
      const held = windowOf(ledger, now);
      const { part } = windowAt(ledger.scope, now);
      held.sends += 1;
      held.parts[part] = (held.parts[part] ?? 0) + 1;
    }
    return undefined;
  }

  return {
    chargeAll,
    charge: async (charge, now) => chargeAll([charge], now) ?? { kind: 'charged' },
    recordFailure: async (ledger, now) => {
      windowOf(ledger, now).failures += 1;
    },
  };
}
