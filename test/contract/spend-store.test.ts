import { beforeAll, describe, expect, it } from 'vitest';
import type { SpendBudget, SpendScope } from '../../lambdas/core/engine/spending.ts';
import { now, unique } from '../support/builders.ts';
import { implementations, type Stores } from '../support/stores.ts';

const plenty: SpendBudget = { perDay: 1e6, unverifiedPerHour: 1e6, unverifiedPerDay: 1e6 };

describe.each(implementations)('money in %s', (_, open) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await open();
  });

  const scope = (): SpendScope => `prefix-${unique()}`;

  async function times(count: number, of: SpendScope, budget: Partial<SpendBudget>, at = now) {
    const charge = { scope: of, cost: 150, budget: { ...plenty, ...budget } };
    const spends = Array.from({ length: count }, () => stores.spendings.spend(charge, at));
    return (await Promise.all(spends)).filter(({ kind }) => kind === 'spent').length;
  }

  it('is spent up to the day’s budget and no further, however many ask at once', async () => {
    const mine = scope();
    expect(await times(20, mine, { perDay: 450 })).toBe(3);
    expect(await times(1, mine, { perDay: 450 }, now + 24 * 3600)).toBe(1);
  });

  it('is never overdrawn by a part of a price', async () => {
    expect(await times(5, scope(), { perDay: 449 })).toBe(2);
    expect(await times(5, scope(), { perDay: 149 })).toBe(0);
  });

  it('goes on unverified to the hour’s and the day’s bound', async () => {
    const mine = scope();
    const bounds = { unverifiedPerHour: 300, unverifiedPerDay: 450 };
    expect(await times(5, mine, bounds)).toBe(2);
    expect(await times(5, mine, bounds, now + 3600)).toBe(1);
    expect(await times(5, mine, bounds, now + 7200)).toBe(0);
  });

  it('is earned back by verified codes, but the day’s total is not', async () => {
    const mine = scope();
    const bounds = { perDay: 750, unverifiedPerHour: 300 };
    await times(2, mine, bounds);
    await stores.spendings.earn(mine, 375, now);
    expect(await times(5, mine, bounds)).toBe(2);
    await stores.spendings.earn(mine, 10_000, now);
    expect(await times(5, mine, bounds)).toBe(1);
  });

  it('is given back whole for what did not go out', async () => {
    const mine = scope();
    await times(3, mine, { perDay: 450 });
    await stores.spendings.refund(mine, 150, now);
    expect(await times(3, mine, { perDay: 450 })).toBe(1);
  });

  it('has breakers by scope and purpose', async () => {
    const [one, other] = [scope(), scope()];
    await stores.breakers.open(one, 'registration', now + 60);
    expect(await stores.breakers.openUntil(one, 'registration')).toBe(now + 60);
    expect(await stores.breakers.openUntil(one, 'password-reset')).toBe(0);
    expect(await stores.breakers.openUntil(other, 'registration')).toBe(0);
  });
});
