import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { creditVerifiedCode } from '#core/budgets/credit-verified-code.ts';
import { reviewCode } from '#core/budgets/review-numbers.ts';
import { readChallengeId } from '#core/challenge/id.ts';
import { startChallenge } from '#core/challenge/start.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import type { KeyMaterial } from '#core/crypto/keyring.ts';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { deliverNotice } from '#core/delivery/deliver-notice.ts';
import { readChallenge } from '#core/flows/read-challenge.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import { addressLedger, registrationLedger } from '#core/model/ledger.ts';
import type { Notice } from '#core/model/records.ts';
import type { ReviewNumber } from '#core/model/review-number.ts';
import { prefixOf } from '#core/model/spending.ts';
import type { Ports } from '#core/ports/index.ts';
import {
  accountClaim,
  anywhere,
  challengeStart,
  limits,
  phone as newPhone,
  sessionLimits,
  spending,
} from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { fakeDirectory } from '../support/fakes/directory.ts';
import { freshMaterial, rotated, type TestKeys, testKeys } from '../support/fakes/keys.ts';
import { fakeRetryQueue } from '../support/fakes/retry-queue.ts';
import { type FakeSmsGateway, fakeSmsGateway } from '../support/fakes/sms-gateway.ts';
import { noticeOf } from '../support/world/records.ts';
import { fakeStores, implementations } from '../support/world/stores.ts';

const address = '192.0.2.1';
const language = 'en' as const;
const day = 86_400;
const problem = (code: string, extras = {}) => expect.objectContaining({ code, extras });
const hashOf = (id: string) => readChallengeId(id)?.hash ?? '';

/** The rules on the fakes and on DynamoDB, with one number whose listing ends tomorrow. */
describe.each(implementations)('a review number on %s', (_, open) => {
  let ports: Ports;
  let clock: FakeClock;
  let sms: FakeSmsGateway;
  let material: { current: KeyMaterial };
  let keys: TestKeys;
  let number: ReviewNumber;
  let code: string;

  beforeEach(async () => {
    clock = fakeClock();
    sms = fakeSmsGateway();
    material = { current: freshMaterial() };
    keys = testKeys(material, clock);
    number = { phone: newPhone(), from: '2026-11-20', until: '2026-11-24', sendsPerDay: 8 };
    code = await codeOf(number);
    const pool = fakeDirectory(clock);
    ports = {
      ...(await open()),
      clock,
      sms,
      retries: fakeRetryQueue(),
      limits,
      spending,
      directoryUsers: pool,
      directoryTokens: pool,
      entropy: randomBytes,
      ...keys.ports,
      portalHost: 'portal.example.gov.sa',
      termsVersion: '1',
      sessionLimits,
      reviewNumbers: [number],
    };
  });

  const register = (phone = number.phone, from = address) =>
    startRegistration(ports)({ phone, address: from, language });
  const deliver = (id: string, sendNumber = 1) =>
    deliverChallenge(ports)({ idHash: hashOf(id), sendNumber, round: 0 });
  const verify = (id: string, typed = code) => verifySmsCode(ports)({ id, code: typed, address });
  const another = (typed: string) => String((Number(typed) + 1) % 1e6).padStart(6, '0');
  const tagOf = (phone = number.phone) => keys.tag('phone', phone);
  const codeOf = async (of: ReviewNumber) => reviewCode(await keys.ports.codeKeys(), of, 6);

  /** Starts a challenge of a flow that needs an account. */
  const start = async (purpose: 'login' | 'password-reset', decoy = false, phone = number.phone) =>
    startChallenge(ports)(
      challengeStart(purpose, {
        language,
        phone,
        phoneTag: tagOf(phone),
        decoy,
        send: true,
      }),
    );

  it('is never texted, costs nothing, and verifies with the code known beforehand', async () => {
    ports = {
      ...ports,
      spendings: { ...ports.spendings, spend: () => Promise.reject(new Error()) },
    };
    for (const { id } of [await register(), await start('login'), await start('password-reset')]) {
      expect(await deliver(id)).toBe('review');
      await expect(verify(id)).resolves.toHaveProperty('ticket');
    }
    expect(sms.sent).toEqual([]);
  });

  it('reports the same delivery states as any other number', async () => {
    const { id } = await register();
    expect(await readChallenge(ports)({ id })).toMatchObject({ delivery: 'queued', sent: true });
    await deliver(id);
    expect(await readChallenge(ports)({ id })).toMatchObject({ delivery: 'sent', sent: true });
  });

  it('keeps one code through resends and a rotation of the keys', async () => {
    const { id } = await register();
    await deliver(id);
    clock.advance(60);
    await sendChallenge(ports)({ address: anywhere, id });
    expect(await deliver(id, 2)).toBe('review');
    await expect(verify(id)).resolves.toHaveProperty('ticket');
    material.current = rotated(material.current, clock());
    const next = await register();
    await deliver(next.id);
    await expect(verify(next.id)).resolves.toHaveProperty('ticket');
    expect(sms.sent).toEqual([]);
  });

  it('accepts its code once, only after the send was handled, and never for a decoy', async () => {
    const { id } = await register();
    await expect(verify(id)).rejects.toEqual(problem('code_incorrect', { attemptsLeft: 4 }));
    await deliver(id);
    await verify(id);
    await expect(verify(id)).rejects.toEqual(problem('challenge_expired'));
    const decoy = await start('password-reset', true);
    expect(await deliver(decoy.id)).toBe('decoy');
    await expect(verify(decoy.id)).rejects.toEqual(problem('code_incorrect', { attemptsLeft: 4 }));
  });

  it('is settled by the next sender when one died between its two writes', async () => {
    const { id } = await register();
    const { challenges } = ports;
    const settle = () => Promise.reject(new Error('died'));
    ports = { ...ports, challenges: { ...challenges, settle } };
    await expect(deliver(id)).rejects.toThrow('died');
    ports = { ...ports, challenges };
    expect(await deliver(id)).toBe('review');
    expect(await deliver(id)).toBe('settled-before');
    await expect(verify(id)).resolves.toHaveProperty('ticket');
  });

  it('has a code that opens no challenge of another phone, for any purpose', async () => {
    const victim = newPhone();
    const victims = [
      await register(victim),
      await start('login', false, victim),
      await start('password-reset', false, victim),
    ];
    for (const { id } of victims) {
      expect(await deliver(id)).toBe('sent');
      await expect(verify(id)).rejects.toEqual(problem('code_incorrect', { attemptsLeft: 4 }));
      const own = /#(\d{6})$/.exec(sms.sent.at(-1)?.body ?? '')?.[1] ?? '';
      await expect(verify(id, own)).resolves.toHaveProperty('ticket');
    }
  });

  it('has a code that opens no challenge of another review number either', async () => {
    const other = { ...number, phone: newPhone() };
    ports = { ...ports, reviewNumbers: [number, other] };
    const { id } = await register(other.phone);
    await deliver(id);
    await expect(verify(id)).rejects.toEqual(problem('code_incorrect', { attemptsLeft: 4 }));
    await expect(verify(id, await codeOf(other))).resolves.toBeDefined();
  });

  it('is locked after five wrong codes, and starts nothing after twenty in a day', async () => {
    for (let n = 0; n < 4; n++) {
      const { id } = await register(number.phone, `192.0.2.${n}`);
      await deliver(id);
      for (let wrong = 0; wrong < 5; wrong++) {
        await expect(verify(id, another(code))).rejects.toHaveProperty('code', 'code_incorrect');
      }
      await expect(verify(id)).rejects.toHaveProperty('code', 'challenge_locked');
    }
    await expect(register()).rejects.toHaveProperty('code', 'too_many_requests');
  });

  it('has a daily budget of its own, and leaves the hourly budgets of other numbers alone', async () => {
    for (let n = 0; n < 8; n++) await register();
    await expect(register()).rejects.toHaveProperty('code', 'too_many_requests');
    const { id } = await start('password-reset');
    await deliver(id);
    const ordinary = newPhone();
    for (let n = 0; n < 3; n++) await register(ordinary);
    await expect(register(ordinary)).rejects.toHaveProperty('code', 'too_many_requests');
  });

  it('allows resends within that budget, and refuses more with the exact wait', async () => {
    ports = { ...ports, limits: { ...limits, codeSeconds: 600 } };
    const { id } = await register();
    for (let sendNumber = 2; sendNumber <= 8; sendNumber++) {
      clock.advance(60);
      await sendChallenge(ports)({ address: anywhere, id });
    }
    clock.advance(60);
    const untilMidnight = 16.5 * 3600 - 8 * 60;
    await expect(sendChallenge(ports)({ address: anywhere, id })).rejects.toEqual(
      problem('too_many_requests', { retryAfter: untilMidnight, limit: 'phone' }),
    );
  });

  it('adds nothing to the wrong codes counted for service and prefix', async () => {
    const guesses: string[] = [];
    const recordGuess: Ports['ledgers']['recordGuess'] = async (of) => {
      guesses.push(of);
      return { thisHour: 0, today: 0 };
    };
    ports = { ...ports, ledgers: { ...ports.ledgers, recordGuess } };
    const { id } = await register();
    await deliver(id);
    await expect(verify(id, another(code))).rejects.toHaveProperty('code', 'code_incorrect');
    expect(guesses).toEqual([]);
    const ordinary = await register(newPhone());
    await deliver(ordinary.id);
    await expect(verify(ordinary.id)).rejects.toHaveProperty('code', 'code_incorrect');
    expect(guesses).toHaveLength(2);
  });

  it('earns no money back, and returns to its address only what it took', async () => {
    const from = `198.51.100.${randomBytes(1).readUInt8()}`;
    const { id } = await register(number.phone, from);
    await deliver(id);
    await verify(id);
    ports = {
      ...ports,
      spendings: { ...ports.spendings, earn: () => Promise.reject(new Error()) },
    };
    await creditVerifiedCode(ports)(hashOf(id));
    await creditVerifiedCode(ports)(hashOf(id));
    const ledger = registrationLedger(addressLedger(keys.tagger, from).tag);
    expect(await ports.ledgers.counts(ledger, clock())).toMatchObject({ unverified: 0, uses: 0 });
  });

  it('is texted like any other from the day after its last, and its old code no longer verifies', async () => {
    ports = { ...ports, limits: { ...limits, codeSeconds: 3 * day } };
    const before = await register();
    await deliver(before.id);
    clock.advance(2 * day - 7.5 * 3600);
    const { id } = await register();
    expect(await deliver(id)).toBe('sent');
    expect(sms.sent).toMatchObject([{ phone: number.phone }]);
    expect(sms.sent[0]?.body).not.toContain(code);
    await expect(verify(id)).rejects.toEqual(problem('code_incorrect', { attemptsLeft: 4 }));
    await expect(verify(before.id)).rejects.toHaveProperty('code', 'code_incorrect');
  });

  it('is full once it has its number of accounts, and its code then verifies nothing', async () => {
    ports = { ...ports, limits: { ...limits, accountsPerPhone: 1 } };
    const phoneTag = tagOf();
    await ports.accounts.openSlots(phoneTag);
    const claim = accountClaim({ accountsPerPhone: 1, lapsesAt: clock() + day }, { phoneTag });
    expect(await ports.accounts.claim(claim, clock())).toMatchObject({ kind: 'claimed' });
    const { id } = await register();
    expect(await deliver(id)).toBe('phone-full');
    await expect(verify(id)).rejects.toEqual(problem('code_incorrect', { attemptsLeft: 4 }));
    expect(sms.sent).toEqual([]);
  });
});

describe('a notice to a review number', () => {
  it('is settled without an SMS, while a notice to another phone goes out', async () => {
    const written: { notices: Notice[] }[] = [];
    const [clock, sms] = [fakeClock(), fakeSmsGateway()];
    const keys = testKeys();
    const number = { phone: newPhone(), from: '2026-11-20', until: '2026-11-24', sendsPerDay: 8 };
    const stores = fakeStores(written);
    const paid: string[] = [];
    const spend: typeof stores.spendings.spend = (charge, now) => {
      paid.push(charge.scope);
      return stores.spendings.spend(charge, now);
    };
    const ports = {
      ...stores,
      spendings: { ...stores.spendings, spend },
      clock,
      sms,
      spending,
      retries: fakeRetryQueue(),
      reviewNumbers: [number],
      entropy: randomBytes,
      ...keys.ports,
    };
    const tell = (phone: string) => {
      const to = keys.sealedPhone(phone);
      const notice = noticeOf({ ...to, createdAt: clock(), expiresAt: clock() + 3600 });
      written.push({ notices: [notice] });
      return deliverNotice(ports)({ noticeId: notice.id, sendNumber: 1, round: 0 });
    };
    expect(await tell(number.phone)).toBe('review');
    const other = newPhone();
    expect(await tell(other)).toBe('sent');
    expect(sms.sent).toHaveLength(1);
    expect(paid).toEqual([prefixOf(other), 'service']);
  });
});
