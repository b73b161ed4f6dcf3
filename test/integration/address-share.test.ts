import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { creditVerifiedCode } from '#core/budgets/credit-verified-code.ts';
import { readChallengeId } from '#core/challenge/id.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { startPasswordReset } from '#core/flows/start-password-reset.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import { addressLedger, registrationLedger } from '#core/model/ledger.ts';
import { registrationPurse } from '#core/model/spending.ts';
import {
  anywhere,
  limits as defaults,
  fieldsOf,
  phone,
  spending,
} from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { testKeys } from '../support/fakes/keys.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

const keys = testKeys();
const limits = { ...defaults, unverifiedPerAddressAndDay: 4 };
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
  const own = () => registrationLedger(addressLedger(keys.tagger, address).tag);
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

  it('limits the registrations of a day, even in parallel, and reopens with the next day', async () => {
    expect(await registerTimes(20)).toHaveLength(4);
    const untilMidnight = 86_400 - (clock() % 86_400);
    await expect(register()).rejects.toMatchObject({
      code: 'too_many_requests',
      extras: { retryAfter: untilMidnight },
    });
    clock.advance(untilMidnight);
    expect(await registerTimes(5)).toHaveLength(4);
  });

  it('is separate for each address', async () => {
    await registerTimes(5);
    address = '192.0.2.250';
    await expect(register()).resolves.toBeDefined();
  });

  it('grows by two with a verified code, once, even when the stream repeats the record', async () => {
    const [id = ''] = await registerTimes(4);
    await verify(id);
    expect(await registerTimes(1)).toEqual([]);
    for (let n = 0; n < 3; n++) await creditVerifiedCode(ports())(hashOf(id));
    expect(await registerTimes(10)).toHaveLength(2);
  });

  it('never stops an address where half of the people verify', async () => {
    for (let round = 0; round < 10; round++) {
      const ids = await registerTimes(4);
      expect(ids).toHaveLength(4);
      for (const id of ids.slice(0, 2)) {
        await verify(id);
        await creditVerifiedCode(ports())(hashOf(id));
      }
    }
  });

  it('gets a verified code back in the day of its registration, not in the new day', async () => {
    clock.advance(86_400 - (clock() % 86_400) - 1);
    const [id = ''] = await registerTimes(1);
    clock.advance(2);
    await registerTimes(4);
    await verify(id);
    await creditVerifiedCode(ports())(hashOf(id));
    expect(await registerTimes(1)).toEqual([]);
  });

  it('is not used up by refused requests for one phone', async () => {
    const one = phone();
    const ask = () => startRegistration(ports())({ phone: one, address, language });
    for (let n = 0; n < limits.sendsPerPhoneAndHour; n++) await ask();
    for (let n = 0; n < 20; n++) await expect(ask()).rejects.toThrow('too_many_requests');
    const { unverified } = await stores.ledgers.counts(own(), clock());
    expect(unverified).toBe(limits.sendsPerPhoneAndHour);
  });

  it('is charged by resends as by starts', async () => {
    const [id = ''] = await registerTimes(1);
    await stores.challenges.recordAttempt(hashOf(id), 1, { entry: '1.a.1', nonce: 'n' });
    for (let n = 0; n < 2; n++) {
      clock.advance(limits.resendSeconds);
      await sendChallenge(ports())({ address: anywhere, id });
      const attempt = { entry: `${n + 2}.a.1`, nonce: `n${n}` };
      await stores.challenges.recordAttempt(hashOf(id), n + 2, attempt);
    }
    expect(await registerTimes(5)).toHaveLength(1);
  });

  it('promises a burst of many addresses no more than the purse pays', async () => {
    const fresh = await open();
    const tight = {
      ...spending,
      registrations: { ...spending.registrations, unverifiedPerHour: 1500 },
    };
    const starts = Array.from({ length: 40 }, (_, n) =>
      startRegistration({ ...ports(), ...fresh, spending: tight })({
        phone: phone(),
        address: `198.51.100.${n}`,
        language,
      }),
    );
    const promised = (await Promise.allSettled(starts)).filter(
      ({ status }) => status === 'fulfilled',
    );
    expect(promised).toHaveLength(10);
    const held = await fresh.spendings.earn(registrationPurse, 0, clock());
    expect(held).toMatchObject({ spent: 1500, unverifiedThisHour: 1500 });
  });

  it('of other addresses is charged by resends of a reset, known or unknown, but not by its first send', async () => {
    const { id } = await startPasswordReset(ports())({
      username: 'nobody.here',
      nationalId: '1000000008',
      address,
      language,
    });
    const sender = '192.0.2.251';
    const uses = async (from: string) =>
      (await stores.ledgers.counts(addressLedger(keys.tagger, from), clock())).uses;
    const before = await uses(sender);
    await sendChallenge(ports())({ id, address: async () => sender });
    expect([await uses(address), await uses(sender)]).toEqual([1, before]);
    clock.advance(limits.resendSeconds);
    await sendChallenge(ports())({ id, address: async () => sender });
    clock.advance(limits.resendSeconds);
    await sendChallenge(ports())({ id, address: async () => sender });
    expect([await uses(address), await uses(sender)]).toEqual([1, before + 2]);
    // A send that the phone's budget refuses is given back.
    clock.advance(limits.resendSeconds);
    const refused = sendChallenge(ports())({ id, address: async () => sender });
    await expect(refused).rejects.toThrow('too_many_requests');
    expect(await uses(sender)).toBe(before + 2);
  });

  it('is not used up by resets, whose decoys can never be verified', async () => {
    for (let n = 0; n < 6; n++) {
      const pair = { username: `nobody.${n}`, nationalId: '1000000008' };
      await startPasswordReset(ports())({ ...pair, address, language });
    }
    expect(await stores.ledgers.counts(own(), clock())).toMatchObject({ uses: 0, unverified: 0 });
    expect(await registerTimes(5)).toHaveLength(4);
  });

  it('is stored under a tag of the address, never the address itself', async () => {
    const [id = ''] = await registerTimes(1);
    const stored = await stores.challenges.find(hashOf(id));
    expect(fieldsOf(stored).addressTag).toBe(addressLedger(keys.tagger, address).tag);
    expect(JSON.stringify(stored)).not.toContain(address);
  });
});
