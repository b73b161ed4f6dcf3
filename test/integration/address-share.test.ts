import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { creditVerifiedCode } from '#core/budgets/credit-verified-code.ts';
import { readChallengeId } from '#core/challenge/id.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { startPasswordReset } from '#core/flows/start-password-reset.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import { addressLedger } from '#core/model/ledger.ts';
import { limits as defaults, fieldsOf, phone, spending } from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { testKeys } from '../support/fakes/keys.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

const keys = testKeys();
const limits = { ...defaults, unverifiedPerAddressAndHour: 4 };
const language = 'en';

describe.each(implementations)('an address’s share of unverified money, in %s', (_, open) => {
  let stores: Stores;
  let clock: FakeClock;
  let address: string;
  let addresses = 0;
  beforeAll(async () => {
    stores = await open();
  });
  beforeEach(() => {
    clock = fakeClock();
    addresses += 1;
    address = `192.0.2.${addresses}`;
  });

  const ports = () => ({
    ...stores,
    clock,
    limits,
    reviewNumbers: [],
    spending,
    entropy: randomBytes,
    ...keys.ports,
  });
  const register = () => startRegistration(ports())({ phone: phone(), address, language });
  const hashOf = (id: string) => readChallengeId(id)?.hash ?? '';

  /** Registers in parallel. @returns the ids of the registrations that were accepted */
  async function registerTimes(count: number): Promise<string[]> {
    const all = await Promise.allSettled(Array.from({ length: count }, register));
    return all.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
  }

  async function verify(id: string): Promise<void> {
    await stores.challenges.recordAttempt(hashOf(id), 1, {
      entry: '1.a.1',
      nonce: 'n',
      keyVersion: 1,
    });
    await stores.challenges.settle(hashOf(id), 1, { delivery: 'sent', provider: 'a' });
    const code = keys.code(hashOf(id));
    await verifySmsCode(ports())({ id, code, address });
  }

  it('limits the registrations of an hour, even in parallel, and reopens with the next hour', async () => {
    expect(await registerTimes(20)).toHaveLength(4);
    const untilTheHour = 3600 - (clock() % 3600);
    await expect(register()).rejects.toMatchObject({
      code: 'too_many_requests',
      extras: { retryAfter: untilTheHour },
    });
    clock.advance(untilTheHour);
    expect(await registerTimes(5)).toHaveLength(4);
  });

  it('is separate for each address', async () => {
    await registerTimes(5);
    address = '192.0.2.250';
    await expect(register()).resolves.toBeDefined();
  });

  it('grows by three with a verified code, once, even when the stream repeats the record', async () => {
    const [id = ''] = await registerTimes(4);
    await verify(id);
    expect(await registerTimes(1)).toEqual([]);
    for (let n = 0; n < 3; n++) await creditVerifiedCode(ports())(hashOf(id));
    expect(await registerTimes(10)).toHaveLength(3);
  });

  it('never stops an address where the expected share of people verify', async () => {
    for (let round = 0; round < 10; round++) {
      const ids = await registerTimes(5);
      expect(ids.length).toBeGreaterThanOrEqual(4);
      for (const id of ids.slice(0, Math.ceil(ids.length * spending.verifiedShare))) {
        await verify(id);
        await creditVerifiedCode(ports())(hashOf(id));
      }
    }
  });

  it('gets a verified code back in the hour of its registration, not in the new hour', async () => {
    clock.advance(3600 - (clock() % 3600) - 1);
    const [id = ''] = await registerTimes(1);
    clock.advance(2);
    await registerTimes(4);
    await verify(id);
    await creditVerifiedCode(ports())(hashOf(id));
    expect(await registerTimes(1)).toEqual([]);
  });

  it('is not used up by refused requests for one phone', async () => {
    const own = phone();
    const ask = () => startRegistration(ports())({ phone: own, address, language });
    for (let n = 0; n < limits.sendsPerPhoneAndHour; n++) await ask();
    for (let n = 0; n < 20; n++) await expect(ask()).rejects.toThrow('too_many_requests');
    const { unverified } = await stores.ledgers.counts(
      addressLedger(keys.tagger, address),
      clock(),
    );
    expect(unverified).toBe(limits.sendsPerPhoneAndHour);
  });

  it('is not used up by resets, whose decoys can never be verified', async () => {
    for (let n = 0; n < 6; n++) {
      const pair = { username: `nobody.${n}`, nationalId: '1000000008' };
      await startPasswordReset(ports())({ ...pair, address, language });
    }
    const counts = await stores.ledgers.counts(addressLedger(keys.tagger, address), clock());
    expect(counts).toMatchObject({ uses: 6, unverified: 0 });
    expect(await registerTimes(5)).toHaveLength(4);
  });

  it('is stored under a tag of the address, never the address itself', async () => {
    const [id = ''] = await registerTimes(1);
    const stored = await stores.challenges.find(hashOf(id));
    expect(fieldsOf(stored).addressTag).toBe(addressLedger(keys.tagger, address).tag);
    expect(JSON.stringify(stored)).not.toContain(address);
  });
});
