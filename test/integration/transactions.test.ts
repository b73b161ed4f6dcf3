import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { creditVerifiedCode } from '#core/budgets/credit-verified-code.ts';
import { readChallengeId } from '#core/challenge/id.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { introspectTicket } from '#core/flows/introspect-ticket.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import { startTransaction } from '#core/flows/start-transaction.ts';
import type { Problem } from '#core/model/problems.ts';
import { registrationPurse } from '#core/model/spending.ts';
import type { RelyingService } from '#core/model/transaction.ts';
import { longestPortalHost } from '#core/values/portal-host.ts';
import { anywhere, limits, phone, spending } from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { testKeys } from '../support/fakes/keys.ts';
import { fakeRetryQueue } from '../support/fakes/retry-queue.ts';
import { fakeSmsGateway } from '../support/fakes/sms-gateway.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

const keys = testKeys();
const prescriptions: RelyingService = {
  id: 'e-prescription',
  purposes: ['dispense'],
  name: { ar: 'الوصفة', en: 'E-prescription' },
  challengesPerHour: 4,
  challengesPerDay: 6,
};
const portalHost = 'portal.example.gov.sa';
const pharmacy = { ...prescriptions, id: 'pharmacy' };

describe.each(implementations)('transactions of relying services, on %s', (_, open) => {
  let stores: Stores;
  let clock: FakeClock;
  let addresses = 0;

  beforeEach(async () => {
    stores = await open();
    clock = fakeClock();
  });

  const ports = () => ({
    ...stores,
    clock,
    sms: fakeSmsGateway(),
    retries: fakeRetryQueue(),
    entropy: randomBytes,
    ...keys.ports,
    limits: { ...limits, failuresPerPrefixAndHour: 5, failuresPerServiceAndHour: 5 },
    reviewNumbers: [],
    portalHost,
    // Room for two SMS of either service.
    spending: { ...spending, services: { 'e-prescription': 300, pharmacy: 300 } },
  });

  const start = (to = phone(), service = prescriptions, display = 'Prescription 4471') =>
    startTransaction(ports())({
      service,
      phone: to,
      purpose: 'dispense',
      display,
      language: 'en',
    });
  const register = (to = phone()) =>
    startRegistration(ports())({
      phone: to,
      language: 'en',
      address: `10.0.${addresses++}.1`,
    });
  const hashOf = (id: string) => readChallengeId(id)?.hash ?? '';
  const deliver = (id: string) =>
    deliverChallenge(ports())({ idHash: hashOf(id), sendNumber: 1, round: 0 });
  const verify = (id: string, code = keys.code(hashOf(id))) =>
    verifySmsCode(ports())({ id, code, address: `10.1.${addresses++}.1` });
  const outcomeOf = (done: Promise<unknown>) =>
    done.then(
      () => 'done',
      ({ code }: Problem) => code,
    );
  const times = async (count: number, run: () => Promise<unknown>) => {
    for (let i = 0; i < count; i += 1) await run();
  };

  it('are limited by hour and by day for each service separately', async () => {
    await times(4, () => start());
    const wait = { code: 'too_many_requests', extras: { retryAfter: 1800 } };
    await expect(start()).rejects.toMatchObject(wait);
    expect(await outcomeOf(start(phone(), pharmacy))).toBe('done');
    clock.advance(3600);
    await times(2, () => start());
    // The day's six are used up at 08:30.
    const day = { extras: { retryAfter: 15.5 * 3600 } };
    await expect(start()).rejects.toMatchObject(day);
  });

  it('use up nothing of their service’s number when they are refused', async () => {
    const number = phone();
    await times(3, () => start(number));
    await times(3, () => expect(start(number)).rejects.toThrow('too_many_requests'));
    expect(await outcomeOf(start())).toBe('done');
    expect(await outcomeOf(start())).toBe('too_many_requests');
  });

  it('are limited to three an hour for a phone over all services, apart from its registrations', async () => {
    const number = phone();
    await times(2, () => start(number));
    await start(number, pharmacy);
    expect(await outcomeOf(start(number, pharmacy))).toBe('too_many_requests');
    expect(await outcomeOf(register(number))).toBe('done');
  });

  it('are paid by their service alone: a service without money opens no other breaker', async () => {
    const ids = [await start(), await start(), await start()].map(({ id }) => id);
    const sent = [await deliver(ids[0] ?? ''), await deliver(ids[1] ?? '')];
    expect([...sent, await deliver(ids[2] ?? '')]).toEqual(['sent', 'sent', 'no-budget']);
    // The refusal lasts until midnight UTC, and resends are refused as well.
    await expect(start()).rejects.toMatchObject({ extras: { retryAfter: 16.5 * 3600 } });
    clock.advance(60);
    const [first = ''] = ids;
    expect(await outcomeOf(sendChallenge(ports())({ address: anywhere, id: first }))).toBe(
      'too_many_requests',
    );
    expect(await outcomeOf(start(phone(), pharmacy))).toBe('done');
    const { id } = await register();
    expect(await deliver(id)).toBe('sent');
  });

  it('are not counted against their phone when they could not be paid for', async () => {
    const number = phone();
    for (const to of [phone(), phone()]) await deliver((await start(to)).id);
    const { id } = await start(number);
    expect(await deliver(id)).toBe('no-budget');
    await times(2, () => start(number, pharmacy));
    expect(await outcomeOf(start(number, pharmacy))).toBe('done');
  });

  it('earn nothing when they are verified, so that they cannot pay for registrations', async () => {
    const number = phone();
    const prefix = `prefix-${number.slice(0, 6)}` as const;
    const before = await stores.spendings.earn(
      { scope: prefix, phoneClass: 'caller-chosen-phone' },
      0,
      clock(),
    );
    const { id } = await start(number);
    await deliver(id);
    await verify(id);
    await creditVerifiedCode(ports())(hashOf(id));
    expect(
      await stores.spendings.earn({ scope: prefix, phoneClass: 'caller-chosen-phone' }, 0, clock()),
    ).toEqual(before);
    expect((await stores.spendings.earn(registrationPurse, 0, clock())).unverified).toBe(0);
  });

  it('reduce only the attempts of their own service’s next transactions when their codes are guessed', async () => {
    const { id } = await start();
    await deliver(id);
    await times(5, () => outcomeOf(verify(id, 'wrong')));
    const tries = async (started: { id: string }) => {
      const challenge = await stores.challenges.find(hashOf(started.id));
      return limits.attemptsPerChallenge - (challenge?.attempts ?? 0);
    };
    expect(await tries(await start())).toBe(limits.attemptsWhileGuessed);
    expect(await tries(await start(phone(), pharmacy))).toBe(limits.attemptsPerChallenge);
    expect(await tries(await register())).toBe(limits.attemptsPerChallenge);
  });

  it.each(['localhost', portalHost, 'h'.repeat(longestPortalHost)])(
    'have the same room for their text on every host: %s',
    async (host) => {
      const on = (portalHost: string) => ({ ...ports(), portalHost });
      const starting = (display: string) =>
        startTransaction(on(host))({
          service: prescriptions,
          phone: phone(),
          purpose: 'dispense',
          display,
          language: 'ar',
        });
      await expect(starting('و'.repeat(15))).rejects.toMatchObject({
        extras: { errors: [{ message: { en: expect.stringContaining('at most 14 characters') } }] },
      });
      await expect(starting('و'.repeat(14))).resolves.toMatchObject({ purpose: 'transaction' });
    },
  );

  it('keep their text and purpose sealed, under their own challenge', async () => {
    const display = 'Insulin 4471';
    const { id } = await start(phone(), prescriptions, display);
    const stored = await stores.challenges.find(hashOf(id));
    expect(JSON.stringify(stored)).not.toMatch(/Insulin|dispense/);
    await deliver(id);
    const { ticket } = await verify(id);
    const told = await introspectTicket(ports())({ service: prescriptions, ticket });
    expect(told).toMatchObject({ active: true, display, purpose: 'dispense' });
  });

  it('are told to their service by one write, and a made-up ticket costs the same write', async () => {
    const { id } = await start();
    await deliver(id);
    const { ticket } = await verify(id);
    const asked: string[] = [];
    const watched = {
      ...stores.challenges,
      redeemTicket: (...args: Parameters<Stores['challenges']['redeemTicket']>) => {
        asked.push(args[1].service);
        return stores.challenges.redeemTicket(...args);
      },
    };
    const ask = (service: RelyingService, text: string) =>
      introspectTicket({ ...ports(), challenges: watched })({ service, ticket: text });
    expect(await ask(pharmacy, ticket)).toEqual({ active: false });
    expect(await ask(prescriptions, 'made-up')).toEqual({ active: false });
    expect(await ask(prescriptions, ticket)).toMatchObject({ active: true });
    expect(asked).toEqual(['pharmacy', 'e-prescription', 'e-prescription']);
  });
});
