import { beforeAll, describe, expect, it } from 'vitest';
import { spendBreaker } from '#core/model/breaker.ts';
import type { Purse, SpendBudget } from '#core/model/spending.ts';
import { createBreakerStore } from '../../lambdas/adapters/dynamodb/breaker-store.ts';
import { now, unique } from '../support/fakes/builders.ts';
import { implementations, type Stores } from '../support/world/stores.ts';
import { hasDynamoDb, newTable } from '../support/world/table.ts';

/** The price of a code. A notice is never verified. */
const price = { cost: 150, unverified: 150 };
const ofNotice = { cost: 150, unverified: 0 };
const plenty: SpendBudget = { perDay: 1e6, unverifiedPerHour: 1e6, unverifiedPerDay: 1e6 };

describe.each(implementations)('money in %s', (_, open) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await open();
  });

  const scope = (): Purse => ({
    scope: `prefix-${unique()}`,
    phoneClass: 'caller-chosen-phone',
  });

  async function times(count: number, of: Purse, budget: Partial<SpendBudget>, at = now) {
    const charge = { ...of, ...price, budget: { ...plenty, ...budget } };
    const spends = Array.from({ length: count }, () => stores.spendings.spend(charge, at));
    return (await Promise.all(spends)).filter(({ kind }) => kind === 'spent').length;
  }

  it('is spent up to the day’s budget, however many spends are parallel', async () => {
    const mine = scope();
    expect(await times(20, mine, { perDay: 450 })).toBe(3);
    expect(await times(1, mine, { perDay: 450 }, now + 24 * 3600)).toBe(1);
  });

  it('is never overdrawn by a part of a price', async () => {
    expect(await times(5, scope(), { perDay: 449 })).toBe(2);
    expect(await times(5, scope(), { perDay: 149 })).toBe(0);
  });

  it('is spent unverified up to the hour’s budget, and up to the released part of the day’s', async () => {
    const mine = scope();
    // 600 are released at 07:00, and 150 more with every eighth hour.
    const bounds = { unverifiedPerHour: 450, unverifiedPerDay: 900 };
    expect(await times(5, mine, bounds)).toBe(3);
    expect(await times(5, mine, bounds, now + 3600)).toBe(1);
    expect(await times(5, mine, bounds, now + 7 * 3600)).toBe(0);
    expect(await times(5, mine, bounds, now + 8 * 3600)).toBe(1);
    expect(await times(9, mine, bounds, now + 16 * 3600)).toBe(1);
  });

  it('is never released for a part of a price, not even for the first SMS', async () => {
    expect(await times(1, scope(), { unverifiedPerDay: 224 })).toBe(0);
    expect(await times(1, scope(), { unverifiedPerDay: 225 })).toBe(1);
  });

  it('is refused with the instant until which the refusal lasts', async () => {
    const refused = async (budget: Partial<SpendBudget>) => {
      const charge = { ...scope(), ...price, budget: { ...plenty, ...budget } };
      await stores.spendings.spend(charge, now);
      return stores.spendings.spend(charge, now);
    };
    const until = (seconds: number) => ({ kind: 'refused', until: now + seconds });
    const [nextHour, midnight] = [1800, 16.5 * 3600];
    expect(await refused({ perDay: 299 })).toEqual(until(midnight));
    expect(await refused({ unverifiedPerHour: 299 })).toEqual(until(nextHour));
    // 300 are released at 09:00, the second hour from now.
    expect(await refused({ unverifiedPerDay: 424 })).toEqual(until(nextHour + 3600));
    expect(await refused({ unverifiedPerDay: 424, perDay: 299 })).toEqual(until(midnight));
    expect(await refused({ perDay: 149 })).toEqual(until(midnight));
  });

  it('is counted correctly after a refund and after a credit', async () => {
    const mine = scope();
    await times(3, mine, {});
    await times(1, mine, {}, now - 3600);
    const refunded = await stores.spendings.refund({ ...mine, ...price }, now);
    expect(refunded).toEqual({ spent: 450, unverified: 450, unverifiedThisHour: 300 });
    const earned = await stores.spendings.earn(mine, 375, now);
    expect(earned).toEqual({ spent: 450, unverified: 75, unverifiedThisHour: -75 });
  });

  it('is credited by verified codes, but not in the day’s total', async () => {
    const mine = scope();
    const bounds = { perDay: 750, unverifiedPerHour: 300 };
    await times(2, mine, bounds);
    await stores.spendings.earn(mine, 375, now);
    expect(await times(5, mine, bounds)).toBe(2);
    await stores.spendings.earn(mine, 10_000, now);
    expect(await times(5, mine, bounds)).toBe(1);
  });

  it('is refunded in full when no SMS was sent', async () => {
    const mine = scope();
    await times(3, mine, { perDay: 450 });
    await stores.spendings.refund({ ...mine, ...price }, now);
    expect(await times(3, mine, { perDay: 450 })).toBe(1);
  });

  it('of a notice counts for the day, and neither uses nor checks the unverified budget', async () => {
    const mine = scope();
    const bounds = { perDay: 600, unverifiedPerHour: 150, unverifiedPerDay: 300 };
    const notice = { ...mine, ...ofNotice, budget: { ...plenty, ...bounds } };
    const spend = async () => (await stores.spendings.spend(notice, now)).kind;
    expect([await spend(), await spend()]).toEqual(['spent', 'spent']);
    expect(await times(2, mine, bounds)).toBe(1);
    expect([await spend(), await spend()]).toEqual(['spent', 'refused']);
    expect(await stores.spendings.refund(notice, now)).toEqual({
      spent: 450,
      unverified: 150,
      unverifiedThisHour: 150,
    });
    expect(await spend()).toBe('spent');
    const midnight = now + 16.5 * 3600;
    expect(await stores.spendings.spend(notice, now)).toEqual({ kind: 'refused', until: midnight });
    const first = { ...notice, ...scope(), budget: { ...plenty, perDay: 149 } };
    expect(await stores.spendings.spend(first, now)).toEqual({ kind: 'refused', until: midnight });
    const none = { ...first, budget: { ...plenty, unverifiedPerHour: 0, unverifiedPerDay: 0 } };
    expect(await stores.spendings.spend(none, now)).toEqual({ kind: 'spent' });
  });

  it('is recorded without a condition, and refused to the next who asks', async () => {
    const mine = scope();
    const charge = { ...mine, ...price, budget: { ...plenty, perDay: 150 } };
    await stores.spendings.record(charge, now);
    const twice = await stores.spendings.record(charge, now);
    expect(twice).toEqual({ spent: 300, unverified: 300, unverifiedThisHour: 300 });
    expect(await times(1, mine, { perDay: 450 })).toBe(1);
    expect(await times(1, mine, { perDay: 450 })).toBe(0);
  });

  it('of one class is not that of the other, in the same scope', async () => {
    const mine = scope();
    const logins: Purse = { ...mine, phoneClass: 'account-phone' };
    expect(await times(5, mine, { unverifiedPerHour: 300 })).toBe(2);
    await stores.spendings.earn(logins, 10_000, now);
    expect(await times(5, mine, { unverifiedPerHour: 300 })).toBe(0);
    await times(1, logins, {});
    expect(await stores.spendings.earn(logins, 0, now)).toEqual({
      spent: 150,
      unverified: -9850,
      unverifiedThisHour: -9850,
    });
  });

  it('has breakers by scope and purpose', async () => {
    const [one, other] = [scope().scope, scope().scope];
    await stores.breakers.open(spendBreaker(one, 'caller-chosen-phone'), now + 60);
    expect(await stores.breakers.openUntil(spendBreaker(one, 'caller-chosen-phone'))).toBe(
      now + 60,
    );
    expect(await stores.breakers.openUntil(spendBreaker(one, 'account-phone'))).toBe(0);
    expect(await stores.breakers.openUntil(spendBreaker(other, 'caller-chosen-phone'))).toBe(0);
  });

  it('keeps a breaker open until the latest requested instant', async () => {
    const { scope: mine } = scope();
    await stores.breakers.open(spendBreaker(mine, 'caller-chosen-phone'), now + 3600);
    await stores.breakers.open(spendBreaker(mine, 'caller-chosen-phone'), now + 60);
    expect(await stores.breakers.openUntil(spendBreaker(mine, 'caller-chosen-phone'))).toBe(
      now + 3600,
    );
  });

  it('shortens a breaker, except when it was opened again since it was read', async () => {
    const { scope: mine } = scope();
    await stores.breakers.open(spendBreaker(mine, 'caller-chosen-phone'), now + 60);
    await stores.breakers.open(spendBreaker(mine, 'account-phone'), now + 60);
    await stores.breakers.open(spendBreaker(mine, 'caller-chosen-phone'), now + 3600);
    await stores.breakers.shorten(spendBreaker(mine, 'caller-chosen-phone'), now + 60, now);
    expect(
      await stores.breakers.openUntil(spendBreaker(mine, 'caller-chosen-phone'), 'fresh'),
    ).toBe(now + 3600);
    await stores.breakers.shorten(spendBreaker(mine, 'caller-chosen-phone'), now + 3600, now);
    expect(
      await stores.breakers.openUntil(spendBreaker(mine, 'caller-chosen-phone'), 'fresh'),
    ).toBe(now);
    expect(await stores.breakers.openUntil(spendBreaker(mine, 'account-phone'))).toBe(now + 60);
  });

  it('creates no breaker when it shortens one', async () => {
    const { scope: mine } = scope();
    await stores.breakers.shorten(spendBreaker(mine, 'caller-chosen-phone'), now, now + 60);
    expect(await stores.breakers.openUntil(spendBreaker(mine, 'caller-chosen-phone'))).toBe(0);
  });
});

// The fake keeps no readings.
if (hasDynamoDb)
  it('a function uses its last reading of a breaker, and reads again when the caller needs a fresh one', async () => {
    const table = await newTable();
    const [mine, others] = [1, 2].map(() => createBreakerStore(table, () => now));
    expect(await mine?.openUntil(spendBreaker('service', 'caller-chosen-phone'))).toBe(0);
    await others?.open(spendBreaker('service', 'caller-chosen-phone'), now + 60);
    expect(await mine?.openUntil(spendBreaker('service', 'caller-chosen-phone'))).toBe(0);
    expect(await mine?.openUntil(spendBreaker('service', 'caller-chosen-phone'), 'fresh')).toBe(
      now + 60,
    );
    // After its own write it never uses an older reading.
    await mine?.shorten(spendBreaker('service', 'caller-chosen-phone'), now + 60, now);
    expect(await mine?.openUntil(spendBreaker('service', 'caller-chosen-phone'))).toBe(now);
  });
