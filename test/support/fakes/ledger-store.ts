import {
  type Charge,
  hasRoom,
  type LedgerCounts,
  type LedgerKey,
  type LedgerScope,
  longest,
  type Window,
  windowAt as windowOfInstant,
} from '#core/model/ledger.ts';
import type { LedgerStore, RefusedCharge } from '#core/ports/ledger-store.ts';
import { getOrAdd } from './get-or-add.ts';

interface Held {
  sends: number;
  unverified: number;
  failures: number;
  lostAnswers: number;
  parts: Record<string, number>;
  failuresByPart: Record<string, number>;
  charged: Set<string>;
}

/** Ledgers in memory, and the part that the challenge store charges in its transactions. */
export interface FakeLedgers extends LedgerStore {
  /** Checks all charges, then takes all: a transaction. */
  chargeAll(charges: readonly Charge[], now: number): RefusedCharge | undefined;
  /** Counts verified SMS. @returns those counted before; `full` if they do not fit, and nothing is counted then */
  countVerified(ledger: LedgerKey, at: number, sms: number, most: number): number | 'full';
}

export function fakeLedgers(): FakeLedgers {
  // By scope, window and tag. Simulations ask a million times: a joined key would be made and hashed each time.
  const ledgers = new Map<LedgerScope, Map<string, Map<string, Held>>>();
  const instants = new Map<LedgerScope, Map<number, Window>>();

  /** Simulations ask for the same minute a thousand times. */
  function windowAt(scope: LedgerScope, now: number): Window {
    const minutes = getOrAdd(instants, scope, () => new Map<number, Window>());
    return getOrAdd(minutes, Math.floor(now / 60), () => windowOfInstant(scope, now));
  }

  function windowOf({ scope, tag }: LedgerKey, now: number): Held {
    const windows = getOrAdd(ledgers, scope, () => new Map<string, Map<string, Held>>());
    const { window } = windowAt(scope, now);
    const tags = getOrAdd(windows, window, () => new Map<string, Held>());
    return getOrAdd(tags, tag, () => ({
      sends: 0,
      unverified: 0,
      failures: 0,
      lostAnswers: 0,
      parts: {},
      failuresByPart: {},
      charged: new Set<string>(),
    }));
  }

  function countsOf(ledger: LedgerKey, now: number): LedgerCounts {
    const { sends: uses, unverified, failures, parts } = windowOf(ledger, now);
    return {
      uses,
      unverified,
      failures,
      usesThisPart: parts[windowAt(ledger.scope, now).part] ?? 0,
    };
  }

  function chargeAll(charges: readonly Charge[], now: number): RefusedCharge | undefined {
    const refused = charges.flatMap((charge): RefusedCharge[] => {
      const counts = countsOf(charge.ledger, now);
      return hasRoom(counts, charge) ? [] : [{ kind: 'refused', charge, counts }];
    });
    if (refused.length > 0) return longest(refused, now);
    for (const { ledger, counts } of charges) {
      if (!counts) continue;
      const held = windowOf(ledger, now);
      const { part } = windowAt(ledger.scope, now);
      held.sends += 1;
      if (counts === 'unverified-uses') held.unverified += 1;
      held.parts[part] = (held.parts[part] ?? 0) + 1;
    }
    return undefined;
  }

  /** @returns whether there was a unit to return */
  function returnUnit({ ledger, counts }: Charge, chargedAt: number): boolean {
    const held = windowOf(ledger, chargedAt);
    const { part } = windowAt(ledger.scope, chargedAt);
    const inPart = held.parts[part] ?? 0;
    if (!counts || held.sends <= 0 || inPart <= 0) return false;
    held.sends -= 1;
    held.parts[part] = inPart - 1;
    if (counts === 'unverified-uses') held.unverified -= 1;
    return true;
  }

  return {
    chargeAll,
    countVerified: (ledger, at, sms, most) => {
      const held = windowOf(ledger, at);
      const before = held.sends;
      if (before > 0 && before + sms > most) return 'full';
      const { part } = windowAt(ledger.scope, at);
      held.sends += sms;
      held.parts[part] = (held.parts[part] ?? 0) + sms;
      return before;
    },
    charge: async (charge, now) =>
      chargeAll([charge], now) ?? { kind: 'charged', counts: countsOf(charge.ledger, now) },
    returnUnit: async (charge, chargedAt) => {
      returnUnit(charge, chargedAt);
    },
    returnLostAnswer: async (charge, chargedAt, most) => {
      const held = windowOf(charge.ledger, chargedAt);
      if (held.lostAnswers < most && returnUnit(charge, chargedAt)) held.lostAnswers += 1;
    },
    chargeOnce: async (charge, name, at) => {
      const { charged } = windowOf(charge.ledger, at);
      const refused = charged.has(name) ? undefined : chargeAll([charge], at);
      if (refused) return refused;
      charged.add(name);
      return { kind: 'charged' };
    },
    returnNamed: async (charge, name, at) => {
      if (windowOf(charge.ledger, at).charged.delete(name)) returnUnit(charge, at);
    },
    creditVerified: async (ledger, amount, startedAt) => {
      windowOf(ledger, startedAt).unverified -= amount;
    },
    counts: async (ledger, now) => countsOf(ledger, now),
    recordFailure: async (ledger, now) => {
      windowOf(ledger, now).failures += 1;
    },
    recordGuess: async (of, now) => {
      const held = windowOf({ scope: 'guesses', tag: of }, now);
      const { part } = windowAt('guesses', now);
      held.failures += 1;
      held.failuresByPart[part] = (held.failuresByPart[part] ?? 0) + 1;
      return { thisHour: held.failuresByPart[part], today: held.failures };
    },
  };
}
