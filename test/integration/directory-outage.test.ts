import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readChallengeId } from '#core/challenge/id.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { deriveCode } from '#core/crypto/derive-code.ts';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { changePassword } from '#core/flows/change-password.ts';
import { completeRegistration } from '#core/flows/complete-registration.ts';
import { exportAccount } from '#core/flows/export-account.ts';
import { logIn } from '#core/flows/log-in.ts';
import { offerTotp } from '#core/flows/offer-totp.ts';
import { removeTotp } from '#core/flows/remove-totp.ts';
import { renewRecoveryCodes } from '#core/flows/renew-recovery-codes.ts';
import { startClosing } from '#core/flows/start-closing.ts';
import { startPasswordReset } from '#core/flows/start-password-reset.ts';
import { startPhoneChange } from '#core/flows/start-phone-change.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import { startTransaction } from '#core/flows/start-transaction.ts';
import { DirectoryUnavailable } from '#core/model/directory-unavailable.ts';
import { addressLedger } from '#core/model/ledger.ts';
import { Problem } from '#core/model/problems.ts';
import { mintDeviceSecret } from '#core/session/device-secret.ts';
import { createRefusedDevices } from '#core/session/refused-devices.ts';
import { limits, nationalId, phone, spending, unique } from '../support/fakes/builders.ts';
import { fakeRetryQueue } from '../support/fakes/retry-queue.ts';
import { fakeSmsGateway } from '../support/fakes/sms-gateway.ts';
import { type LoggedIn, loggedIn, right } from '../support/world/logged-in.ts';

/*
 * What judged nothing costs nothing (docs/decisions/0032): each charge before a call that gives no answer is returned.
 */

const throttled = () => new DirectoryUnavailable(false);
const lost = () => new DirectoryUnavailable(true);
const contended = () => new Problem('unavailable', { retryAfter: 1 });

type Ports = LoggedIn['ports'] & {
  readonly breakers: LoggedIn['ports']['breakers'];
  readonly reviewNumbers: [];
  readonly spending: typeof spending;
  readonly termsVersion: string;
  readonly portalHost: string;
};

let person: LoggedIn;
let ports: Ports;
/** The error of the directory's next answers. */
let trouble: Error | undefined;
let asked: number;

beforeEach(async () => {
  person = await loggedIn();
  trouble = undefined;
  asked = 0;
  const { authenticate, ...others } = person.ports.directoryTokens;
  ports = {
    ...person.ports,
    reviewNumbers: [],
    spending,
    termsVersion: '1',
    portalHost: 'portal.example.gov.sa',
    directoryTokens: {
      ...others,
      async authenticate(...who) {
        asked += 1;
        if (trouble) throw trouble;
        return authenticate(...who);
      },
    },
  };
});

const codeOf = (run: Promise<unknown>) =>
  run.then(
    (done) => (isPhoneFirst(done) ? 'phone-first' : 'ok'),
    ({ code, message }) => code ?? message,
  );

/** Whether a login asks for the phone, because the tries are used up. */
const isPhoneFirst = (done: unknown) =>
  (done as { kind?: unknown } | undefined)?.kind === 'phone-first';

/** Runs it so many times at once. @returns what came of it, each outcome with its number */
async function burst(times: number, run: () => Promise<unknown>): Promise<Record<string, number>> {
  const outcomes = await Promise.all(Array.from({ length: times }, () => codeOf(run())));
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

const type = (
  password: string,
  { username = 'sara', device = '', address = '192.0.2.1', on = ports } = {},
) =>
  logIn({ ...on, secondFactor: 'always', refusedDevices: createRefusedDevices(ports.clock) })({
    username,
    password,
    devices: device === undefined ? [] : [device],
    tokensIn: 'body',
    address,
    origin: right.origin,
    language: 'en',
  });

const perHour = limits.loginsPerAccountAndHour;

describe('a login that the directory does not answer', () => {
  it.each(['sara', 'nobody.here'])(
    'leaves %s all tries, after a burst of two hundred through a throttled directory',
    async (username) => {
      trouble = throttled();
      const clicks = await burst(200, () => type('wrong', { username, address: unique() }));
      // A burst may hold all tries for a moment: the rest of it is told to wait.
      expect(clicks['unavailable']).toBeGreaterThanOrEqual(perHour);
      expect(Object.keys(clicks).sort()).toEqual(['phone-first', 'unavailable']);
      expect(asked).toBe(clicks['unavailable']);
      trouble = undefined;
      const after = await burst(perHour + 5, () => type('wrong', { username, address: unique() }));
      expect(after).toEqual({ credentials_incorrect: perHour, 'phone-first': 5 });
    },
  );

  it('costs its address nothing: the neighbours behind it can log in', async () => {
    trouble = throttled();
    const clicks = 2 * limits.loginsPerAddressAndMinute;
    for (let n = 0; n < clicks; n++) {
      expect(await codeOf(type('wrong', { username: `someone${n}` }))).toBe('unavailable');
    }
    trouble = undefined;
    expect(await codeOf(type('wrong'))).toBe('credentials_incorrect');
  });

  it('returns no guess that was judged', async () => {
    for (let n = 0; n < perHour; n++) {
      trouble = throttled();
      for (let m = 0; m < 4; m++) expect(await codeOf(type('wrong'))).toBe('unavailable');
      trouble = undefined;
      expect(await codeOf(type('wrong'))).toBe('credentials_incorrect');
    }
    expect(await codeOf(type(right.currentPassword))).toBe('phone-first');
  });

  it('is returned three times a day when the answer was lost: the directory may have counted it', async () => {
    trouble = lost();
    const answers: string[] = [];
    for (let n = 0; n < perHour + 4; n++) answers.push(await codeOf(type('wrong')));
    const paid = Array(3 + perHour).fill('unavailable');
    expect(answers).toEqual([...paid, 'phone-first']);
    expect(asked).toBe(3 + perHour);
  });

  it('loses one try when the function dies before the return, and no more', async () => {
    trouble = throttled();
    const dying = {
      ...ports,
      ledgers: { ...ports.ledgers, returnUnit: async () => Promise.reject(new Error('died')) },
    };
    expect(await codeOf(type('wrong', { on: dying }))).toBe('unavailable');
    trouble = undefined;
    const after = await burst(perHour, () => type('wrong'));
    expect(after).toEqual({ credentials_incorrect: perHour - 1, 'phone-first': 1 });
  });

  it('keeps its tries when the challenge after a right password is lost to contention', async () => {
    const start = vi.spyOn(ports.challenges, 'start').mockRejectedValue(contended());
    for (let n = 0; n < 3 * perHour; n++) {
      expect(await codeOf(type(right.currentPassword))).toBe('unavailable');
    }
    start.mockRestore();
    const after = await burst(perHour + 1, () => type('wrong'));
    expect(after).toEqual({ credentials_incorrect: perHour, 'phone-first': 1 });
  });
});

describe('a login on a remembered device', () => {
  async function remembered(): Promise<string> {
    const { userId } = person.subject;
    const now = ports.clock();
    const device = { userId, deviceId: unique(), createdAt: now, expiresAt: now + 86_400 };
    const session = { ...(await ports.sessionStore.list(userId))[0], sessionId: unique() };
    await ports.sessionStore.create(
      session as Parameters<typeof ports.sessionStore.create>[0],
      {},
      { device: { ...device, label: 'Chrome, Android' } },
    );
    const { current } = await ports.sessionKeys();
    return mintDeviceSecret(current, 'sara', device);
  }

  it('costs the device no try while the directory throttles', async () => {
    const device = await remembered();
    trouble = throttled();
    for (let n = 0; n < 2 * limits.loginsPerDeviceAndHour; n++) {
      expect(await codeOf(type('wrong', { device }))).toBe('unavailable');
    }
    trouble = undefined;
    const room = limits.loginsPerDeviceAndHour;
    const after = await burst(room + 2, () => type('wrong', { device }));
    expect(after).toEqual({ credentials_incorrect: room, too_many_requests: 2 });
  });

  it('asks the directory once when the device turns out forgotten, and is charged as elsewhere', async () => {
    const device = await remembered();
    await ports.devices.forgetAll(person.subject.userId);
    expect(await codeOf(type('wrong', { device }))).toBe('credentials_incorrect');
    expect(asked).toBe(1);
    const after = await burst(perHour, () => type('wrong'));
    expect(after).toEqual({ credentials_incorrect: perHour - 1, 'phone-first': 1 });
  });
});

const address = '192.0.2.9';
const withPassword: Record<string, () => Promise<unknown>> = {
  'a change of password': () =>
    changePassword(ports)(person.subject, { ...right, newPassword: 'glass ladder orbit seven' }),
  'an offer of an app': () => offerTotp(ports)({ subject: person.subject, ...right }),
  'the removal of an app': () => removeTotp(ports)({ subject: person.subject, ...right }),
  'new recovery codes': () => renewRecoveryCodes(ports)({ subject: person.subject, ...right }),
  'a closing': () => startClosing(ports)(person.subject, { ...right, language: 'en' }),
  'a change of phone': () =>
    startPhoneChange(ports)(person.subject, { ...right, phone: phone(), address, language: 'en' }),
};

describe('a password that is asked for again', () => {
  it.each(Object.entries(withPassword))(
    'costs no try in %s while the directory throttles',
    async (_, run) => {
      trouble = throttled();
      for (let n = 0; n < 30; n++) expect(await codeOf(run())).toBe('unavailable');
      trouble = undefined;
      expect(await codeOf(run())).toBe('ok');
    },
  );

  it('is returned when the session that the check opened cannot be revoked', async () => {
    const revoke = vi.spyOn(ports.directoryTokens, 'revoke').mockRejectedValue(throttled());
    for (let n = 0; n < 30; n++) {
      expect(await codeOf(withPassword['an offer of an app']?.() ?? Promise.resolve())).toBe(
        'unavailable',
      );
    }
    revoke.mockRestore();
    expect(await codeOf(withPassword['an offer of an app']?.() ?? Promise.resolve())).toBe('ok');
  });
});

describe('a change that is lost to contention', () => {
  it('of what protects an account leaves all six of the hour', async () => {
    const renew = withPassword['new recovery codes'] ?? (async () => undefined);
    const change = vi.spyOn(ports.accounts, 'change').mockRejectedValue(contended());
    for (let n = 0; n < 4; n++) expect(await codeOf(renew())).toBe('unavailable');
    change.mockRestore();
    for (let n = 0; n < 6; n++) expect(await codeOf(renew())).toBe('ok');
  });

  it('leaves an export to be asked for again', async () => {
    const ask = () => exportAccount(ports)(person.subject, right.origin);
    const add = vi.spyOn(ports.events, 'add').mockRejectedValue(contended());
    for (let n = 0; n < 9; n++) expect(await codeOf(ask())).toBe('unavailable');
    add.mockRestore();
    expect(await burst(6, ask)).toEqual({ ok: 5, too_many_requests: 1 });
  });
});

describe('a start that is lost to contention', () => {
  const service = {
    id: 'e-prescription',
    name: { ar: 'وصفتي', en: 'Wasfati' },
    purposes: ['approve'],
    challengesPerHour: 5,
    challengesPerDay: 5,
  };
  const starts: Record<string, () => Promise<unknown>> = {
    'a registration': () => startRegistration(ports)({ phone: phone(), address, language: 'en' }),
    'a reset': () =>
      startPasswordReset(ports)({
        username: 'sara',
        nationalId: nationalId(),
        address,
        language: 'en',
      }),
    'a change of phone': () => withPassword['a change of phone']?.() ?? Promise.resolve(),
    'a transaction': () =>
      startTransaction(ports)({
        service: service as unknown as Parameters<
          ReturnType<typeof startTransaction>
        >[0]['service'],
        phone: phone(),
        purpose: 'approve',
        display: 'A prescription',
        language: 'en',
      }),
  };

  it.each(Object.entries(starts))('of %s costs address and service nothing', async (_, run) => {
    const start = vi.spyOn(ports.challenges, 'start').mockRejectedValue(contended());
    for (let n = 0; n < 8; n++) expect(await codeOf(run())).toBe('unavailable');
    start.mockRestore();
    const now = ports.clock();
    const callers = addressLedger(await ports.tags(), address);
    const none = { uses: 0, usesThisPart: 0, unverified: 0, failures: 0 };
    expect(await ports.ledgers.counts(callers, now)).toEqual(none);
    const relying = { scope: 'relying-service', tag: service.id } as const;
    expect(await ports.ledgers.counts(relying, now)).toEqual(none);
    expect(await codeOf(run())).toBe('ok');
  });
});

describe('a ticket', () => {
  const newcomer = () => ({
    username: `u${unique().toLowerCase()}`,
    password: 'glass ladder orbit seven',
    nationalId: nationalId(),
    termsVersion: '1',
    language: 'en' as const,
    origin: right.origin,
  });

  async function proved(): Promise<string> {
    const to = phone();
    const { id } = await startRegistration(ports)({ phone: to, address: unique(), language: 'en' });
    const hash = readChallengeId(id)?.hash ?? '';
    const sms = { sms: fakeSmsGateway(), retries: fakeRetryQueue(), entropy: randomBytes };
    await deliverChallenge({ ...ports, ...sms })({ idHash: hash, sendNumber: 1, round: 0 });
    const code = deriveCode((await ports.codeKeys()).current, hash, limits.codeLength);
    return (await verifySmsCode(ports)({ id, code, address })).ticket;
  }

  const setPassword = (error: Error) =>
    vi.spyOn(ports.directoryUsers, 'setPassword').mockRejectedValue(error);

  it('is not used up by the same request while the directory throttles', async () => {
    const ticket = await proved();
    const complete = () => completeRegistration(ports)({ ...someone, ticket });
    const someone = newcomer();
    const slow = setPassword(throttled());
    for (let n = 0; n < 2 * limits.usesPerTicket; n++) {
      expect(await codeOf(complete())).toBe('unavailable');
    }
    slow.mockRestore();
    expect(await codeOf(complete())).toBe('ok');
  });

  it('may be used by another request at once, because nobody holds it', async () => {
    const ticket = await proved();
    const [first, second] = [newcomer(), newcomer()];
    const slow = setPassword(throttled());
    expect(await codeOf(completeRegistration(ports)({ ...first, ticket }))).toBe('unavailable');
    slow.mockRestore();
    expect(await codeOf(completeRegistration(ports)({ ...second, ticket }))).toBe('ok');
  });

  it('pays for each other request: a throttled directory gives no free probes for names', async () => {
    const ticket = await proved();
    const slow = setPassword(throttled());
    const answers: string[] = [];
    for (let n = 0; n < limits.usesPerTicket + 5; n++) {
      answers.push(await codeOf(completeRegistration(ports)({ ...newcomer(), ticket })));
      person.clock.advance(20);
    }
    slow.mockRestore();
    expect(answers.filter((code) => code === 'unavailable').length).toBe(limits.usesPerTicket + 1);
    expect(answers.at(-1)).toBe('ticket_invalid');
  });

  it('stays with its request when the directory’s answer was lost: the password may be set late', async () => {
    const ticket = await proved();
    const [first, second] = [newcomer(), newcomer()];
    const slow = setPassword(lost());
    expect(await codeOf(completeRegistration(ports)({ ...first, ticket }))).toBe('unavailable');
    slow.mockRestore();
    const other = completeRegistration(ports)({ ...second, ticket });
    await expect(other).rejects.toMatchObject({ code: 'unavailable', extras: { retryAfter: 20 } });
    expect(await codeOf(completeRegistration(ports)({ ...first, ticket }))).toBe('ok');
  });
});
