import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { creditVerifiedCode } from '#core/budgets/credit-verified-code.ts';
import { readChallengeId } from '#core/challenge/id.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { deriveCode } from '#core/crypto/derive-code.ts';
import { createKeyring } from '#core/crypto/keyring.ts';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { readChallenge } from '#core/flows/read-challenge.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { startPasswordReset } from '#core/flows/start-password-reset.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import type { Ports } from '#core/ports/index.ts';
import { accountClaim, limits, sessionLimits, spending } from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { fakeDirectory } from '../support/fakes/directory.ts';
import { fakeRetryQueue } from '../support/fakes/retry-queue.ts';
import { type FakeSmsGateway, fakeSmsGateway } from '../support/fakes/sms-gateway.ts';
import { fakeStores } from '../support/world/stores.ts';

const keyring = createKeyring({ current: 1, versions: { 1: randomBytes(32).toString('hex') } });
let ports: Ports;
let clock: FakeClock;
let sms: FakeSmsGateway;
let count = 0;

beforeEach(() => {
  clock = fakeClock();
  sms = fakeSmsGateway();
  const pool = fakeDirectory();
  ports = {
    ...fakeStores(),
    clock,
    sms,
    retries: fakeRetryQueue(),
    limits,
    reviewNumbers: [],
    directoryUsers: pool,
    directoryTokens: pool,
    entropy: randomBytes,
    keys: async () => keyring,
    // Room for ten unverified SMS of a prefix and twenty of the service. Three in ten are reserved for accounts.
    spending: {
      ...spending,
      service: { perDay: 1e7, unverifiedPerHour: 3000, unverifiedPerDay: 6000 },
      prefix: { perDay: 1e7, unverifiedPerHour: 1500, unverifiedPerDay: 3000 },
    },
    portalHost: 'portal.example.gov.sa',
    termsVersion: '1',
    sessionLimits,
  };
});

const hashOf = (id: string) => readChallengeId(id)?.hash ?? '';
const deliver = (id: string, round = 0) =>
  deliverChallenge(ports)({ idHash: hashOf(id), sendNumber: 1, round });
const phone = (prefix = '55') => `+966${prefix}${String(count++).padStart(7, '0')}`;
const register = (number = phone()) =>
  startRegistration(ports)({ phone: number, address: `192.0.2.${count % 250}`, language: 'en' });

/** Registers a phone and delivers its SMS. */
async function pump(number = phone()): Promise<string> {
  const { id } = await register(number);
  return deliver(id);
}

/** Verifies the code of the SMS, and credits it as the table's stream does. */
async function verify(id: string): Promise<void> {
  const challengeId = readChallengeId(id);
  const code = challengeId ? deriveCode(keyring.current, challengeId.hash, 6) : '';
  await verifySmsCode(ports)({ id, code, address: '192.0.2.1' });
  await creditVerifiedCode(ports)(hashOf(id));
}

async function pumpUntilClosed(prefix?: string): Promise<number> {
  for (let sent = 0; sent < 200; sent++) {
    if ((await pump(phone(prefix))) === 'no-budget') return sent;
  }
  throw new Error('The breaker never opened');
}

describe('SMS pumping', () => {
  it('stops when the unverified money is spent, and the API says how long to wait', async () => {
    const sent = await pumpUntilClosed();
    // 1,500 thousandths less the reserve of 30 %, at 150 each.
    expect(sent).toBe(7);
    // It is 07:30, and the hour's money is spent.
    const seconds = { code: 'too_many_requests', extras: { retryAfter: 1800 } };
    await expect(register()).rejects.toMatchObject(seconds);
    expect(sms.sent).toHaveLength(sent);
  });

  it('of one prefix is stopped for that prefix, and for no other', async () => {
    await pumpUntilClosed('55');
    expect(await pump(phone('50'))).toBe('sent');
  });

  it('of many prefixes is stopped for the whole service', async () => {
    let sent = 0;
    for (const prefix of ['50', '53', '54', '55', '56']) {
      for (let n = 0; n < 6; n++) {
        const outcome = await register(phone(prefix)).catch(() => undefined);
        if (!outcome) continue;
        if ((await deliver(outcome.id)) === 'sent') sent++;
      }
    }
    expect(sent).toBe(14);
    await expect(register(phone('59'))).rejects.toThrow('too_many_requests');
  });

  it('leaves the reserve to people who have an account', async () => {
    await pumpUntilClosed('55');
    const phoneTag = keyring.tag('phone', '+966551234567');
    const { id } = await resetOf('+966551234567', phoneTag);
    await sendChallenge(ports)({ address: anywhere, id });
    expect(await deliver(id)).toBe('sent');
  });

  it('is over as soon as codes are verified again', async () => {
    const honest = await register();
    await deliver(honest.id);
    await pumpUntilClosed();
    await expect(register()).rejects.toThrow('too_many_requests');
    await verify(honest.id);
    expect(await pump()).toBe('sent');
  });

  it('is over with the hour, without a single code verified', async () => {
    await pumpUntilClosed();
    clock.advance(1800);
    expect(await pump()).toBe('sent');
  });

  it('reports an SMS without money as failed', async () => {
    // Accepted while there was money, as by a function that cached the breaker a moment ago.
    const { id } = await register();
    await pumpUntilClosed();
    expect((await readChallenge(ports)({ id })).delivery).toBe('queued');
    expect(await deliver(id)).toBe('no-budget');
    expect((await readChallenge(ports)({ id })).delivery).toBe('failed');
  });
});

describe('the delivery state of a reset', () => {
  it('is the same for a real reset and a decoy, at every stage of the real SMS', async () => {
    const phoneTag = keyring.tag('phone', '+966551234567');
    const real = (await resetOf('+966551234567', phoneTag)).id;
    const stranger = { username: 'nobody.here', nationalId: '2020202020' };
    const decoy = (
      await startPasswordReset(ports)({ ...stranger, address: '192.0.2.1', language: 'en' })
    ).id;
    const told = async () => {
      const views = await Promise.all([real, decoy].map((id) => readChallenge(ports)({ id })));
      const states = views.map(({ delivery }) => delivery);
      expect(states[1]).toBe(states[0]);
      return states[0];
    };
    expect(await told()).toBeUndefined();

    for (const id of [real, decoy]) await sendChallenge(ports)({ address: anywhere, id });
    expect(await told()).toBe('queued');
    sms.failing = true;
    expect(await deliver(real)).toBe('later');
    await deliver(decoy);
    clock.advance(30);
    expect(await told()).toBe('queued');
    sms.failing = false;
    clock.advance(31);
    sms.refusing = true;
    await deliver(real, 1);
    expect(await told()).toBe('sent');
    clock.advance(limits.codeSeconds);
    expect(await told()).toBe('failed');
  });
});

it('a verified code earns money once, even when the stream repeats it', async () => {
  const { id } = await register();
  await deliver(id);
  await verify(id);
  for (let n = 0; n < 50; n++) await creditVerifiedCode(ports)(hashOf(id));
  // Registrations may spend 1,050. One SMS was paid, and 375 were earned back.
  expect(await pumpUntilClosed()).toBe(8);
});

describe('honest traffic', () => {
  it('never opens the breaker while two of five codes are verified', async () => {
    for (let n = 0; n < 300; n++) {
      const { id } = await register();
      expect(await deliver(id)).toBe('sent');
      if (n % 5 < 2) await verify(id);
    }
  });

  it('pays nothing for an SMS that the provider did not accept, even after fifty tries', async () => {
    const { id } = await register();
    sms.failing = true;
    for (let n = 0; n < 50; n++) expect(await deliver(id, n)).toBe('later');
    sms.failing = false;
    expect(await deliver(id, 50)).toBe('sent');
    expect(await pumpUntilClosed()).toBe(6);
  });
});

/** Starts a reset of an account on this phone. */
async function resetOf(number: string, phoneTag: string) {
  const { seal } = await import('#core/crypto/seal.ts');
  const [username, nationalId] = ['sara.q', '1000000008'];
  const claim = accountClaim(
    {},
    {
      usernameTag: keyring.tag('username', username),
      identityTag: keyring.tag('national-id', nationalId),
      status: 'active',
      phoneTag,
      phone: seal(keyring, randomBytes, `phone:${phoneTag}`, number),
    },
  );
  ports = { ...ports, accounts: { ...ports.accounts, find: async () => claim.account } };
  return startPasswordReset(ports)({ username, nationalId, address: '192.0.2.1', language: 'en' });
}
