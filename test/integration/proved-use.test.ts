import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { passwordTag } from '#core/budgets/charge-login.ts';
import { creditVerifiedCode } from '#core/budgets/credit-verified-code.ts';
import { newDeviceNoticesPerDay } from '#core/budgets/new-device-notices.ts';
import { completeLogin } from '#core/flows/complete-login.ts';
import { logIn } from '#core/flows/log-in.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import { startTransaction } from '#core/flows/start-transaction.ts';
import {
  accountLedgerTag,
  addressLedger,
  type LedgerKey,
  type LedgerScope,
  registrationLedger,
} from '#core/model/ledger.ts';
import type { Problem } from '#core/model/problems.ts';
import { registrationPurse } from '#core/model/spending.ts';
import type { RelyingService } from '#core/model/transaction.ts';
import type { Ports } from '#core/ports/index.ts';
import { createRefusedDevices } from '#core/session/refused-devices.ts';
import {
  challenge,
  idHash,
  limits,
  nationalId,
  origin,
  phone,
  unique,
} from '../support/fakes/builders.ts';
import { type Human, openEngine } from '../support/world/engine.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

const hour = 3600;
const day = 24 * hour;
const password = 'a perfectly fine passphrase';
const language = 'en' as const;

/** The words of an outcome: what was reached, or the code of the problem. */
const outcomeOf = (done: Promise<unknown>): Promise<string> =>
  done.then(
    () => 'done',
    ({ code }: Problem) => code,
  );

describe.each(implementations)('proved use, on %s', (_, open) => {
  let stores: Stores;
  let engine: ReturnType<typeof openEngine>;
  beforeAll(async () => {
    stores = await open();
  });
  beforeEach(() => {
    engine = openEngine(stores);
  });

  const someone = (number = phone()): Human => ({
    username: `u${unique()
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '')}`.slice(0, 20),
    nationalId: nationalId(),
    phone: number,
    password,
  });

  /** What the table's stream does after a verified code. */
  const credit = (id: string, ports = engine.ports) => creditVerifiedCode(ports)(engine.hashOf(id));

  /** Registers by way of all steps, the stream included. */
  async function registered(number = phone()): Promise<Human> {
    const human = someone(number);
    const address = engine.someAddress();
    const { id } = await startRegistration(engine.ports)({ phone: number, address, language });
    await engine.deliver(id);
    const { ticket } = await engine.verify(id, engine.codeOf(id));
    await credit(id);
    await engine.open(ticket, human);
    return human;
  }

  const typed = async (
    { username, password }: Pick<Human, 'username' | 'password'>,
    address = engine.someAddress(),
    ports: Ports = engine.ports,
  ) => {
    const login = await logIn({
      ...ports,
      secondFactor: 'new-device',
      refusedDevices: createRefusedDevices(ports.clock),
    })({ username, password, tokensIn: 'body', address, origin, language });
    if (login.kind === 'opened') throw new Error('No second factor was due');
    return login.challenge;
  };

  const complete = (ticket: string) =>
    completeLogin(engine.ports)({ ticket, ownDevice: false, tokensIn: 'body', origin });

  async function ticketOf(id: string): Promise<string> {
    await engine.deliver(id);
    return (await engine.verify(id, engine.codeOf(id))).ticket;
  }

  /** Logs in by SMS. The stream counts the code afterwards. */
  async function loggedIn(human: Human): Promise<void> {
    const { id } = await typed(human);
    const ticket = await ticketOf(id);
    await credit(id);
    await complete(ticket);
  }

  const uses = async (ledger: LedgerKey, at = engine.clock()) =>
    (await stores.ledgers.counts(ledger, at)).uses;
  const phoneLedger = (number: string, scope: LedgerScope = 'phone-login'): LedgerKey => ({
    scope,
    tag: engine.keys.tag('phone', number),
  });
  /** The ledger of an account's open logins. */
  async function loginLedger(human: Human): Promise<LedgerKey> {
    const account = await engine.accountOf(human);
    const tag = passwordTag(engine.keys.tagger, account.usernameTag, account);
    return { scope: 'account-login', tag };
  }

  describe('of a login', () => {
    it('costs nothing: a family of five on one phone logs in one after the other, four times each', async () => {
      const number = phone();
      const family: Human[] = [];
      for (let n = 0; n < 5; n++) {
        family.push(await registered(number));
        engine.clock.advance(hour);
      }
      for (let round = 0; round < 4; round++) {
        for (const member of family) await loggedIn(member);
        engine.clock.advance(2 * hour);
      }
      expect(await uses(phoneLedger(number))).toBe(0);
      for (const member of family) expect(await uses(await loginLedger(member))).toBe(0);
    });

    it('returns the units of all its sends, each in the hour in which it was taken', async () => {
      const human = await registered();
      const ledger = phoneLedger(human.phone);
      // 08:59:30, so that the second send falls into the next hour.
      engine.clock.advance(89.5 * 60);
      const before = engine.clock();
      const { id } = await typed(human);
      await engine.deliver(id);
      await typed(human);
      engine.clock.advance(limits.resendSeconds);
      await sendChallenge(engine.ports)({ id, address: async () => '192.0.2.77' });
      expect(await uses(ledger)).toBe(3);
      await complete(await ticketOf(id));
      await credit(id);
      const counts = (at: number) => stores.ledgers.counts(ledger, at);
      // What is left is the login that was started and never completed.
      expect(await counts(before)).toMatchObject({ uses: 1, usesThisPart: 1 });
      expect(await counts(engine.clock())).toMatchObject({ uses: 1, usesThisPart: 0 });
      const address = addressLedger(engine.keys.tagger, '192.0.2.77');
      expect(await uses(address)).toBe(0);
    });

    it('returns only its own units: a login that a stranger starts and abandons still counts', async () => {
      const human = await registered();
      // The stranger knows the password.
      for (let n = 0; n < limits.loginsPerAccountAndHour - 1; n++) await typed(human);
      for (let n = 0; n < 3; n++) await loggedIn(human);
      expect(await uses(phoneLedger(human.phone))).toBe(2);
      expect(await uses(await loginLedger(human))).toBe(2);
      await typed(human);
      expect(await outcomeOf(typed(human))).toBe('too_many_requests');
    });

    it('never returns a wrong code, also where the right one follows', async () => {
      const human = await registered();
      const { id } = await typed(human);
      await engine.deliver(id);
      for (let n = 0; n < 3; n++) {
        expect(await outcomeOf(engine.verify(id, 'wrong'))).toBe('code_incorrect');
      }
      await complete(await ticketOf(id));
      await credit(id);
      const ledgers = [phoneLedger(human.phone), await loginLedger(human)];
      for (const ledger of ledgers) {
        expect(await stores.ledgers.counts(ledger, engine.clock())).toMatchObject({
          uses: 0,
          failures: 3,
        });
      }
    });

    it('returns its unit once when two requests complete it at the same time', async () => {
      const human = await registered();
      await typed(human);
      const { id } = await typed(human);
      const ticket = await ticketOf(id);
      const all = await Promise.all([1, 2, 3].map(() => outcomeOf(complete(ticket))));
      expect(all.filter((outcome) => outcome === 'done').length).toBeGreaterThanOrEqual(1);
      await Promise.all([1, 2, 3].map(() => credit(id)));
      expect(await uses(await loginLedger(human))).toBe(1);
      expect(await uses(phoneLedger(human.phone))).toBe(1);
    });

    it('tells the owner of six new devices a day, and goes on without a notice', async () => {
      const human = await registered();
      engine.clock.advance(2 * hour);
      for (let n = 0; n < newDeviceNoticesPerDay + 2; n++) await loggedIn(human);
      const account = await engine.accountOf(human);
      const ledger: LedgerKey = {
        scope: 'new-device-notices',
        tag: accountLedgerTag(engine.keys.tagger, account),
      };
      expect(await uses(ledger)).toBe(newDeviceNoticesPerDay);
      const sessions = await stores.sessionStore.list(account.userId ?? '');
      expect(sessions).toHaveLength(newDeviceNoticesPerDay + 2);
    });
  });

  describe('of a password', () => {
    it('costs an address nothing, and a wrong one does', async () => {
      const address = '198.51.100.7';
      engine = openEngine(stores);
      const few = { ...limits, loginsPerAddressAndMinute: 3 };
      const ports = { ...engine.ports, limits: few };
      const people: Human[] = [];
      for (let n = 0; n < 8; n++) people.push(await registered());
      for (const human of people) await typed(human, address, ports);
      const ledger: LedgerKey = {
        scope: 'login-address',
        tag: addressLedger(engine.keys.tagger, address).tag,
      };
      expect(await uses(ledger)).toBe(0);
      const wrong = { username: 'nobody.here', password: 'not the right one' };
      for (let n = 0; n < 3; n++) {
        expect(await outcomeOf(typed(wrong, address, ports))).toBe('credentials_incorrect');
      }
      const [human = wrong] = people;
      expect(await typed(human, address, ports)).toMatchObject({ purpose: 'phone-first' });
    });

    it('returns one unit of the address, also where the start is refused or the table is busy', async () => {
      const address = '198.51.100.8';
      const human = await registered();
      const ledger: LedgerKey = {
        scope: 'login-address',
        tag: addressLedger(engine.keys.tagger, address).tag,
      };
      const wrong = { ...human, password: 'not the right one' };
      expect(await outcomeOf(typed(wrong, address))).toBe('credentials_incorrect');
      const { Problem } = await import('#core/model/problems.ts');
      const busy: Ports = {
        ...engine.ports,
        challenges: {
          ...stores.challenges,
          start: () => Promise.reject(new Problem('unavailable', { retryAfter: 1 })),
        },
      };
      expect(await outcomeOf(typed(human, address, busy))).toBe('unavailable');
      expect(await uses(ledger)).toBe(1);
      for (let n = 0; n < 2; n++) expect(await outcomeOf(typed(human, address))).toBe('done');
      expect(await uses(ledger)).toBe(1);
    });

    it('is no reason to fail where the return does', async () => {
      const human = await registered();
      const failing: Ports = {
        ...engine.ports,
        ledgers: { ...stores.ledgers, returnUnit: () => Promise.reject(new Error('lost')) },
      };
      expect(await outcomeOf(typed(human, '198.51.100.9', failing))).toBe('done');
    });
  });

  describe('of a registration', () => {
    it('returns what it took of the address, and the phone’s first code of a day one more. The phone’s sends stay: its tickets can probe for names', async () => {
      const number = phone();
      const address = '203.0.113.5';
      const own = registrationLedger(addressLedger(engine.keys.tagger, address).tag);
      const verified = async () => {
        const { id } = await startRegistration(engine.ports)({ phone: number, address, language });
        await ticketOf(id);
        await credit(id);
      };
      for (let n = 0; n < 3; n++) {
        await startRegistration(engine.ports)({ phone: phone(), address, language });
      }
      const unverified = async () => (await stores.ledgers.counts(own, engine.clock())).unverified;
      await verified();
      expect(await unverified()).toBe(2);
      for (let n = 0; n < 2; n++) await verified();
      expect(await unverified()).toBe(2);
      expect(await uses(own)).toBe(3);
      expect(await uses(phoneLedger(number, 'phone-registration'))).toBe(3);
      engine.clock.advance(day);
      await verified();
      expect(await unverified()).toBe(-1);
    });

    it('earns money once a day and phone, whatever the flow. Further codes take their own SMS off the unverified ones', async () => {
      engine = openEngine(await open());
      const number = phone();
      const held = (phoneClass: 'account-phone' | 'caller-chosen-phone') =>
        engine.ports.spendings.earn({ ...registrationPurse, phoneClass }, 0, engine.clock());
      const human = someone(number);
      const registration = await startRegistration(engine.ports)({
        phone: number,
        address: engine.someAddress(),
        language,
      });
      await engine.open(await ticketOf(registration.id), human);
      await credit(registration.id);
      // 150 for its SMS, and 375 earned.
      expect(await held('caller-chosen-phone')).toMatchObject({ spent: 150, unverified: -225 });
      const { id } = await typed(human);
      await engine.deliver(id);
      engine.clock.advance(limits.resendSeconds);
      await sendChallenge(engine.ports)({ id, address: async () => '192.0.2.3' });
      await complete(await ticketOf(id));
      await credit(id);
      expect(await held('account-phone')).toMatchObject({ spent: 300, unverified: 0 });
    });
  });

  describe('of a reset', () => {
    it('returns the units of the phone’s cap and of addresses, and an unknown pair gets none of it. Those of the account stay', async () => {
      const human = await registered();
      const pair = { username: human.username, nationalId: human.nationalId };
      const [first, second] = ['203.0.113.20', '203.0.113.21'];
      const { id } = await engine.startReset(pair, first);
      await sendChallenge(engine.ports)({ id, address: async () => first });
      await engine.deliver(id);
      engine.clock.advance(limits.resendSeconds);
      await sendChallenge(engine.ports)({ id, address: async () => second });
      const account = await engine.accountOf(human);
      const ledgers: LedgerKey[] = [
        { scope: 'phone-password-reset', tag: accountLedgerTag(engine.keys.tagger, account) },
        phoneLedger(human.phone, 'resets-to-phone'),
        addressLedger(engine.keys.tagger, first),
        addressLedger(engine.keys.tagger, second),
      ];
      const ticket = await ticketOf(id);
      const all = () => Promise.all(ledgers.map((ledger) => uses(ledger)));
      expect(await all()).toEqual([2, 2, 1, 1]);
      for (let n = 0; n < 3; n++) await credit(id);
      expect(await all()).toEqual([2, 0, 0, 0]);
      await engine.completeReset(ticket, 'another fine passphrase');

      const unknown = { username: 'nobody.here', nationalId: human.nationalId };
      const decoy = await engine.startReset(unknown, first);
      await sendChallenge(engine.ports)({ id: decoy.id, address: async () => first });
      await engine.deliver(decoy.id);
      expect(await outcomeOf(engine.verify(decoy.id, engine.codeOf(decoy.id)))).toBe(
        'code_incorrect',
      );
      await credit(decoy.id);
      expect(await all()).toEqual([2, 0, 1, 0]);
    });

    it('opens no way to more guesses at a second factor: verified codes bring no further tickets', async () => {
      const human = await registered();
      const verified = async () => {
        const { id } = await engine.sendReset(human);
        const { ticket } = await engine.verify(id, engine.codeOf(id));
        await credit(id);
        return ticket;
      };
      for (let n = 0; n < limits.sendsPerPhoneAndHour; n++) expect(await verified()).toBeTruthy();
      expect(await outcomeOf(verified())).toBe('too_many_requests');
    });
  });

  describe('of a transaction', () => {
    const service: RelyingService = {
      id: 'e-prescription',
      purposes: ['dispense'],
      name: { ar: 'الوصفة', en: 'E-prescription' },
      challengesPerHour: 100,
      challengesPerDay: 100,
    };
    const start = (to: string) =>
      startTransaction(engine.ports)({
        service,
        phone: to,
        purpose: 'dispense',
        display: 'Prescription 4471',
        language,
      });

    it('returns the phone’s units, and nothing that its service pays', async () => {
      const number = phone();
      for (let n = 0; n < 5; n++) {
        const { id } = await start(number);
        await ticketOf(id);
        await credit(id);
      }
      expect(await uses(phoneLedger(number, 'phone-transaction'))).toBe(0);
      expect(await uses({ scope: 'relying-service', tag: service.id })).toBeGreaterThanOrEqual(5);
      expect(await uses(phoneLedger(number, 'verified-sms'))).toBe(0);
    });

    it.each(['ordinary', 'of a review'])(
      'moves nothing of an address or a purse where its function forged the item: %s phone',
      async (kind) => {
        engine = openEngine(await open());
        const number = phone();
        const sealed = engine.keys.sealedPhone(number);
        const days = { from: '2026-11-01', until: '2026-11-30' };
        const listed = { phone: number, sendsPerDay: 20, ...days };
        const ports: Ports = {
          ...engine.ports,
          reviewNumbers: kind === 'ordinary' ? [] : [listed],
        };
        const { tag } = addressLedger(engine.keys.tagger, '203.0.113.60');
        const ledgers: LedgerKey[] = [{ scope: 'address', tag }, registrationLedger(tag)];
        for (const ledger of ledgers) {
          const charge = { ledger, counts: 'uses', budgets: { usesPerWindow: 99 } } as const;
          await ports.ledgers.charge(charge, engine.clock());
        }
        const forged = challenge({
          ...sealed,
          idHash: idHash('transaction'),
          purpose: 'transaction',
          status: 'verified',
          verifiedBy: 'n',
          addressTag: tag,
          addressUnits: [{ tag, at: engine.clock() }],
        });
        await ports.challenges.start(forged, [], engine.clock());
        await creditVerifiedCode(ports)(forged.idHash);
        const counts = ledgers.map((of) => ports.ledgers.counts(of, engine.clock()));
        expect((await Promise.all(counts)).map((of) => of.uses)).toEqual([1, 1]);
        for (const phoneClass of ['account-phone', 'caller-chosen-phone'] as const) {
          const purse = { ...registrationPurse, phoneClass };
          const held = await ports.spendings.earn(purse, 0, engine.clock());
          expect(held.unverified).toBe(0);
        }
      },
    );

    it('returns a send that could not be paid once, also if the SMS before it is verified', async () => {
      engine = openEngine(await open());
      const number = phone();
      await start(number);
      const { id } = await start(number);
      await engine.deliver(id);
      engine.clock.advance(limits.resendSeconds);
      await sendChallenge(engine.ports)({ id, address: async () => '192.0.2.3' });
      const ledger = phoneLedger(number, 'phone-transaction');
      const counted = async () => (await engine.ports.ledgers.counts(ledger, engine.clock())).uses;
      expect(await counted()).toBe(3);
      const { spendings } = engine.ports;
      Object.assign(engine.ports, {
        spendings: {
          ...spendings,
          spend: async () => ({ kind: 'refused', until: engine.clock() }),
        },
      });
      expect(await engine.deliver(id)).toBe('no-budget');
      expect(await counted()).toBe(2);
      await engine.verify(id, engine.codeOf(id));
      await credit(id);
      expect(await counted()).toBe(1);
    });
  });

  describe('of an item that its function forged', () => {
    it('earns no more than what a phone may be sent in a day', async () => {
      engine = openEngine(await open());
      const attempts = Array.from({ length: 500 }, (_, n) => `1.a.${n}`);
      const forged = challenge({
        ...engine.keys.sealedPhone(phone()),
        idHash: idHash('login'),
        purpose: 'login',
        status: 'verified',
        verifiedBy: 'n',
        accountTag: 'a',
        asked: new Set(attempts),
      });
      await engine.ports.challenges.start(forged, [], engine.clock());
      await creditVerifiedCode(engine.ports)(forged.idHash);
      const purse = { ...registrationPurse, phoneClass: 'account-phone' } as const;
      const { unverified } = await engine.ports.spendings.earn(purse, 0, engine.clock());
      expect(unverified).toBe(-(limits.sendsPerPhoneAndDay * 150 + 225));
    });
  });

  describe('of somebody who verifies everything', () => {
    it('ends at 40 SMS a phone and day, and begins anew with the next day', async () => {
      const human = await registered();
      engine.clock.advance(day - (engine.clock() % day));
      const logIns = async () => {
        let [count, hours] = [0, 0];
        while (hours < 24) {
          const outcome = await outcomeOf(loggedIn(human));
          if (outcome === 'done') count += 1;
          else {
            hours += 1;
            engine.clock.advance(hour);
          }
        }
        return count;
      };
      const most = limits.verifiedSmsPerPhoneAndDay;
      const before = engine.sms.sent.length;
      expect(await logIns()).toBe(most);
      const codes = engine.sms.sent.slice(before).filter(({ body }) => /#\d{6}$/.test(body));
      expect(codes).toHaveLength(most);
      // The hours of that day are over.
      for (let n = 0; n <= limits.sendsPerPhoneAndDay; n++) await loggedIn(human);
      expect(await uses(phoneLedger(human.phone))).toBe(0);
    });

    it('counts each SMS: a resend is no way around', async () => {
      const human = await registered();
      engine.clock.advance(day - (engine.clock() % day));
      const ledger = phoneLedger(human.phone, 'verified-sms');
      const { id } = await typed(human);
      await engine.deliver(id);
      for (let n = 0; n < 2; n++) {
        engine.clock.advance(limits.resendSeconds);
        await sendChallenge(engine.ports)({ id, address: async () => '192.0.2.3' });
        await engine.deliver(id);
      }
      await ticketOf(id);
      await credit(id);
      expect(await uses(ledger)).toBe(3);
    });
  });

  describe('when the function dies', () => {
    /** A challenge of a login that was verified and not counted, and one that was abandoned. */
    async function uncounted() {
      const human = await registered();
      await typed(human);
      const { id } = await typed(human);
      await complete(await ticketOf(id));
      return { human, id };
    }

    it('before the units are returned, the stream delivers the record again and they are', async () => {
      const { human, id } = await uncounted();
      const dying: Ports = {
        ...engine.ports,
        challenges: { ...stores.challenges, giveBack: () => Promise.reject(new Error('died')) },
      };
      await expect(credit(id, dying)).rejects.toThrow('died');
      expect(await uses(phoneLedger(human.phone))).toBe(2);
      for (let n = 0; n < 3; n++) await credit(id);
      expect(await uses(phoneLedger(human.phone))).toBe(1);
    });

    it('after it, nothing is given twice, and only what this code gives to address and purse is lost', async () => {
      engine = openEngine(await open());
      const number = phone();
      const address = '203.0.113.40';
      const { id } = await startRegistration(engine.ports)({ phone: number, address, language });
      await ticketOf(id);
      const { spendings, ledgers } = engine.ports;
      const dying: Ports = {
        ...engine.ports,
        spendings: { ...spendings, earn: () => Promise.reject(new Error('died')) },
        ledgers: {
          ...ledgers,
          returnUnit: () => Promise.reject(new Error('died')),
          creditVerified: () => Promise.reject(new Error('died')),
        },
      };
      await expect(credit(id, dying)).rejects.toThrow('died');
      for (let n = 0; n < 3; n++) await credit(id);
      const counts = (ledger: LedgerKey) => ledgers.counts(ledger, engine.clock());
      expect(await counts(phoneLedger(number, 'phone-registration'))).toMatchObject({ uses: 1 });
      const own = registrationLedger(addressLedger(engine.keys.tagger, address).tag);
      expect(await counts(own)).toMatchObject({ uses: 1, unverified: 1 });
      expect(await spendings.earn(registrationPurse, 0, engine.clock())).toMatchObject({
        spent: 150,
        unverified: 150,
      });
    });
  });
});
