import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { passwordTag } from '#core/budgets/charge-login.ts';
import { readChallengeId } from '#core/challenge/id.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { derivedKeys } from '#core/crypto/keyring.ts';
import { unseal } from '#core/crypto/seal.ts';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { completeLogin } from '#core/flows/complete-login.ts';
import { logIn } from '#core/flows/log-in.ts';
import type { Account } from '#core/model/account.ts';
import { loginTokenContext } from '#core/model/challenge.ts';
import { addressLedger } from '#core/model/ledger.ts';
import type { Records } from '#core/model/records.ts';
import type { SecondFactor } from '#core/model/session.ts';
import type { Ports } from '#core/ports/index.ts';
import { createRefusedDevices, type RefusedDevices } from '#core/session/refused-devices.ts';
import {
  accountClaim,
  challenge as challengeOf,
  fieldsOf,
  limits,
  origin,
  sessionLimits,
  spending,
} from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { fakeDirectory } from '../support/fakes/directory.ts';
import { testKeys } from '../support/fakes/keys.ts';
import { fakeRetryQueue } from '../support/fakes/retry-queue.ts';
import { fakeSmsGateway } from '../support/fakes/sms-gateway.ts';
import { fakeStores } from '../support/world/stores.ts';

const username = 'nora';
const password = 'a perfectly fine passphrase';
const keys = testKeys();
const usernameTag = keys.tag('username', username);
const hour = 3600;

let ports: Ports;
let clock: FakeClock;
let written: Partial<Records>[];
let userId: string;
let memory: RefusedDevices;
beforeEach(async () => {
  clock = fakeClock();
  memory = createRefusedDevices(clock);
  written = [];
  const pool = fakeDirectory(clock);
  ports = {
    ...fakeStores(written),
    clock,
    ...keys.ports,
    limits,
    reviewNumbers: [],
    spending,
    directoryUsers: pool,
    directoryTokens: pool,
    entropy: randomBytes,
    sms: fakeSmsGateway(),
    retries: fakeRetryQueue(),
    sessionLimits,
    portalHost: 'portal.example.gov.sa',
    termsVersion: '1',
  };
  userId = await openAccount();
  clock.advance(2 * hour);
});

/** Opens an account, which is two hours old when a test logs in. */
async function openAccount(): Promise<string> {
  const { accounts, challenges, directoryUsers } = ports;
  const created = await directoryUsers.createUser(username);
  if (created.kind === 'taken') throw new Error('The name is taken');
  await directoryUsers.setPassword(created.userId, password);
  const phone = keys.sealedPhone('+966551234567');
  const claim = accountClaim({}, { usernameTag, ...phone, createdAt: clock() });
  await challenges.start(
    challengeOf({ idHash: claim.holder, status: 'in-use', usedBy: 'me' }),
    [],
    clock(),
  );
  await accounts.openSlots(phone.phoneTag);
  await accounts.claim(claim, clock());
  const by = { usedBy: 'me', userId: created.userId };
  expect(await accounts.activate(claim, by, {})).toEqual({ kind: 'activated' });
  return created.userId;
}

const typed = (secondFactor: SecondFactor = 'new-device', device?: string, typedAs = password) =>
  logIn({ ...ports, secondFactor, refusedDevices: memory })({
    username,
    password: typedAs,
    devices: device === undefined ? [] : [device],
    tokensIn: 'body',
    address: '192.0.2.1',
    origin,
    language: 'en',
  });

async function challenged(...how: Parameters<typeof typed>) {
  const login = await typed(...how);
  if (login.kind !== 'second-factor-due') throw new Error('No second factor was due');
  const id = readChallengeId(login.challenge.id);
  if (!id) throw new Error('The challenge id is malformed');
  return { ...login.challenge, hash: id.hash };
}

async function ticketOf({ id, hash }: { readonly id: string; readonly hash: string }) {
  await deliverChallenge(ports)({ idHash: hash, sendNumber: 1, round: 0 });
  const code = keys.code(hash);
  return (await verifySmsCode(ports)({ id, code, address: '192.0.2.1' })).ticket;
}

const complete = (ticket: string, ownDevice = false, recognition?: string) =>
  completeLogin(ports)({ ticket, ownDevice, recognition, tokensIn: 'body', origin });

async function remembered(): Promise<string> {
  const { device } = await complete(await ticketOf(await challenged()), true);
  if (!device) throw new Error('No device was remembered');
  return device.secret;
}

const change = (what: Parameters<Ports['accounts']['change']>[1]) =>
  ports.accounts.change({ usernameTag, userId, status: 'active' }, what, {});
const told = () => written.flatMap(({ notices = [] }) => notices.map(({ kind }) => kind));
const happened = () => written.flatMap(({ events = [] }) => events.map(({ type }) => type));

describe('whose device it is', () => {
  const said = [
    ['body', undefined, true, false],
    ['body', true, true, true],
    ['body', false, false, false],
    ['cookie', undefined, false, false],
    ['cookie', true, true, true],
    ['cookie', false, false, false],
  ] as const;

  it.each(said)(
    'by %s with ownDevice %s, the session is kept: %s, and the device remembered: %s',
    async (tokensIn, ownDevice, isKept, isRemembered) => {
      const ticket = await ticketOf(await challenged());
      const completed = await completeLogin(ports)({ ticket, ownDevice, tokensIn, origin });
      const idleSeconds = isKept ? 7 * 24 * hour : 1200;
      expect(completed.tokens).toMatchObject({ ownDevice: isKept, idleSeconds });
      expect(completed.device !== undefined).toBe(isRemembered);
      expect(happened().includes('device.remembered')).toBe(isRemembered);

      // The same where no code is due.
      const opened = await logIn({ ...ports, secondFactor: 'never', refusedDevices: memory })({
        username,
        password,
        ownDevice,
        tokensIn,
        address: '192.0.2.1',
        origin,
        language: 'en',
      });
      if (opened.kind !== 'opened') throw new Error('A second factor was due');
      expect(opened.tokens).toMatchObject({ ownDevice: isKept, idleSeconds });
      expect(opened.device !== undefined).toBe(isRemembered);
      if (!opened.device) return;
      expect((await typed('new-device', opened.device.secret)).kind).toBe('opened');
    },
  );

  it('is said anew at each login: a remembered device opens a short session where it is not said', async () => {
    const device = await remembered();
    const login = await logIn({ ...ports, secondFactor: 'new-device', refusedDevices: memory })({
      username,
      password,
      devices: [device],
      tokensIn: 'cookie',
      address: '192.0.2.1',
      origin,
      language: 'en',
    });
    if (login.kind !== 'opened') throw new Error('A second factor was due');
    expect(login.tokens).toMatchObject({ ownDevice: false, idleSeconds: 1200 });
    expect(login.device).toBeUndefined();
  });
});

describe('a browser that was logged in on', () => {
  const day = 24 * hour;
  const logInHere = async (recognition?: string, remember = false) =>
    (await complete(await ticketOf(await challenged()), remember, recognition)).recognition.secret;
  const newDevices = () => told().filter((kind) => kind === 'new-device').length;

  it('is a new device once: three logins without remembering it cause one SMS', async () => {
    let kept = await logInHere();
    for (let n = 0; n < 2; n++) {
      clock.advance(3 * hour);
      kept = await logInHere(kept);
    }
    expect(newDevices()).toBe(1);
  });

  it('is recognised for a day, and for a year where it was remembered', async () => {
    const shared = await logInHere();
    const own = await logInHere(undefined, true);
    expect(newDevices()).toBe(2);
    clock.advance(day);
    await logInHere(shared);
    expect(newDevices()).toBe(3);
    clock.advance(363 * day);
    const still = await logInHere(own);
    expect(newDevices()).toBe(3);
    // A login without remembering does not shorten the year, and does not begin another.
    clock.advance(day);
    await logInHere(still);
    expect(newDevices()).toBe(4);
  });

  it('is not recognised after a reset', async () => {
    const kept = await logInHere(undefined, true);
    clock.advance(1);
    await change({ sessionsValidFrom: clock() });
    clock.advance(1);
    await logInHere(kept);
    expect(newDevices()).toBe(2);
  });

  it('is recognised by no text but its own', async () => {
    const kept = await logInHere();
    const [version, ...rest] = Buffer.from(kept, 'base64url');
    const longer = Buffer.from([version ?? 0, ...rest]);
    longer.writeUInt32BE(clock() + 365 * day, 5);
    const forged = [longer.toString('base64url'), `${kept}A`, '.', 'x'.repeat(512)];
    for (const text of forged) {
      // A phone gets three codes an hour.
      clock.advance(hour);
      await logInHere(text);
    }
    expect(newDevices()).toBe(1 + forged.length);
    // What is unreadable is dropped, and does not hide what is genuine.
    await logInHere(`nonsense.${kept}`);
    expect(newDevices()).toBe(1 + forged.length);
  });

  it('is recognised for eight people at most, the newest of them', async () => {
    const entry = await logInHere();
    const others = Array.from({ length: 9 }, (_, n) => {
      const bytes = Buffer.from(entry, 'base64url');
      bytes[bytes.length - 1] = n;
      return bytes.toString('base64url');
    });
    const kept = (await logInHere([...others, entry].join('.'))).split('.');
    expect(kept).toHaveLength(8);
    expect(kept.slice(1)).toEqual(others.slice(0, 7));
  });

  it('is recognised after a login that a ticket or a remembered device opened', async () => {
    const { device, recognition } = await complete(await ticketOf(await challenged()), true);
    const login = await typed('new-device', device?.secret);
    if (login.kind !== 'opened') throw new Error('A second factor was due');
    expect(login.recognition?.expiresAt).toBe(recognition.expiresAt);
    clock.advance(31 * day);
    await logInHere(login.recognition?.secret);
    expect(newDevices()).toBe(1);
  });
});

describe('a refused login', () => {
  const tried = (name: string, address = '192.0.2.1', device?: string) =>
    logIn({ ...ports, secondFactor: 'new-device', refusedDevices: memory })({
      username: name,
      password: 'wrong',
      devices: device === undefined ? [] : [device],
      tokensIn: 'body',
      address,
      origin,
      language: 'en',
    }).then(
      ({ kind }) => kind,
      ({ code, extras }) => (code === 'too_many_requests' ? extras.limit : code),
    );

  /** A stage on which no phone may be proved first, as where its sends are used up. */
  const withoutPhoneFirst = () => {
    ports = { ...ports, limits: { ...limits, sendsPerPhoneAndDay: 0 } };
  };

  it('asks for the phone where the name’s tries are used up, for a name that nobody has alike', async () => {
    for (const name of [username, 'nobody.like.this']) {
      const answers = [];
      for (let n = 0; n < 4; n++) answers.push(await tried(name));
      expect(answers).toEqual([...Array(3).fill('credentials_incorrect'), 'phone-first']);
    }
  });

  it('says that the name’s tries are used up where no phone can be proved, for a name that nobody has alike', async () => {
    withoutPhoneFirst();
    for (const name of [username, 'nobody.like.this']) {
      const answers = [];
      for (let n = 0; n < 4; n++) answers.push(await tried(name));
      expect(answers).toEqual([...Array(3).fill('credentials_incorrect'), 'account']);
    }
  });

  it('says that the address’s tries are used up where no phone can be proved, whose name it may be', async () => {
    withoutPhoneFirst();
    for (let n = 0; n < ports.limits.loginsPerAddressAndMinute; n++) {
      expect(await tried(`name${n}`, '192.0.2.9')).toBe('credentials_incorrect');
    }
    expect(await tried(username, '192.0.2.9')).toBe('address');
    expect(await tried('nobody.like.this', '192.0.2.9')).toBe('address');
    expect(await tried(username, '192.0.2.10')).toBe('credentials_incorrect');
  });

  it('says that the device’s tries are used up', async () => {
    const device = await remembered();
    const answers = [];
    for (let n = 0; n <= ports.limits.loginsPerDeviceAndHour; n++) {
      answers.push(await tried(username, '192.0.2.1', device));
    }
    expect(answers.at(-1)).toBe('device');
  });
});

describe('the second factor of a stage', () => {
  it('is never due when set to never: the password opens the session', async () => {
    expect((await typed('never')).kind).toBe('opened');
  });

  it('is due until the device is remembered when set to new-device', async () => {
    expect((await typed('new-device')).kind).toBe('second-factor-due');
    expect((await typed('new-device', await remembered())).kind).toBe('opened');
  });

  it('is due on a remembered device too when set to always, and the owner gets no notice of a new device', async () => {
    const device = await remembered();
    expect(told()).toEqual(['new-device']);
    const { tokens } = await complete(await ticketOf(await challenged('always', device)));
    expect(tokens.sessionExpiresAt).toBe(clock() + 30 * 24 * hour);
    expect(told()).toEqual(['new-device']);
    expect(await ports.sessionStore.list(userId)).toMatchObject([
      { deviceId: expect.any(String) },
      { deviceId: expect.any(String) },
    ]);
  });
});

describe('a login', () => {
  it.each(['never', 'always'] as const)(
    'with second factor %s returns the use of a right password once a session opens, and never a wrong one’s',
    async (secondFactor) => {
      const roomy = { ...limits, loginsPerAccountAndHour: 2, sendsPerPhoneAndHour: 100 };
      ports = { ...ports, limits: { ...roomy, sendsPerPhoneAndDay: 100 } };
      for (let n = 0; n < 6; n++) {
        if (secondFactor === 'never') await typed(secondFactor);
        else await complete(await ticketOf(await challenged(secondFactor)));
      }
      for (let n = 0; n < 2; n++) {
        await expect(typed(secondFactor, undefined, 'wrong')).rejects.toThrow(
          'credentials_incorrect',
        );
      }
      expect((await typed(secondFactor)).kind).toBe('phone-first');
    },
  );

  it('counts when it is never completed, even without an SMS: an app’s code can be guessed without one', async () => {
    await change({ totp: { secret: 'sealed', confirmedAt: clock(), lastStep: 0 } });
    const starts = await Promise.allSettled(Array.from({ length: 40 }, () => challenged()));
    const open = starts.filter(({ status }) => status === 'fulfilled');
    expect(open).toHaveLength(limits.loginsPerAccountAndHour);
  });

  it('is possible again after a reset, and for the next owner of the name, even after many wrong codes', async () => {
    const account = await ports.accounts.find(usernameTag);
    const ledger = {
      scope: 'account-login-year',
      tag: passwordTag(keys.tagger, usernameTag, account),
    } as const;
    for (let n = 0; n < limits.failuresPerYear; n++)
      await ports.ledgers.recordFailure(ledger, clock());
    await expect(typed()).rejects.toThrow('too_many_requests');
    await change({ sessionsValidFrom: clock() });
    await expect(typed()).resolves.toHaveProperty('kind', 'second-factor-due');
    const other = { ...account, createdAt: clock(), sessionsValidFrom: undefined } as Account;
    expect(passwordTag(keys.tagger, usernameTag, other)).not.toBe(ledger.tag);
  });

  it('has a budget of its own at the address where the password was just reset, apart from a stranger’s tries', async () => {
    await change({
      sessionsValidFrom: clock(),
      resetFrom: addressLedger(keys.tagger, '192.0.2.7').tag,
    });
    const from = (address: string, typedAs: string) =>
      logIn({ ...ports, secondFactor: 'never', refusedDevices: memory })({
        username,
        password: typedAs,
        tokensIn: 'body',
        address,
        origin,
        language: 'en',
      });
    for (let n = 0; n < limits.loginsPerAccountAndHour; n++) {
      await expect(from('203.0.113.1', 'wrong')).rejects.toThrow('credentials_incorrect');
    }
    expect((await from('203.0.113.1', password)).kind).toBe('phone-first');
    await expect(from('192.0.2.7', password)).resolves.toHaveProperty('kind', 'opened');
    clock.advance(hour + 1);
    await expect(from('192.0.2.7', password)).resolves.toHaveProperty('kind', 'opened');
  });

  it('cannot be completed with an SMS to a phone that is no longer the account’s', async () => {
    const ticket = await ticketOf(await challenged());
    const find = ports.accounts.find;
    ports = {
      ...ports,
      accounts: {
        ...ports.accounts,
        find: async (tag) => {
          const account = await find(tag);
          return account && { ...account, phoneTag: 'another' };
        },
      },
    };
    await expect(complete(ticket)).rejects.toMatchObject({ code: 'ticket_invalid' });
  });

  it('records its session and its remembered device, and notifies the owner', async () => {
    await remembered();
    expect(happened().sort()).toEqual(['device.remembered', 'session.started']);
    expect(told()).toEqual(['new-device']);
    written.length = 0;
    await complete(await ticketOf(await challenged()));
    expect([happened(), told()]).toEqual([['session.started'], ['new-device']]);
  });

  it('seals the directory’s token so that Hawiya’s keys alone do not open it', async () => {
    const { hash } = await challenged();
    const { directoryToken = '' } = fieldsOf(await ports.challenges.find(hash));
    expect(directoryToken).not.toBe('');
    const sealKeys = derivedKeys(ports.sessionKeys, (key) => key.seal);
    const opened = unseal(sealKeys, loginTokenContext(hash), directoryToken, clock());
    await expect(opened).rejects.toThrow();
  });

  it('sends no SMS for an account with an authenticator app, unless it is asked to', async () => {
    await change({
      totp: { secret: 'sealed', confirmedAt: clock(), lastStep: 0 },
      recoveryCodes: ['tag'],
    });
    const { hash, sent, methods } = await challenged();
    expect({ sent, methods }).toEqual({ sent: false, methods: ['totp', 'recovery-code', 'sms'] });
    expect(await ports.challenges.find(hash)).toMatchObject({ sends: 0, userId });
  });

  it('opens no session when the account’s sessions became invalid before it was completed', async () => {
    const ticket = await ticketOf(await challenged());
    await change({ sessionsValidFrom: clock() + 1 });
    await expect(complete(ticket)).rejects.toMatchObject({ code: 'ticket_invalid' });
    expect(await ports.sessionStore.list(userId)).toEqual([]);
  });

  it('counts wrong codes apart from a reset’s, so that knowing the password does not close resets', async () => {
    const { id, hash } = await challenged();
    await deliverChallenge(ports)({ idHash: hash, sendNumber: 1, round: 0 });
    const right = keys.code(hash);
    const code = String((Number(right) + 1) % 10 ** 6).padStart(6, '0');
    const wrong = verifySmsCode(ports)({ id, code, address: '192.0.2.1' });
    await expect(wrong).rejects.toMatchObject({ code: 'code_incorrect' });
    const tag = passwordTag(keys.tagger, usernameTag, await ports.accounts.find(usernameTag));
    const failures = async (scope: 'account' | 'account-login') =>
      (await ports.ledgers.counts({ scope, tag }, clock())).failures;
    expect([await failures('account-login'), await failures('account')]).toEqual([1, 0]);
  });
});

describe('a remembered device', () => {
  it('is forgotten after a reset or a change of the password, and treated like an unknown one', async () => {
    const device = await remembered();
    clock.advance(1);
    await change({ sessionsValidFrom: clock() });
    expect((await typed('new-device', device)).kind).toBe('second-factor-due');
  });

  it('is dated from the password check, so that a device overtaken by a reset is never known', async () => {
    const challenge = await challenged();
    const ticket = await ticketOf(challenge);
    clock.advance(100);
    const { device } = await complete(ticket, true);
    expect(device?.expiresAt).toBe(clock() + 30 * 24 * hour);
    expect(await ports.devices.list(userId)).toMatchObject([{ createdAt: clock() - 100 }]);
  });

  it('keeps its budget when a stranger has used up the account’s', async () => {
    const device = await remembered();
    for (let n = 0; n < limits.loginsPerAccountAndHour; n++) {
      await typed('new-device', undefined, 'not the right one').catch(() => undefined);
    }
    expect((await typed()).kind).toBe('phone-first');
    expect((await typed('new-device', device)).kind).toBe('opened');
  });

  it('is told how long to wait when its own budget is used up', async () => {
    const device = await remembered();
    for (let n = 0; n < limits.loginsPerDeviceAndHour; n++) {
      await expect(typed('new-device', device, 'wrong')).rejects.toMatchObject({
        code: 'credentials_incorrect',
      });
    }
    await expect(typed('new-device', device)).rejects.toMatchObject({
      code: 'too_many_requests',
      extras: { retryAfter: hour / 2 },
    });
  });
});

it('a refused device is recognised before the directory is asked, so that it cannot cause useless directory calls', async () => {
  const device = await remembered();
  ports = {
    ...ports,
    limits: { ...limits, loginsPerDeviceAndHour: 2, loginsPerAddressAndMinute: 5 },
  };
  const asked = vi.spyOn(ports.directoryTokens, 'authenticate');
  const outcomes: string[] = [];
  for (let n = 0; n < 12; n++) {
    outcomes.push(
      await typed('new-device', device, 'wrong').then(
        () => 'ok',
        ({ code }) => code,
      ),
    );
  }
  expect(outcomes.filter((code) => code === 'credentials_incorrect')).toHaveLength(2);
  expect(asked.mock.calls.length).toBeLessThanOrEqual(2);
});
