import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { creditVerifiedCode } from '#core/budgets/credit-verified-code.ts';
import { checkBreaker, creditSpending, payForSms } from '#core/budgets/spend-breaker.ts';
import { readChallengeId } from '#core/challenge/id.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { readChallenge } from '#core/flows/read-challenge.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { startPasswordReset } from '#core/flows/start-password-reset.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import { addressLedger, registrationLedger } from '#core/model/ledger.ts';
import { Problem } from '#core/model/problems.ts';
import type { PhoneClass } from '#core/model/purpose.ts';
import type { SpendScope } from '#core/model/spending.ts';
import type { Ports } from '#core/ports/index.ts';
import {
  accountClaim,
  anywhere,
  challenge,
  idHash,
  limits,
  sessionLimits,
  spending,
} from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { fakeDirectory } from '../support/fakes/directory.ts';
import { testKeys } from '../support/fakes/keys.ts';
import { fakeRetryQueue } from '../support/fakes/retry-queue.ts';
import { type FakeSmsGateway, fakeSmsGateway } from '../support/fakes/sms-gateway.ts';
import { fakeStores } from '../support/world/stores.ts';

const keys = testKeys();
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
    ...keys.ports,
    // Room for fourteen unverified SMS of registrations and seven of a prefix. Callers have an address each.
    spending: {
      ...spending,
      registrations: { perDay: 1e7, unverifiedPerHour: 2100, unverifiedPerDay: 6000 },
      accounts: { perDay: 1e7, unverifiedPerHour: 900, unverifiedPerDay: 6000 },
      prefix: { perDay: 1e7, unverifiedPerHour: 1050, unverifiedPerDay: 3000 },
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
  await verifySmsCode(ports)({ id, code: keys.code(hashOf(id)), address: '192.0.2.1' });
  await creditVerifiedCode(ports)(hashOf(id));
}

async function pumpUntilClosed(): Promise<number> {
  for (let sent = 0; sent < 200; sent++) {
    const id = await register().then(
      (challenge) => challenge.id,
      () => undefined,
    );
    if (id === undefined) return sent;
    expect(await deliver(id)).toBe('sent');
  }
  throw new Error('The money was never used up');
}

/** The money of a purse at this moment. */
const heldBy = (phoneClass: PhoneClass, scope: SpendScope = 'service') =>
  ports.spendings.earn({ scope, phoneClass }, 0, clock());
const unverified = async (scope: SpendScope = 'service') =>
  (await heldBy('caller-chosen-phone', scope)).unverified;

describe('SMS pumping', () => {
  it('stops when the unverified money is spent, and the API says how long to wait', async () => {
    const sent = await pumpUntilClosed();
    expect(sent).toBe(14);
    // It is 07:30, and the hour's money is spent.
    const seconds = { code: 'too_many_requests', extras: { retryAfter: 1800 } };
    await expect(register()).rejects.toMatchObject(seconds);
    expect(sms.sent).toHaveLength(sent);
  });

  it('of one prefix leaves only the first codes of each address to that prefix', async () => {
    const registrations = { perDay: 1e7, unverifiedPerHour: 6000, unverifiedPerDay: 9000 };
    ports = {
      ...ports,
      limits: { ...limits, firstCodesPerAddressAndDay: 1 },
      spending: { ...ports.spending, registrations },
    };
    const at = (address: string, prefix: string) =>
      startRegistration(ports)({ phone: phone(prefix), address, language: 'en' });
    for (let n = 0; n < 8; n++) await deliver((await at(`198.51.100.${n}`, '55')).id);
    await expect(at('198.51.100.1', '55')).rejects.toMatchObject({
      extras: { retryAfter: 1800 },
    });
    expect(await deliver((await at('198.51.100.1', '50')).id)).toBe('sent');
    expect(await deliver((await at('198.51.100.100', '55')).id)).toBe('sent');
    // The refused request cost its address nothing.
    const { tag } = addressLedger(keys.tagger, '198.51.100.1');
    expect((await ports.ledgers.counts(registrationLedger(tag), clock())).unverified).toBe(2);
  });

  it('from one address leaves half of the money to the first codes of others', async () => {
    const all = { ...limits, unverifiedPerAddressAndDay: 100, sendsPerPhoneAndHour: 100 };
    ports = { ...ports, limits: all };
    const pumper = () =>
      startRegistration(ports)({ phone: phone(), address: '203.0.113.1', language: 'en' });
    let taken = 0;
    while (await pumper().catch(() => undefined)) taken += 1;
    expect(taken).toBe(7);
    expect(await pumpUntilClosed()).toBe(7);
  });

  it('uses none of the money of resets', async () => {
    await pumpUntilClosed();
    const { id } = await resetOf('+966551234567');
    await sendChallenge(ports)({ address: anywhere, id });
    expect(await deliver(id)).toBe('sent');
    expect((await heldBy('account-phone')).spent).toBe(150);
  });

  it('is over as soon as codes are verified again', async () => {
    const honest = await register();
    await deliver(honest.id);
    await pumpUntilClosed();
    await expect(register()).rejects.toThrow('too_many_requests');
    await verify(honest.id);
    expect(await pump()).toBe('sent');
  });

  it('gains nothing from verified logins and resets', async () => {
    await pumpUntilClosed();
    const before = await heldBy('caller-chosen-phone');
    const prefix = await heldBy('caller-chosen-phone', 'prefix-+96655');
    const first = { sms: 1, isFirst: true };
    for (let n = 0; n < 20; n++) await creditSpending(ports)('account-phone', phone(), first);
    expect(await heldBy('caller-chosen-phone')).toEqual(before);
    expect(await heldBy('caller-chosen-phone', 'prefix-+96655')).toEqual(prefix);
    await expect(register()).rejects.toThrow('too_many_requests');
  });

  it('is over with the hour, without a single code verified', async () => {
    await pumpUntilClosed();
    clock.advance(1800);
    expect(await pump()).toBe('sent');
  });
});

it('logins and resets that use up their money leave registrations open', async () => {
  while (await payForSms(ports)('account-phone', phone())) {}
  await expect(checkBreaker(ports)('account-phone')).rejects.toThrow('too_many_requests');
  expect(await pumpUntilClosed()).toBe(14);
});

describe('money that is reserved before an SMS is promised', () => {
  it('is back when the start is refused by the budget of its phone', async () => {
    const number = phone();
    for (let n = 0; n < 3; n++) await register(number);
    await expect(register(number)).rejects.toThrow('too_many_requests');
    expect(await unverified()).toBe(3 * 150);
  });

  it('is taken once, however often the sender delivers the same send', async () => {
    const { id } = await register();
    expect(await unverified()).toBe(150);
    for (let n = 0; n < 3; n++) await deliver(id);
    expect(await unverified()).toBe(150);
    expect(await unverified('prefix-+96655')).toBe(150);
    expect((await heldBy('account-phone')).spent).toBe(0);
  });

  it('pays for the next provider after a refusal, and is back once when all refuse', async () => {
    const { id } = await register();
    sms.refusing = true;
    expect(await deliver(id)).toBe('refused');
    expect(await unverified()).toBe(0);
    expect(await unverified('prefix-+96655')).toBe(0);
    for (let n = 0; n < 3; n++) expect(await deliver(id, n)).toBe('settled-before');
    expect(await unverified()).toBe(0);
  });

  it('is back once when two deliveries give the same send up at the same time', async () => {
    const { id } = await register();
    clock.advance(limits.codeSeconds);
    expect(await Promise.all([deliver(id), deliver(id)])).toEqual(
      expect.arrayContaining(['expired']),
    );
    expect(await unverified()).toBe(0);
  });

  it('is back when the code expires unsent, in the hour that it was taken from', async () => {
    clock.advance(1800 - 60);
    const { id } = await register();
    sms.failing = true;
    expect(await deliver(id)).toBe('later');
    clock.advance(limits.codeSeconds);
    expect(await deliver(id, 1)).toBe('expired');
    expect(await heldBy('caller-chosen-phone')).toEqual({
      spent: 0,
      unverified: 0,
      unverifiedThisHour: 0,
    });
  });

  it('is not given back after a time-out, and a second attempt pays for itself', async () => {
    const { id } = await register();
    sms.silent = true;
    expect(await deliver(id)).toBe('later');
    expect(await unverified()).toBe(150);
    clock.advance(45);
    expect(await deliver(id, 1)).toBe('unanswered');
    expect(await unverified()).toBe(300);
  });

  it('pays for a resend that replaces a send of which nothing went out', async () => {
    const { id } = await register();
    sms.failing = true;
    expect(await deliver(id)).toBe('later');
    clock.advance(limits.resendSeconds);
    await sendChallenge(ports)({ address: anywhere, id });
    expect(await unverified()).toBe(150);
    sms.failing = false;
    expect(await deliver(id, 1)).toBe('settled-before');
    expect(await deliverChallenge(ports)({ idHash: hashOf(id), sendNumber: 2, round: 0 })).toBe(
      'sent',
    );
    expect(await unverified()).toBe(150);
  });

  it('never pays twice: a resend is refused while the sender takes up the send before', async () => {
    const { id } = await register();
    clock.advance(limits.resendSeconds);
    const { find } = ports.challenges;
    const challenges = {
      ...ports.challenges,
      find: async (idHash: string) => {
        const found = await find(idHash);
        await deliver(id);
        return found;
      },
    };
    await expect(
      sendChallenge({ ...ports, challenges })({ address: anywhere, id }),
    ).rejects.toThrow('too_many_requests');
    expect(sms.sent).toHaveLength(1);
    expect(await unverified()).toBe(150);
  });

  it('is taken again for a resend after the first SMS, and counts for the address of the start', async () => {
    const { id } = await register();
    await deliver(id);
    clock.advance(limits.resendSeconds);
    const { tag } = addressLedger(keys.tagger, `192.0.2.${count % 250}`);
    await sendChallenge(ports)({ address: anywhere, id });
    expect(await unverified()).toBe(300);
    const counts = await ports.ledgers.counts(registrationLedger(tag), clock());
    expect(counts).toMatchObject({ uses: 2, unverified: 2 });
  });

  it('costs nothing for good when the function dies: one SMS’s price is missing until midnight', async () => {
    const dead: Ports['challenges'] = {
      ...ports.challenges,
      start: () => Promise.reject(new Error('the function died')),
    };
    ports = { ...ports, challenges: dead };
    await expect(register()).rejects.toThrow('the function died');
    expect(await unverified()).toBe(150);
    clock.advance(16.5 * 3600);
    expect(await unverified()).toBe(0);
  });

  it('is back, and the use of its address too, when the table refuses to answer', async () => {
    const { start, send } = ports.challenges;
    const { id } = await register();
    await deliver(id);
    clock.advance(limits.resendSeconds);
    const { tag } = addressLedger(keys.tagger, `192.0.2.${count % 250}`);
    const uses = async () => {
      const counts = await ports.ledgers.counts(registrationLedger(tag), clock());
      return [counts.uses, counts.unverified, await unverified()];
    };
    expect(await uses()).toEqual([1, 1, 150]);
    const refuse = () => Promise.reject(new Problem('unavailable'));
    ports = { ...ports, challenges: { ...ports.challenges, start: refuse, send: refuse } };
    const resend = () => sendChallenge(ports)({ address: anywhere, id });
    await expect(resend()).rejects.toThrow('unavailable');
    count -= 1;
    await expect(register()).rejects.toThrow('unavailable');
    expect(await uses()).toEqual([1, 1, 150]);

    ports = { ...ports, challenges: { ...ports.challenges, start, send } };
    await resend();
    expect(await uses()).toEqual([2, 2, 300]);
  });

  it('stays with the SMS when an answer is lost, and only the use of its address is back', async () => {
    const { start } = ports.challenges;
    const late: Ports['challenges']['start'] = async (...input) => {
      await start(...input);
      throw new Error('The answer was lost');
    };
    ports = { ...ports, challenges: { ...ports.challenges, start: late } };
    await expect(register()).rejects.toThrow('The answer was lost');
    const { tag } = addressLedger(keys.tagger, `192.0.2.${count % 250}`);
    expect((await ports.ledgers.counts(registrationLedger(tag), clock())).unverified).toBe(0);
    expect(await unverified()).toBe(150);
  });

  it.each(['transaction', 'login', 'password-reset'] as const)(
    'is neither refunded nor earned by an item that a function wrote under a key of %s',
    async (purpose) => {
      await register();
      const before = await heldBy('caller-chosen-phone');
      const forged = {
        ...keys.sealedPhone(phone()),
        idHash: idHash(purpose),
        createdAt: clock(),
        addressTag: 'any',
        reservedAt: clock(),
        asked: undefined,
      };
      const [owed, verified] = [
        challenge({ ...forged, decoy: true }),
        challenge({ ...forged, idHash: idHash(purpose), status: 'verified', verifiedBy: 'n' }),
      ];
      for (const item of [owed, verified]) await ports.challenges.start(item, [], clock());
      const send = { idHash: owed.idHash, sendNumber: 1, round: 0 };
      expect(await deliverChallenge(ports)(send)).toBe('forged');
      expect(await deliverChallenge(ports)(send)).toBe('settled-before');
      await creditVerifiedCode(ports)(verified.idHash);
      expect(await heldBy('caller-chosen-phone')).toEqual(before);
    },
  );

  it('is missing until midnight when the sender dies between settling and giving back', async () => {
    const { id } = await register();
    clock.advance(limits.codeSeconds);
    const { spendings } = ports;
    ports = {
      ...ports,
      spendings: { ...spendings, refund: () => Promise.reject(new Error('died')) },
    };
    await expect(deliver(id)).rejects.toThrow('died');
    ports = { ...ports, spendings };
    expect(await deliver(id)).toBe('settled-before');
    expect(await unverified()).toBe(150);
  });
});

describe('the delivery state of a reset', () => {
  it('is the same for a real reset and a decoy, at every stage of the real SMS', async () => {
    const real = (await resetOf('+966551234567')).id;
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
  // Registrations may spend 2,100. One SMS was paid, and 375 were earned back.
  expect(await pumpUntilClosed()).toBe(15);
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
    expect(await pumpUntilClosed()).toBe(13);
  });
});

/** Starts a reset of an account on this phone. */
async function resetOf(number: string) {
  const [username, nationalId] = ['sara.q', '1000000008'];
  const claim = accountClaim(
    {},
    {
      usernameTag: keys.tag('username', username),
      identityTag: await keys.identityTag(nationalId),
      status: 'active',
      ...keys.sealedPhone(number),
    },
  );
  ports = { ...ports, accounts: { ...ports.accounts, find: async () => claim.account } };
  return startPasswordReset(ports)({ username, nationalId, address: '192.0.2.1', language: 'en' });
}
