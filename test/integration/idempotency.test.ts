import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { repeatSeconds } from '#core/challenge/idempotency.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import { limits, phone as newPhone, spending } from '../support/fakes/builders.ts';
import { fakeClock } from '../support/fakes/clock.ts';
import { testKeys } from '../support/fakes/keys.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

const keys = testKeys();

describe.each(implementations)('a keyed start on %s', (_name, open) => {
  let stores: Stores;
  let clock: ReturnType<typeof fakeClock>;
  let start: (phone: string, idempotencyKey?: string) => Promise<string>;
  beforeEach(async () => {
    stores = await open();
    clock = fakeClock();
    const ports = {
      ...stores,
      ...keys.ports,
      clock,
      limits,
      entropy: randomBytes,
      reviewNumbers: [],
      spending,
    };
    start = async (phone, idempotencyKey) =>
      (
        await startRegistration(ports)({
          phone,
          idempotencyKey,
          address: '192.0.2.1',
          language: 'ar',
        })
      ).id;
  });

  it('gives the same challenge for ten minutes, at any point of the clock, and a new one after them', async () => {
    for (const later of [0, 1, 299, 300, 599]) {
      clock.advance(repeatSeconds + later);
      const [phone, key] = [newPhone(), randomUUID()];
      const first = await start(phone, key);
      clock.advance(repeatSeconds - 1);
      expect(await start(phone, key)).toBe(first);
      clock.advance(1);
      expect(await start(phone, key)).not.toBe(first);
    }
  });

  it('gives two parallel requests one challenge and counts one send, when neither finds an earlier one', async () => {
    const [phone, key] = [newPhone(), randomUUID()];
    const { find } = stores.challenges;
    let meet: () => void = () => undefined;
    const both = new Promise<void>((resolve) => {
      meet = resolve;
    });
    let reads = 0;
    Object.assign(stores.challenges, {
      find: async (idHash: string) => {
        const found = await find(idHash);
        // Each request reads two windows. Neither continues before both have read.
        if (++reads === 4) meet();
        if (reads <= 4) await both;
        return found;
      },
    });
    const [one, other] = await Promise.all([start(phone, key), start(phone, key)]);
    expect(one).toBe(other);
    const ledger = { scope: 'phone-registration', tag: keys.tag('phone', phone) } as const;
    expect((await stores.ledgers.counts(ledger, clock())).uses).toBe(1);
  });
});
