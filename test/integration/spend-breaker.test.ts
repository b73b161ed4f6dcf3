import { beforeEach, describe, expect, it } from 'vitest';
import { checkBreaker, creditSpending, payForSms } from '#core/budgets/spend-breaker.ts';
import { spendBreaker } from '#core/model/breaker.ts';
import type { PhoneClass } from '#core/model/purpose.ts';
import { registrationPurse, type SpendBudget, type Spending } from '#core/model/spending.ts';
import type { Ports } from '#core/ports/index.ts';
import type { SpendStore } from '#core/ports/spend-store.ts';
import { spending as defaults } from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

const plenty = { perDay: 1e7, unverifiedPerHour: 1e7, unverifiedPerDay: 1e7 };
/** An SMS costs 150. Each test changes the budget it is about. */
const money = (budget: Partial<SpendBudget>): Spending => ({
  ...defaults,
  registrations: { ...plenty, ...budget },
  accounts: { ...plenty, ...budget },
  prefix: plenty,
});

const phone = '+966551234567';
/** The clock starts at 07:30 UTC. */
const [nextHour, midnight] = [1800, 16.5 * 3600];

/** A phone's first code of the day, verified after one SMS. */
const firstCode = { sms: 1, isFirst: true };

describe.each(implementations)('the spend breaker in %s', (_, open) => {
  let clock: FakeClock;
  let stores: Stores;
  let ports: Pick<Ports, 'clock' | 'breakers' | 'spendings' | 'spending'>;
  beforeEach(async () => {
    clock = fakeClock();
    stores = await open();
  });

  const spend = (spending: Spending, spendings: SpendStore = stores.spendings) => {
    ports = { clock, breakers: stores.breakers, spendings, spending };
  };
  const pay = (payment: PhoneClass = 'caller-chosen-phone') => payForSms(ports)(payment, phone);
  /** Pays for SMS until a refusal. @returns the number paid */
  async function payAll(): Promise<number> {
    let paid = 0;
    while (await pay()) paid += 1;
    return paid;
  }
  const check = (payment: PhoneClass = 'caller-chosen-phone') => checkBreaker(ports)(payment);
  const closedFor = (retryAfter: number) => ({ code: 'too_many_requests', extras: { retryAfter } });

  it('names the end of the day when the day’s money is spent', async () => {
    spend(money({ perDay: 300 }));
    expect(await payAll()).toBe(2);
    await expect(check()).rejects.toMatchObject(closedFor(midnight));
  });

  it('names the end of the hour when the hour’s unverified money is spent, and closes then', async () => {
    spend(money({ unverifiedPerHour: 300 }));
    expect(await payAll()).toBe(2);
    await expect(check()).rejects.toMatchObject(closedFor(nextHour));
    clock.advance(nextHour - 1);
    await expect(check()).rejects.toMatchObject(closedFor(1));
    clock.advance(1);
    await check();
    expect(await pay()).toBeDefined();
  });

  it('names the hour whose release makes room when the day’s unverified money is spent, and closes then', async () => {
    // 3,200 are released by 07:00 and 100 more each hour: SMS 22 (3,300) at 08:00, SMS 23 (3,450) at 10:00.
    spend(money({ unverifiedPerDay: 4800 }));
    expect(await payAll()).toBe(21);
    await expect(check()).rejects.toMatchObject(closedFor(nextHour));
    clock.advance(nextHour);
    await check();
    expect(await payAll()).toBe(1);
    await expect(check()).rejects.toMatchObject(closedFor(2 * 3600));
  });

  it('lets people in again every hour of the day, even when each hour’s share is pumped away', async () => {
    spend(money({ unverifiedPerDay: 48_000 }));
    const paid = [await payAll()];
    clock.advance(nextHour);
    for (let hour = 8; hour < 24; hour += 1) {
      await check();
      paid.push(await payAll());
      clock.advance(3600);
    }
    expect(Math.min(...paid)).toBeGreaterThanOrEqual(6);
    expect(paid.reduce((sum, n) => sum + n)).toBe(48_000 / 150);
  });

  it('closes by itself as soon as verified codes make room', async () => {
    spend(money({ unverifiedPerHour: 3000, unverifiedPerDay: 4800 }));
    await payAll();
    await expect(check()).rejects.toMatchObject(closedFor(nextHour));
    await creditSpending(ports)('caller-chosen-phone', phone, firstCode);
    await check();
    expect(await pay()).toBeDefined();
  });

  it('ends sooner when verified codes make no room yet, but let an earlier hour’s release make room', async () => {
    spend({ ...money({ unverifiedPerDay: 7200 }), verifiedShare: 1 });
    await payAll();
    // As after a deployment with a smaller budget: the money spent fits at 15:00, and one SMS less fits at 14:00.
    ports = {
      ...ports,
      spending: { ...ports.spending, registrations: { ...plenty, unverifiedPerDay: 6000 } },
    };
    expect(await pay()).toBeUndefined();
    const before = await waitOf();
    await creditSpending(ports)('caller-chosen-phone', phone, firstCode);
    const after = await waitOf();
    expect([before, after]).toEqual([7.5 * 3600, 6.5 * 3600]);
    clock.advance(after);
    await check();
    expect(await pay()).toBeDefined();
  });

  const waitOf = async () =>
    (await stores.breakers.openUntil(spendBreaker('service', 'caller-chosen-phone'), 'fresh')) -
    clock();

  it('of one class neither opens, pays nor closes for the other', async () => {
    spend({ ...money({ unverifiedPerHour: 3000 }), verifiedShare: 1 });
    expect(await payAll()).toBe(20);
    await expect(check()).rejects.toMatchObject(closedFor(nextHour));
    await check('account-phone');
    for (let n = 0; n < 20; n++) expect(await pay('account-phone')).toBeDefined();
    expect(await pay('account-phone')).toBeUndefined();
    for (let n = 0; n < 5; n++) await creditSpending(ports)('account-phone', phone, firstCode);
    await check('account-phone');
    await expect(check()).rejects.toMatchObject(closedFor(nextHour));
    expect(await pay()).toBeUndefined();
  });

  it('stays open when the day’s total is spent, even when codes are verified', async () => {
    spend(money({ perDay: 300 }));
    await payAll();
    for (let n = 0; n < 5; n++)
      await creditSpending(ports)('caller-chosen-phone', phone, firstCode);
    await expect(check()).rejects.toMatchObject(closedFor(midnight));
  });

  it('closes when an unsent SMS is refunded', async () => {
    spend(money({ perDay: 300 }));
    const refund = await pay();
    await payAll();
    await expect(check()).rejects.toMatchObject(closedFor(midnight));
    await refund?.();
    await check();
    expect(await pay()).toBeDefined();
  });

  it('does not stay open when a code is verified between the refusal and the opening', async () => {
    spend(money({ unverifiedPerHour: 150 }));
    await pay();
    const late = ports.breakers.open;
    const breakers: Ports['breakers'] = {
      ...ports.breakers,
      async open(...opening) {
        await creditSpending(ports)('caller-chosen-phone', phone, firstCode);
        await late(...opening);
      },
    };
    expect(await payForSms({ ...ports, breakers })('caller-chosen-phone', phone)).toBeDefined();
    await check();
  });

  it('closes even when this function has cached it as closed', async () => {
    spend(money({ unverifiedPerHour: 150 }));
    await payAll();
    const breakers: Ports['breakers'] = {
      ...stores.breakers,
      openUntil: async (breaker, reading) =>
        reading === 'fresh' ? stores.breakers.openUntil(breaker, reading) : 0,
    };
    await creditSpending({ ...ports, breakers })('caller-chosen-phone', phone, firstCode);
    await check();
  });

  it('closes with the next verified code after a crash between earning and closing', async () => {
    spend(money({ unverifiedPerHour: 150 }));
    await payAll();
    await stores.spendings.earn(registrationPurse, 375, clock());
    await expect(check()).rejects.toMatchObject(closedFor(nextHour));
    await creditSpending(ports)('caller-chosen-phone', phone, firstCode);
    await check();
  });

  it('does not close when it was opened again during the closing', async () => {
    spend(money({ unverifiedPerHour: 150, perDay: 600 }));
    await payAll();
    const { shorten } = ports.breakers;
    const breakers: Ports['breakers'] = {
      ...ports.breakers,
      async shorten(...closing) {
        await stores.breakers.open(
          spendBreaker('service', 'caller-chosen-phone'),
          clock() + midnight,
        );
        await shorten(...closing);
      },
    };
    await creditSpending({ ...ports, breakers })('caller-chosen-phone', phone, firstCode);
    await expect(check()).rejects.toMatchObject(closedFor(midnight));
  });

  it('is read only when money comes back, and is not written while it is closed', async () => {
    spend(money({}));
    const written: string[] = [];
    const breakers: Ports['breakers'] = {
      openUntil: (...reading) => {
        written.push(`openUntil ${reading[1]}`);
        return stores.breakers.openUntil(...reading);
      },
      open: async () => void written.push('open'),
      shorten: async () => void written.push('shorten'),
    };
    await payForSms({ ...ports, breakers })('caller-chosen-phone', phone);
    expect(written).toEqual([]);
    await creditSpending({ ...ports, breakers })('caller-chosen-phone', phone, firstCode);
    expect(new Set(written)).toEqual(new Set(['openUntil remembered']));
  });
});
