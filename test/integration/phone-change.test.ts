import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { creditVerifiedCode } from '#core/budgets/credit-verified-code.ts';
import { checkBreaker, payForSms } from '#core/budgets/spend-breaker.ts';
import { readChallengeId } from '#core/challenge/id.ts';
import { startChallenge } from '#core/challenge/start.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { completeClosing } from '#core/flows/complete-closing.ts';
import { completePhoneChange } from '#core/flows/complete-phone-change.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { startClosing } from '#core/flows/start-closing.ts';
import { startPhoneChange } from '#core/flows/start-phone-change.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import { identityContext } from '#core/model/account.ts';
import {
  addressLedger,
  type LedgerCounts,
  type LedgerKey,
  ledgersOf,
  registrationLedger,
} from '#core/model/ledger.ts';
import { phoneClassOf } from '#core/model/purpose.ts';
import type { SessionSubject } from '#core/model/session.ts';
import { prefixOf, type Spending } from '#core/model/spending.ts';
import type { Ports } from '#core/ports/index.ts';
import { openSession, readClaims } from '#core/session/open-session.ts';
import {
  accountClaim,
  anywhere,
  challenge,
  challengeStart,
  limits as defaults,
  phone as newPhone,
  origin,
  sessionLimits,
  spending,
  unique,
} from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { fakeDirectory } from '../support/fakes/directory.ts';
import { testKeys } from '../support/fakes/keys.ts';
import { fakeRetryQueue } from '../support/fakes/retry-queue.ts';
import { type FakeSmsGateway, fakeSmsGateway } from '../support/fakes/sms-gateway.ts';
import { implementations } from '../support/world/stores.ts';

const keys = testKeys();
const limits = { ...defaults, unverifiedPerAddressAndDay: 4 };
const [currentPassword, language] = ['river wolf teapot', 'en'] as const;
const hashOf = (id: string) => readChallengeId(id)?.hash ?? '';
const refused = (retryAfter = expect.any(Number)) =>
  expect.objectContaining({
    code: 'too_many_requests',
    extras: expect.objectContaining({ retryAfter }),
  });
/** The clock starts at 07:30 UTC. */
const [nextHour, midnight] = [1800, 16.5 * 3600];

describe.each(implementations)('changes of phone in %s', (_, open) => {
  let ports: Ports;
  let clock: FakeClock;
  let sms: FakeSmsGateway;
  let addresses = 0;

  beforeEach(async () => {
    clock = fakeClock();
    sms = fakeSmsGateway();
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
      reviewNumbers: [],
      portalHost: 'portal.example.gov.sa',
      termsVersion: '1',
      sessionLimits,
    };
  });

  /** Opens an account and logs in. */
  async function person(username = unique().toLowerCase()): Promise<SessionSubject> {
    const [usernameTag, identityTag] = [keys.tag('username', username), unique()];
    const phone = keys.sealedPhone(newPhone());
    const nationalId = keys.seal(identityContext(identityTag), '1•• 12');
    const account = { usernameTag, identityTag, nationalId, createdAt: clock(), ...phone };
    const claim = accountClaim({ lapsesAt: clock() + 600 }, account);
    const inUse = { status: 'in-use', usedBy: 'a', idHash: claim.holder } as const;
    await ports.challenges.start(challenge(inUse), [], clock());
    await ports.accounts.openSlots(phone.phoneTag);
    await ports.accounts.claim(claim, clock());
    const user = await ports.directoryUsers.createUser(username);
    const userId = 'userId' in user ? user.userId : randomUUID();
    await ports.directoryUsers.setPassword(userId, currentPassword);
    await ports.accounts.activate(claim, { usedBy: 'a', userId }, {});
    const login = await ports.directoryTokens.authenticate(username, currentPassword);
    if (login.kind === 'rejected') throw new Error('The login was rejected');
    await openSession(ports)({
      account: { usernameTag },
      tokens: login.tokens,
      origin,
      ownDevice: true,
    });
    const { origin_jti: sessionId } = readClaims(login.tokens.accessToken);
    return { username, userId, sessionId };
  }
  const people = (count: number) => Promise.all(Array.from({ length: count }, () => person()));

  const someAddress = () => `10.0.${Math.floor(++addresses / 250)}.${addresses % 250}`;
  const change = (
    who: SessionSubject,
    phone: string,
    more: { address?: string; key?: string } = {},
  ) =>
    startPhoneChange(ports)(who, {
      phone,
      currentPassword,
      language,
      address: more.address ?? someAddress(),
      idempotencyKey: more.key,
    });
  const register = (phone: string, address = someAddress()) =>
    startRegistration(ports)({ phone, address, language });
  const deliver = (id: string) =>
    deliverChallenge(ports)({ idHash: hashOf(id), sendNumber: 1, round: 0 });

  /** The number of parallel calls that succeeded. */
  async function through(calls: Promise<unknown>[]): Promise<number> {
    const all = await Promise.allSettled(calls);
    return all.filter(({ status }) => status === 'fulfilled').length;
  }

  async function ticketOf(id: string, typed?: string): Promise<string> {
    await ports.challenges.recordAttempt(hashOf(id), 1, {
      entry: '1.a.1',
      nonce: 'n',
      keyVersion: 1,
    });
    await ports.challenges.settle(hashOf(id), 1, { delivery: 'sent', provider: 'a' });
    const code = typed ?? keys.code(hashOf(id));
    return (await verifySmsCode(ports)({ id, code, address: someAddress() })).ticket;
  }

  const countsOf = (ledger: LedgerKey): Promise<LedgerCounts> =>
    ports.ledgers.counts(ledger, clock());
  const ofAddress = (address: string) =>
    countsOf(registrationLedger(addressLedger(keys.tagger, address).tag));
  /** The counters of the phone's registrations. */
  const ofPhone = (phone: string) =>
    countsOf({ scope: 'phone-registration', tag: keys.tag('phone', phone) });
  /** The uses of every ledger that a challenge is charged to. */
  async function ofChallenge(id: string): Promise<number[]> {
    const stored = await ports.challenges.find(hashOf(id));
    if (!stored) throw new Error('There is no such challenge');
    return (await Promise.all(ledgersOf(stored).map(countsOf))).map(({ uses }) => uses);
  }

  it('share one phone’s budget of SMS with registrations, even from many accounts', async () => {
    const victim = newPhone();
    const all = await people(4);
    expect(await through(all.flatMap((who) => [change(who, victim), change(who, victim)]))).toBe(3);
    await expect(register(victim)).rejects.toEqual(refused(nextHour));

    clock.advance(nextHour);
    await register(victim);
    expect(await through(all.map((who) => change(who, victim)))).toBe(2);
    clock.advance(3600);
    const [who = await person()] = all;
    await expect(change(who, victim)).rejects.toEqual(refused(midnight - nextHour - 3600));
    await change(who, newPhone());
  });

  it('use up nothing of the phone owner’s budgets for login, reset, closing and transactions', async () => {
    const victim = newPhone();
    const phoneTag = keys.tag('phone', victim);
    for (const who of await people(3)) {
      const { id } = await change(who, victim);
      for (let n = 0; n < limits.attemptsPerChallenge; n++) {
        await expect(ticketOf(id, '000000')).rejects.toMatchObject({ code: 'code_incorrect' });
      }
    }
    expect(await ofPhone(victim)).toMatchObject({ uses: 3, failures: 15 });
    for (const purpose of ['login', 'password-reset', 'account-closing', 'transaction'] as const) {
      const start = challengeStart(purpose, { language, phone: victim, phoneTag, send: true });
      for (let n = 0; n < 3; n++) await startChallenge(ports)(start);
    }
  });

  it('count their wrong codes for the phone’s prefix, as registrations do', async () => {
    const phone = newPhone();
    const { id } = await change(await person(), phone);
    await expect(ticketOf(id, '000000')).rejects.toMatchObject({ code: 'code_incorrect' });
    for (const tag of ['service', prefixOf(phone)]) {
      expect(await countsOf({ scope: 'guesses', tag })).toMatchObject({ failures: 1 });
    }
  });

  it('are limited to three an hour and six a day for one account, over all phones', async () => {
    const [who, other] = [await person(), await person()];
    for (let n = 0; n < 3; n++) await change(who, newPhone());
    await expect(change(who, newPhone())).rejects.toEqual(refused(nextHour));
    await change(other, newPhone());
    clock.advance(nextHour);
    for (let n = 0; n < 3; n++) await change(who, newPhone());
    await expect(change(who, newPhone())).rejects.toEqual(refused(midnight - nextHour));
  });

  it('charge a resend to the same account and phone', async () => {
    const [who, phone] = [await person(), newPhone()];
    const { id } = await change(who, phone);
    for (let n = 0; n < 2; n++) {
      clock.advance(limits.resendSeconds);
      await sendChallenge(ports)({ address: anywhere, id });
    }
    expect(await ofChallenge(id)).toEqual([3, 3]);
    clock.advance(limits.resendSeconds);
    await expect(sendChallenge(ports)({ address: anywhere, id })).rejects.toEqual(refused());
    await expect(register(phone)).rejects.toEqual(refused());
  });

  it('count in the address’s share of unverified SMS, together with registrations', async () => {
    const address = '192.0.2.1';
    const all = await people(3);
    const ids = [];
    for (const who of all) ids.push((await change(who, newPhone(), { address })).id);
    await register(newPhone(), address);
    const [who = await person()] = all;
    await expect(change(who, newPhone(), { address })).rejects.toEqual(refused(midnight));
    await expect(register(newPhone(), address)).rejects.toEqual(refused(midnight));
    await change(who, newPhone());

    // A verified change returns its own unit and one more unverified one, once.
    const [id = ''] = ids;
    await ticketOf(id);
    for (let n = 0; n < 2; n++) await creditVerifiedCode(ports)(hashOf(id));
    expect(await ofAddress(address)).toMatchObject({ uses: 3, unverified: 2 });
  });

  it('cost the address nothing when they are refused or repeated in parallel under one key', async () => {
    const [address, phone, key] = ['192.0.2.2', newPhone(), 'a key of its own'];
    const who = await person();
    const twins = Array.from({ length: 3 }, () => change(who, phone, { address, key }));
    const ids = new Set((await Promise.all(twins)).map(({ id }) => id));
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    expect(await ofAddress(address)).toMatchObject({ unverified: 1 });
    expect(await ofChallenge(id)).toEqual([1, 1]);

    const [other] = await people(1);
    for (let n = 0; n < 2; n++) await register(phone);
    for (let n = 0; n < 6; n++) {
      await expect(change(other ?? who, phone, { address })).rejects.toEqual(refused());
    }
    expect(await ofAddress(address)).toMatchObject({ unverified: 1 });
  });

  it('charge neither phone nor address for a wrong password', async () => {
    const [who, phone, address] = [await person(), newPhone(), '192.0.2.3'];
    const wrong = { phone, address, language, currentPassword: 'not this one' };
    await expect(startPhoneChange(ports)(who, wrong)).rejects.toMatchObject({
      code: 'credentials_incorrect',
    });
    expect(await ofAddress(address)).toMatchObject({ uses: 0, unverified: 0 });
    expect(await ofPhone(phone)).toMatchObject({ uses: 0 });
  });

  it('are refused when the sealed number is not the phone that was proved', async () => {
    const [who, phone] = [await person(), newPhone()];
    const ticket = await ticketOf((await change(who, phone)).id);
    await ports.accounts.openSlots(keys.tag('phone', phone));
    const { challenges } = ports;
    const forged = keys.sealedPhone(newPhone(), keys.tag('phone', phone));
    const claimTicket: typeof challenges.claimTicket = async (idHash, use) => {
      const result = await challenges.claimTicket(idHash, use);
      if (result.kind !== 'claimed') return result;
      return { ...result, challenge: { ...result.challenge, ...forged } };
    };
    const complete = (by: Ports) => completePhoneChange(by)(who, { ticket, origin });
    const moved = complete({ ...ports, challenges: { ...challenges, claimTicket } });
    await expect(moved).rejects.toMatchObject({ code: 'ticket_invalid' });
    await complete(ports);
    const account = await ports.accounts.find(keys.tag('username', who.username));
    expect(account).toMatchObject({ phoneTag: keys.tag('phone', phone) });
  });

  describe('when their money runs short', () => {
    const plenty = { perDay: 1e7, unverifiedPerHour: 1e7, unverifiedPerDay: 1e7 };
    /** Ten unverified SMS an hour. */
    const tight = { ...plenty, unverifiedPerHour: 1500 };
    const withMoney = (money: Partial<Spending>) => {
      const rich = { registrations: plenty, accounts: plenty, prefix: plenty };
      const first = { unverifiedPerAddressAndDay: 100, firstCodesPerAddressAndDay: 100 };
      ports = {
        ...ports,
        limits: { ...limits, ...first },
        spending: { ...spending, ...rich, ...money },
      };
    };
    const phoneOf = (prefix: string) => newPhone().replace(/^\+966../, `+966${prefix}`);

    /** Texts phones until the money is used up. @returns the number of texts */
    async function pump(prefix = '55'): Promise<number> {
      for (let texted = 0; texted < 50; texted++) {
        const asked = change(await person(), phoneOf(prefix), { address: '192.0.2.9' });
        const started = await asked.catch(() => undefined);
        if (!started) return texted;
        expect(await deliver(started.id)).toBe('sent');
      }
      throw new Error('The money was never used up');
    }

    it('never use that of accounts: registrations close too, while resets, logins and notices go on', async () => {
      withMoney({ registrations: tight });
      expect(await pump()).toBe(10);
      const who = await person();
      await expect(change(who, phoneOf('50'))).rejects.toEqual(refused(nextHour));
      await expect(register(phoneOf('50'))).rejects.toEqual(refused(nextHour));
      for (const purpose of ['password-reset', 'login', 'account-closing'] as const) {
        const payment = phoneClassOf(purpose);
        await checkBreaker(ports)(payment);
        expect(await payForSms(ports)(payment, phoneOf('55'))).toBeDefined();
      }
      for (let n = 0; n < 10; n++) {
        expect(await payForSms(ports)('notice', phoneOf('55'))).toBeDefined();
      }
      expect(sms.sent).toHaveLength(10);
    });

    it('cost neither phone nor account nor address anything when they are refused', async () => {
      withMoney({ registrations: tight });
      const texted = await pump();
      const [who, phone] = [await person(), phoneOf('55')];
      await expect(change(who, phone, { address: '192.0.2.9' })).rejects.toEqual(refused(nextHour));
      expect(await ofPhone(phone)).toMatchObject({ uses: 0 });
      expect(await ofAddress('192.0.2.9')).toMatchObject({ unverified: texted });
    });

    it('reopen once one of them is verified', async () => {
      withMoney({ registrations: tight });
      const { id } = await change(await person(), phoneOf('50'));
      expect(await deliver(id)).toBe('sent');
      expect(await pump()).toBe(9);
      await ticketOf(id);
      await creditVerifiedCode(ports)(hashOf(id));
      const { id: next } = await change(await person(), phoneOf('50'));
      expect(await deliver(next)).toBe('sent');
    });
  });

  it('leave fresh budgets, also for closings and password checks, to the next owner of the username', async () => {
    const username = unique().toLowerCase();
    /** Uses up all these budgets. @returns the ticket of a closing */
    async function useUp(who: SessionSubject): Promise<string> {
      for (let n = 0; n < 3; n++) await change(who, newPhone());
      await expect(change(who, newPhone())).rejects.toEqual(refused());
      const close = (secret: string) =>
        startClosing(ports)(who, { currentPassword: secret, language });
      const { id } = await close(currentPassword);
      for (let n = 0; n < 2; n++) await close(currentPassword);
      await expect(close(currentPassword)).rejects.toEqual(refused());
      for (let n = 0; n < 2; n++) {
        await expect(close('not this one')).rejects.toMatchObject({
          code: 'credentials_incorrect',
        });
      }
      await expect(close('not this one')).rejects.toEqual(refused());
      return ticketOf(id);
    }
    const before = await person(username);
    await completeClosing(ports)(before, { ticket: await useUp(before) });
    clock.advance(1);
    await useUp(await person(username));
  });
});
