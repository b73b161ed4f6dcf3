import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { typeOf } from '../../lambdas/adapters/dynamodb/event-record.ts';
import { local } from '../../lib/config/stages/local.ts';
import { openTable } from '../support/world/table-scan.ts';
import {
  type Answer,
  openWorld,
  outcome,
  type Person,
  type World,
} from '../support/world/world.ts';

// More password tries than the tests need; the second factor as it ships.
const limits = { ...local.limits, loginsPerAccountAndHour: 1000, loginsPerAccountAndDay: 1000 };

let world: World;
beforeAll(async () => {
  world = await openWorld({ config: { ...local, limits } });
});
afterAll(() => world.close());

interface Protected {
  readonly person: Person;
  readonly token: string;
  readonly secret: string;
  readonly recoveryCodes: string[];
}

/** Moves to a time step of the app for which no code was accepted yet. */
const nextStep = () => world.clock.advance(30);
const appCode = (secret: string) =>
  totpCode(secret, totpStep(Math.floor(world.clock.now() / 1000)));

const remove = (token: string, body: unknown): Promise<Answer> =>
  world.del('/account/authenticators/totp', { token }, body);

async function signedIn(): Promise<{ person: Person; token: string }> {
  const person = await world.subscriber();
  return { person, token: (await world.logIn(person)).body.tokens.accessToken };
}

const offer = (token: string, currentPassword: string) =>
  world.post('/account/authenticators/totp', { currentPassword }, { token });

const confirm = (token: string, enrolment: string, code: string) =>
  world.post('/account/authenticators/totp/confirm', { enrolment, code }, { token });

/** A subscriber with an authenticator app, at a time step whose code is unused. */
async function protectedPerson(): Promise<Protected> {
  const { person, token } = await signedIn();
  const { secret, enrolment } = (await offer(token, person.password)).body;
  const before = world.inbox.messages(person.phone).length;
  const confirmed = await confirm(token, enrolment, appCode(secret));
  expect(confirmed.status).toBe(201);
  // Wait for the notice of the enrolment, before a test counts SMS.
  const told = await world.sms(person.phone, before + 1);
  expect(told).toMatch(/937/);
  expect(told).not.toMatch(/\d{6}/);
  nextStep();
  return { person, token, secret, recoveryCodes: confirmed.body.recoveryCodes };
}

/** A login up to its challenge. */
async function challenged(person: Person): Promise<{ id: string; methods: string[] }> {
  const answer = await world.typePassword(person);
  expect(answer.status).toBe(202);
  return answer.body.challenge;
}

const verify = (id: string, method: string | undefined, code: string) =>
  world.post(`/challenges/${id}/verify`, { code, ...(method && { method }) });

const complete = ({ body }: Answer) => world.post('/sessions/complete', { ticket: body.ticket });

const tally = (outcomes: (number | string)[]) =>
  Object.fromEntries(
    [...new Set(outcomes)].map((o) => [o, outcomes.filter((p) => p === o).length]),
  );

const failuresOf = async (scope: string) =>
  (await openTable(world).scan())
    .filter(({ pk }) => pk?.S?.startsWith(`ledger#${scope}#`))
    .map(({ failures }) => failures?.N);

const someEvents = async (type: string) =>
  (await openTable(world).scan()).filter(
    (item) => item['pk']?.S?.startsWith('event#') && typeOf(item) === type,
  );

describe('enrolling an authenticator app', () => {
  it('asks for the password, shows a secret, and takes effect only once a code confirms it', async () => {
    const { person, token } = await signedIn();
    expect(outcome(await offer(token, 'not the right password'))).toBe('credentials_incorrect');
    const offered = await offer(token, person.password);
    expect(offered.status).toBe(201);
    const { secret, uri, enrolment } = offered.body;
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(uri).toContain(`otpauth://totp/Hawiya:${person.username}?`);

    const account = async () => (await world.get('/account', { token })).body.account;
    expect((await account()).secondFactors).toEqual({ totp: false, recoveryCodesLeft: 0 });
    const wrong = world.wrongCode(appCode(secret));
    expect(outcome(await confirm(token, enrolment, wrong))).toBe('code_incorrect');
    const confirmed = await confirm(token, enrolment, appCode(secret));
    expect(confirmed.status).toBe(201);
    expect(new Set(confirmed.body.recoveryCodes).size).toBe(10);
    expect(confirmed.body.recoveryCodes[0]).toMatch(
      /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/,
    );
    expect((await account()).secondFactors).toEqual({ totp: true, recoveryCodesLeft: 10 });

    nextStep();
    expect(outcome(await confirm(token, enrolment, appCode(secret)))).toBe('challenge_expired');
  });

  it('must be completed by the session that began it, within ten minutes', async () => {
    const { person, token } = await signedIn();
    const { secret, enrolment } = (await offer(token, person.password)).body;
    const other = (await world.logIn(person)).body.tokens.accessToken;
    expect(outcome(await confirm(other, enrolment, appCode(secret)))).toBe('challenge_expired');
    const stranger = await signedIn();
    const theirs = await confirm(stranger.token, enrolment, appCode(secret));
    expect(outcome(theirs)).toBe('challenge_expired');
    expect(outcome(await confirm(token, 'nonsense', appCode(secret)))).toBe('challenge_expired');
    world.clock.advance(601);
    expect(outcome(await confirm(token, enrolment, appCode(secret)))).toBe('challenge_expired');
  });

  it('accepts an offer once, even after the app was removed again', async () => {
    const { person, token } = await signedIn();
    const { secret, enrolment } = (await offer(token, person.password)).body;
    expect((await confirm(token, enrolment, appCode(secret))).status).toBe(201);
    expect((await remove(token, { currentPassword: person.password })).status).toBe(204);
    nextStep();
    nextStep();
    expect(outcome(await confirm(token, enrolment, appCode(secret)))).toBe('challenge_expired');
    const { account } = (await world.get('/account', { token })).body;
    expect(account.secondFactors).toEqual({ totp: false, recoveryCodesLeft: 0 });
    const again = (await offer(token, person.password)).body;
    expect((await confirm(token, again.enrolment, appCode(again.secret))).status).toBe(201);
  });

  it('is undone with the password: an SMS is due again, and the recovery codes no longer work', async () => {
    const { person, token, recoveryCodes } = await protectedPerson();
    const refused = await remove(token, { currentPassword: 'not the right password' });
    expect(outcome(refused)).toBe('credentials_incorrect');
    expect((await remove(token, { currentPassword: person.password })).status).toBe(204);
    const { id, methods } = await challenged(person);
    expect(methods).toEqual(['sms']);
    const old = await verify(id, 'recovery-code', recoveryCodes[0] ?? '');
    expect(outcome(old)).toBe('invalid_request');
  });
});

describe('logging in with an authenticator app', () => {
  it('accepts the app’s code instead of an SMS, and sends none', async () => {
    const { person, secret } = await protectedPerson();
    const codes = () => world.inbox.messages(person.phone).filter(({ body }) => body.includes('#'));
    const sent = codes().length;
    const { id, methods } = await challenged(person);
    expect(methods[0]).toBe('totp');
    const verified = await verify(id, 'totp', appCode(secret));
    expect(verified.status).toBe(200);
    expect((await complete(verified)).status).toBe(201);
    expect(codes()).toHaveLength(sent);
  });

  it('accepts a code once, even in twenty parallel uses', async () => {
    const { person, secret } = await protectedPerson();
    const ids: string[] = [];
    for (let n = 0; n < 20; n++) ids.push((await challenged(person)).id);
    const code = appCode(secret);
    const answers = await Promise.all(ids.map((id) => verify(id, 'totp', code)));
    expect(tally(answers.map(outcome))).toEqual({ 200: 1, code_incorrect: 19 });
    await openTable(world).remove('ledger#account-login');
    await openTable(world).remove('ledger#phone-login');
    expect(outcome(await verify((await challenged(person)).id, 'totp', code))).toBe(
      'code_incorrect',
    );
    nextStep();
    const fresh = await verify((await challenged(person)).id, 'totp', appCode(secret));
    expect(fresh.status).toBe(200);
  });

  it('judges five of two hundred parallel guesses, and counts them even though no SMS was sent', async () => {
    const { person, secret } = await protectedPerson();
    const { id } = await challenged(person);
    const step = totpStep(Math.floor(world.clock.now() / 1000));
    const right = [-1, 0, 1, 2].map((off) => totpCode(secret, step + off));
    const codes = Array.from({ length: 210 }, (_, n) => String(n).padStart(6, '0'))
      .filter((code) => !right.includes(code))
      .slice(0, 200);
    const guesses = await Promise.all(codes.map((code) => verify(id, 'totp', code)));
    expect(tally(guesses.map(outcome))).toEqual({ code_incorrect: 5, challenge_locked: 195 });
    expect(outcome(await verify(id, 'totp', appCode(secret)))).toBe('challenge_locked');
    expect(await failuresOf('account-login')).toContain('5');
  });

  it('accepts the right code at the last attempt', async () => {
    const { person, secret } = await protectedPerson();
    const { id } = await challenged(person);
    const wrong = world.wrongCode(appCode(secret));
    for (let left = 4; left > 0; left--) {
      expect((await verify(id, 'totp', wrong)).body).toMatchObject({ attemptsLeft: left });
    }
    expect((await verify(id, 'totp', appCode(secret))).status).toBe(200);
  });

  it('lets the person choose an SMS instead, sent when they ask', async () => {
    const { person } = await protectedPerson();
    const before = world.inbox.messages(person.phone).length;
    const { id } = await challenged(person);
    expect((await world.post(`/challenges/${id}/send`, {})).status).toBe(202);
    const verified = await verify(id, undefined, await world.code(person.phone, before + 1));
    expect((await complete(verified)).status).toBe(201);
  });

  it('accepts a recovery code once, in any spelling, and records its use', async () => {
    const { person, token, recoveryCodes } = await protectedPerson();
    const [code = ''] = recoveryCodes;
    const before = (await someEvents('recovery-code.used')).length;
    const { id } = await challenged(person);
    const typed = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o');
    const verified = await verify(id, 'recovery-code', typed);
    expect(verified.status).toBe(200);
    expect((await complete(verified)).status).toBe(201);
    expect(await someEvents('recovery-code.used')).toHaveLength(before + 1);

    const again = await verify((await challenged(person)).id, 'recovery-code', code);
    expect(outcome(again)).toBe('code_incorrect');
    const { account } = (await world.get('/account', { token })).body;
    expect(account.secondFactors.recoveryCodesLeft).toBe(9);
  });

  it('accepts only the new recovery codes after a renewal', async () => {
    const { person, token, recoveryCodes } = await protectedPerson();
    const body = { currentPassword: person.password };
    const renewed = await world.post('/account/recovery-codes', body, { token });
    expect(renewed.status).toBe(201);
    const { id } = await challenged(person);
    expect(outcome(await verify(id, 'recovery-code', recoveryCodes[1] ?? ''))).toBe(
      'code_incorrect',
    );
    const fresh = await verify(id, 'recovery-code', renewed.body.recoveryCodes[0]);
    expect(fresh.status).toBe(200);
  });

  it('is refused when no app was enrolled, or the flow has no second factor', async () => {
    const { person } = await signedIn();
    const { id } = await challenged(person);
    expect(outcome(await verify(id, 'totp', '123456'))).toBe('invalid_request');
    const opened = await world.post('/registrations', { phone: world.someone().phone });
    const registration = await verify(opened.body.challenge.id, 'totp', '123456');
    expect(registration.body).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'method' }],
    });
    expect(outcome(await verify(id, 'totp', '0123-4567-89AB-CDEF'))).toBe('invalid_request');
    expect(outcome(await verify(id, 'face', '123456'))).toBe('invalid_request');
  });
});

describe('resetting the password of an account with an authenticator app', () => {
  const newPassword = 'سماء صافية فوق البحر';
  const completion = (ticket: string, secondFactor?: object) =>
    world.post('/password-resets/complete', {
      ticket,
      newPassword,
      confirmPassword: newPassword,
      secondFactor,
    });
  const ticketOf = (person: Person) =>
    world.resetTicket(person, world.inbox.messages(person.phone).length + 1);

  it('asks for the app’s code after the SMS code, never before, and releases the ticket', async () => {
    const { person, secret } = await protectedPerson();
    const plain = await world.subscriber();
    const start = async ({ username, nationalId }: Person) =>
      (await world.post('/password-resets', { username, nationalId })).body.challenge;
    const [ours, theirs] = [await start(person), await start(plain)];
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    expect(ours.methods).toEqual(theirs.methods);

    const ticket = await ticketOf(person);
    const due = await completion(ticket);
    expect(due.body).toMatchObject({
      code: 'second_factor_required',
      status: 403,
      methods: ['totp', 'recovery-code'],
    });
    const wrong = await completion(ticket, {
      method: 'totp',
      code: world.wrongCode(appCode(secret)),
    });
    expect(wrong.body).toMatchObject({ code: 'code_incorrect', attemptsLeft: 4 });
    const code = appCode(secret);
    const done = await completion(ticket, { method: 'totp', code });
    expect(done.status).toBe(204);
    const { id } = await challenged({ ...person, password: newPassword });
    // The reset has used up the code's time step.
    expect(outcome(await verify(id, 'totp', code))).toBe('code_incorrect');
  });

  it('accepts a recovery code, and leaves the app enrolled', async () => {
    const { person, recoveryCodes } = await protectedPerson();
    const secondFactor = { method: 'recovery-code', code: recoveryCodes[2] };
    expect((await completion(await ticketOf(person), secondFactor)).status).toBe(204);
    const { methods } = await challenged({ ...person, password: newPassword });
    expect(methods).toContain('totp');
  });

  it('allows wrong codes only the attempts of the challenge, and counts them for the account', async () => {
    const { person, secret } = await protectedPerson();
    const ticket = await ticketOf(person);
    const wrong = { method: 'totp', code: world.wrongCode(appCode(secret)) };
    const answers: Answer[] = [];
    for (let n = 0; n < 6; n++) answers.push(await completion(ticket, wrong));
    expect(answers.map(outcome)).toEqual([...Array(5).fill('code_incorrect'), 'challenge_locked']);
    // The request that found the lock keeps the ticket for its lease.
    world.clock.advance(21);
    const right = { method: 'totp', code: appCode(secret) };
    expect(outcome(await completion(ticket, right))).toBe('challenge_locked');
    expect(await failuresOf('account')).toContain('5');
  });

  it('uses a code up once for four identical requests, and reports it as wrong to none of them', async () => {
    const { person, secret } = await protectedPerson();
    const ticket = await ticketOf(person);
    const code = appCode(secret);
    const twins = await Promise.all(
      Array.from({ length: 4 }, () => completion(ticket, { method: 'totp', code })),
    );
    expect(twins.map(outcome)).toContain(204);
    expect(twins.map(outcome)).not.toContain('code_incorrect');
  });
});
