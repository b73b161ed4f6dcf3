import { beforeAll, describe, expect, it } from 'vitest';
import type { Charge, LedgerKey } from '#core/model/ledger.ts';
import { now, unique } from '../support/fakes/builders.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

const hour = 3600;

describe.each(implementations)('ledgers in %s', (_, open) => {
  let store: Stores['ledgers'];
  beforeAll(async () => {
    store = (await open()).ledgers;
  });

  const ledger = (): LedgerKey => ({ scope: 'phone-registration', tag: unique() });
  const send = (key: LedgerKey, budgets: Charge['budgets']): Charge => ({
    ledger: key,
    counts: 'uses',
    budgets,
  });
  const times = async (count: number, charge: Charge, at: number) => {
    const results = await Promise.all(
      Array.from({ length: count }, () => store.charge(charge, at)),
    );
    return results.filter(({ kind }) => kind === 'charged').length;
  };

  it('allow exactly the budget, however many charges are parallel', async () => {
    const charge = send(ledger(), { usesPerPart: 3 });
    expect(await times(20, charge, now)).toBe(3);
  });

  it('renew the hour’s budget with the next hour, and the day’s only with the next day', async () => {
    const charge = send(ledger(), { usesPerPart: 3, usesPerWindow: 4 });
    expect(await times(5, charge, now)).toBe(3);
    expect(await times(5, charge, now + hour)).toBe(1);
    expect(await times(5, charge, now + 2 * hour)).toBe(0);
    expect(await times(5, charge, now + 24 * hour)).toBe(3);
  });

  it('return their counts when they refuse', async () => {
    const charge = send(ledger(), { usesPerPart: 1, failuresPerWindow: 20 });
    await store.recordFailure(charge.ledger, now);
    await store.charge(charge, now);
    const counts = { uses: 1, usesThisPart: 1, unverified: 0, failures: 1 };
    expect(await store.charge(charge, now)).toEqual({ kind: 'refused', charge, counts });
  });

  it('refuse above the failure budget, and count failures beyond it', async () => {
    const charge = send(ledger(), { failuresPerWindow: 2 });
    for (let i = 0; i < 3; i++) await store.recordFailure(charge.ledger, now);
    const refused = await store.charge(charge, now);
    expect(refused).toMatchObject({ kind: 'refused', counts: { failures: 3, uses: 0 } });
  });

  it('count unverified sends beside the others, and allow exactly their budget', async () => {
    const charge: Charge = {
      ledger: { scope: 'address', tag: unique() },
      counts: 'unverified-uses',
      budgets: { usesPerWindow: 30, unverifiedPerWindow: 3 },
    };
    expect(await times(20, charge, now)).toBe(3);
    const others: Charge = { ...charge, counts: 'uses', budgets: { usesPerWindow: 30 } };
    expect(await times(2, others, now)).toBe(2);
    const counts = { uses: 5, usesThisPart: 5, unverified: 3, failures: 0 };
    expect(await store.charge(charge, now)).toEqual({ kind: 'refused', charge, counts });
    expect(await times(5, charge, now + hour)).toBe(3);
  });

  it('subtract the credit of a verified code in its own window, also below zero', async () => {
    const charge: Charge = {
      ledger: { scope: 'address', tag: unique() },
      counts: 'unverified-uses',
      budgets: { usesPerWindow: 8, unverifiedPerWindow: 3 },
    };
    await times(3, charge, now);
    await store.creditVerified(charge.ledger, 3, now);
    await store.creditVerified(charge.ledger, 3, now);
    expect(await store.counts(charge.ledger, now)).toMatchObject({ uses: 3, unverified: -3 });
    // A credit does not return the sends themselves.
    expect(await times(20, charge, now)).toBe(5);
    expect(await times(20, charge, now + hour)).toBe(3);
  });

  it('count guesses by hour and day, and return each count once', async () => {
    const of = `prefix-${unique()}` as const;
    const guesses = await Promise.all(Array.from({ length: 20 }, () => store.recordGuess(of, now)));
    const all = Array.from({ length: 20 }, (_, index) => index + 1);
    const ascending = (counts: number[]) => counts.toSorted((a, b) => a - b);
    expect(ascending(guesses.map(({ thisHour }) => thisHour))).toEqual(all);
    expect(ascending(guesses.map(({ today }) => today))).toEqual(all);
    expect(await store.recordGuess(of, now + hour)).toEqual({ thisHour: 1, today: 21 });
    expect(await store.recordGuess(of, now + 24 * hour)).toEqual({ thisHour: 1, today: 1 });
    expect(await store.recordGuess(`prefix-${unique()}`, now)).toEqual({ thisHour: 1, today: 1 });
  });

  describe('a returned unit', () => {
    it('makes room in the window and the part it was charged to', async () => {
      const charge = send(ledger(), { usesPerPart: 2, usesPerWindow: 3 });
      expect(await times(2, charge, now)).toBe(2);
      await store.returnUnit(charge, now);
      expect(await times(2, charge, now)).toBe(1);
      await store.charge(charge, now + hour);
      await store.returnUnit(charge, now);
      expect(await store.counts(charge.ledger, now)).toMatchObject({ uses: 2, usesThisPart: 1 });
      const later = await store.counts(charge.ledger, now + hour);
      expect(later).toMatchObject({ uses: 2, usesThisPart: 1 });
    });

    it('never goes below zero, however many returns are parallel', async () => {
      const charge = send(ledger(), { usesPerWindow: 100 });
      await store.returnUnit(charge, now);
      const nothing = { uses: 0, usesThisPart: 0, unverified: 0, failures: 0 };
      expect(await store.counts(charge.ledger, now)).toMatchObject(nothing);
      await store.charge(charge, now);
      await store.charge(charge, now + hour);
      await Promise.all(Array.from({ length: 5 }, () => store.returnUnit(charge, now)));
      const counts = { uses: 1, usesThisPart: 0, unverified: 0, failures: 0 };
      expect(await store.counts(charge.ledger, now)).toMatchObject(counts);
    });

    it('takes an unverified use back as well', async () => {
      const ledger: LedgerKey = { scope: 'address', tag: unique() };
      const budgets = { usesPerWindow: 30, unverifiedPerWindow: 3 };
      const charge: Charge = { ledger, counts: 'unverified-uses', budgets };
      await store.charge(charge, now);
      await store.charge(charge, now);
      await store.returnUnit(charge, now);
      const left = { uses: 1, usesThisPart: 1, unverified: 1, failures: 0 };
      expect(await store.counts(ledger, now)).toEqual(left);
    });

    it('of a call whose answer was lost happens so many times in a window, however many are parallel', async () => {
      const charge = send(ledger(), { usesPerWindow: 9 });
      expect(await times(9, charge, now)).toBe(9);
      await Promise.all(Array.from({ length: 6 }, () => store.returnLostAnswer(charge, now, 3)));
      expect(await store.counts(charge.ledger, now)).toMatchObject({ uses: 6, usesThisPart: 6 });
      await store.returnUnit(charge, now);
      expect(await store.counts(charge.ledger, now)).toMatchObject({ uses: 5 });
    });

    it('has no effect for a charge that only checks', async () => {
      const charge = send(ledger(), { usesPerWindow: 100 });
      await store.charge(charge, now);
      await store.returnUnit({ ledger: charge.ledger, budgets: charge.budgets }, now);
      expect(await store.counts(charge.ledger, now)).toMatchObject({ uses: 1 });
    });
  });

  it('return the counts of the window and part of an instant', async () => {
    const charge = send(ledger(), { usesPerWindow: 100 });
    await store.charge(charge, now);
    await store.recordFailure(charge.ledger, now + hour);
    const counts = { uses: 1, usesThisPart: 0, unverified: 0, failures: 1 };
    expect(await store.counts(charge.ledger, now + hour)).toMatchObject(counts);
    expect(await store.counts(charge.ledger, now + 24 * hour)).toMatchObject({ uses: 0 });
  });

  it('charge a named unit once, however often and in parallel, and keep names apart', async () => {
    const charge = send(ledger(), { usesPerPart: 2, usesPerWindow: 3 });
    const charged = async (name: string, at = now) =>
      (await store.chargeOnce(charge, name, at)).kind;
    const first = await Promise.all(Array.from({ length: 8 }, () => charged('a')));
    expect(new Set(first)).toEqual(new Set(['charged']));
    expect(await store.counts(charge.ledger, now)).toMatchObject({ uses: 1, usesThisPart: 1 });
    expect([await charged('b'), await charged('c'), await charged('b')]).toEqual([
      'charged',
      'refused',
      'charged',
    ]);
    // The name counts in its window, in every part of it.
    expect(await charged('a', now + hour)).toBe('charged');
    expect([await charged('c', now + hour), await charged('d', now + hour)]).toEqual([
      'charged',
      'refused',
    ]);
    expect(await store.counts(charge.ledger, now + hour)).toMatchObject({ uses: 3 });
  });

  it('return a named unit once, and nothing under a name that was never charged', async () => {
    const charge = send(ledger(), { usesPerWindow: 2 });
    for (const name of ['a', 'b']) await store.chargeOnce(charge, name, now);
    await Promise.all(Array.from({ length: 4 }, () => store.returnNamed(charge, 'a', now)));
    await store.returnNamed(charge, 'never charged', now);
    await store.returnNamed(charge, 'b', now + 24 * hour);
    expect(await store.counts(charge.ledger, now)).toMatchObject({ uses: 1, usesThisPart: 1 });
    expect(await store.chargeOnce(charge, 'a', now)).toEqual({ kind: 'charged' });
    expect(await store.chargeOnce(charge, 'c', now)).toMatchObject({ kind: 'refused' });
  });

  it('keep subjects and scopes apart', async () => {
    const tag = unique();
    for (const scope of [
      'phone-registration',
      'phone-password-reset',
      'account',
      'address',
    ] as const) {
      expect(await times(2, send({ scope, tag }, { usesPerWindow: 1 }), now)).toBe(1);
    }
  });
});
