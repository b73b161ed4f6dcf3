import { beforeAll, describe, expect, it } from 'vitest';
import type { Charge, LedgerKey } from '../../lambdas/core/engine/ledger.ts';
import { now, unique } from '../support/builders.ts';
import { implementations, type Stores } from '../support/stores.ts';

const hour = 3600;

describe.each(implementations)('ledgers in %s', (_, open) => {
  let store: Stores['ledgers'];
  beforeAll(async () => {
    store = (await open()).ledgers;
  });

  const ledger = (): LedgerKey => ({ scope: 'phone-registration', tag: unique() });
  const send = (key: LedgerKey, budgets: Charge['budgets']): Charge => ({
    ...{ ledger: key, counts: 'sends', budgets },
  });
  const times = async (count: number, charge: Charge, at: number) => {
    const results = await Promise.all(
      Array.from({ length: count }, () => store.charge(charge, at)),
    );
    return results.filter(({ kind }) => kind === 'charged').length;
  };

  it('lets a budget through and nothing more, however many come at once', async () => {
    const charge = send(ledger(), { sendsPerPart: 3 });
    expect(await times(20, charge, now)).toBe(3);
  });

  it('opens the hour’s budget again with the next hour, the day’s only with the next day', async () => {
    const charge = send(ledger(), { sendsPerPart: 3, sendsPerWindow: 4 });
    expect(await times(5, charge, now)).toBe(3);
    expect(await times(5, charge, now + hour)).toBe(1);
    expect(await times(5, charge, now + 2 * hour)).toBe(0);
    expect(await times(5, charge, now + 24 * hour)).toBe(3);
  });

  it('says what it held when it refuses', async () => {
    const charge = send(ledger(), { sendsPerPart: 1, failuresPerWindow: 20 });
    await store.recordFailure(charge.ledger, now);
    await store.charge(charge, now);
    const counts = { sends: 1, sendsThisPart: 1, failures: 1 };
    expect(await store.charge(charge, now)).toEqual({ kind: 'refused', charge, counts });
  });

  it('refuses over the failure budget, and counts failures beyond it', async () => {
    const charge = send(ledger(), { failuresPerWindow: 2 });
    for (let i = 0; i < 3; i++) await store.recordFailure(charge.ledger, now);
    const refused = await store.charge(charge, now);
    expect(refused).toMatchObject({ kind: 'refused', counts: { failures: 3, sends: 0 } });
  });

  it('keeps subjects and scopes apart', async () => {
    const tag = unique();
    for (const scope of [
      'phone-registration',
      'phone-password-reset',
      'account',
      'address',
    ] as const) {
      expect(await times(2, send({ scope, tag }, { sendsPerWindow: 1 }), now)).toBe(1);
    }
  });
});
