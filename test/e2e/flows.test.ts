import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { openApi } from '../support/world/openapi.ts';
import { openTable } from '../support/world/table-scan.ts';
import { openWorld, outcome, password, termsVersion, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ config: local });
});
afterAll(() => world.close());

describe('opening an account', () => {
  it('goes step by step from the phone and the SMS to an account', async () => {
    const person = world.someone();
    const started = await world.post('/registrations', { phone: person.phone }, { language: 'ar' });
    expect(started.status).toBe(202);
    const { challenge } = started.body;
    expect(challenge).toEqual({
      id: expect.stringMatching(/^[\w-]{44}$/),
      purpose: 'registration',
      method: 'sms',
      methods: ['sms'],
      destination: `•••• ${person.phone.slice(-3)}`,
      codeLength: 6,
      sent: true,
      sendAgainAt: expect.any(String),
      expiresAt: expect.any(String),
    });

    const code = await world.code(person.phone);
    const status = await world.get(`/challenges/${challenge.id}`);
    expect(status.body.challenge).toMatchObject({ id: challenge.id, sent: true });
    expect(['queued', 'sent']).toContain(status.body.challenge.delivery);
    expect(await world.sms(person.phone)).toContain(`رمز فتح الحساب: ${code}`);
    const verified = await world.post(`/challenges/${challenge.id}/verify`, { code });
    expect(verified.status).toBe(200);
    expect(Object.keys(verified.body)).toEqual(['ticket', 'expiresAt']);

    const body = world.registration(verified.body.ticket, person);
    const opened = await world.post('/registrations/complete', body);
    expect(opened.status).toBe(201);
    expect(opened.body.account).toEqual({
      username: person.username,
      phone: `•••• ${person.phone.slice(-3)}`,
      nationalId: `1•••••• ${person.nationalId.slice(-2)}`,
      audience: 'individual',
      identityAssurance: 'self-asserted',
      createdAt: expect.any(String),
      termsVersion,
      termsOutdated: false,
      secondFactors: { totp: false, recoveryCodesLeft: 0 },
    });
    expect((await world.logIn(person)).status).toBe(201);
  });

  it('allows five accounts on one phone, then sends an SMS that says the phone is full', async () => {
    const head = await world.subscriber();
    for (let n = 2; n <= 5; n++) {
      // A phone gets three sends an hour. The family registers over a day, so the test empties the phone's ledger.
      await emptyLedgers();
      const ticket = await world.registrationTicket(head.phone, n);
      const member = { ...world.someone(), phone: head.phone };
      const body = world.registration(ticket, member);
      expect((await world.post('/registrations/complete', body)).status).toBe(201);
    }
    await emptyLedgers();
    const sixth = await world.post('/registrations', { phone: head.phone });
    expect(sixth.status).toBe(202);
    const message = await world.sms(head.phone, 6);
    expect(message).toContain('most accounts');
    expect(message).not.toMatch(/\d{6}/);
  });

  const emptyLedgers = () => openTable(world).remove('ledger#phone-registration');
});

describe('logging in', () => {
  it('gives tokens that open the account, and can be refreshed and revoked', async () => {
    const person = await world.subscriber();
    const { tokens } = (await world.logIn(person)).body;
    expect(tokens).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });

    const account = await world.get('/account', { token: tokens.accessToken });
    expect(account.body.account).toMatchObject({ username: person.username });

    const refreshed = await world.post('/sessions/refresh', { refreshToken: tokens.refreshToken });
    expect(refreshed.status).toBe(201);
    const { refreshToken, accessToken } = refreshed.body.tokens;
    expect(refreshToken).not.toBe(tokens.refreshToken);
    expect((await world.get('/account', { token: accessToken })).status).toBe(200);

    const wrongToken = await world.post('/sessions/revoke', { refreshToken: accessToken });
    expect(outcome(wrongToken)).toBe('invalid_request');
    expect((await world.post('/sessions/revoke', { refreshToken })).status).toBe(204);
    expect(outcome(await world.post('/sessions/refresh', { refreshToken }))).toBe(
      'unauthenticated',
    );
  });

  it('only the access token of a login opens the account', async () => {
    const { tokens } = (await world.logIn(await world.subscriber())).body;
    for (const token of [tokens.idToken, tokens.refreshToken, 'nonsense', undefined]) {
      expect(outcome(await world.get('/account', { token }))).toBe('unauthenticated');
    }
    const tampered = `${tokens.accessToken.slice(0, -4)}AAAA`;
    expect(outcome(await world.get('/account', { token: tampered }))).toBe('unauthenticated');
  });

  it('answers a wrong password and an unknown username alike', async () => {
    const person = await world.subscriber();
    const wrong = await world.logIn({ ...person, password: 'not the right password' });
    const unknown = await world.logIn({ ...person, username: 'nobody.like.this' });
    expect(wrong.status).toBe(401);
    const { instance: _, ...body } = wrong.body;
    expect(unknown.body).toMatchObject(body);
    expect(Object.keys(unknown.body)).toEqual(Object.keys(wrong.body));
  });
});

describe('resetting a password', () => {
  const newPassword = 'سماء صافية فوق البحر';

  it('follows the ministry’s steps, ends every session, and lets the person log in again', async () => {
    const person = await world.subscriber();
    const sessions = [
      (await world.logIn(person)).body.tokens,
      (await world.logIn(person)).body.tokens,
    ];
    const { username, nationalId, phone } = person;

    const started = await world.post('/password-resets', { username, nationalId });
    expect(started.status).toBe(202);
    expect(started.body.challenge).toMatchObject({ purpose: 'password-reset', sent: false });
    const { id } = started.body.challenge;
    const sent = await world.post(`/challenges/${id}/send`, {}, { language: 'en' });
    expect(sent.status).toBe(202);
    expect(sent.body.challenge).toMatchObject({ id, sent: true });
    // The phone had one code to register and two to log in.
    const code = await world.code(phone, 4);
    const { ticket } = (await world.post(`/challenges/${id}/verify`, { code })).body;

    const mistyped = { ticket, newPassword, confirmPassword: 'something else here' };
    const refused = await world.post('/password-resets/complete', mistyped);
    expect(refused.body).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'confirmPassword' }],
    });
    const body = { ticket, newPassword, confirmPassword: newPassword };
    const done = await world.post('/password-resets/complete', body);
    expect([done.status, done.body]).toEqual([204, undefined]);

    for (const { refreshToken } of sessions) {
      const refresh = await world.post('/sessions/refresh', { refreshToken });
      expect(outcome(refresh)).toBe('unauthenticated');
    }
    expect(outcome(await world.logIn(person))).toBe('credentials_incorrect');
    expect((await world.logIn({ username, password: newPassword })).status).toBe(201);
  });

  it('resends the same code after the cool-down, and not before', async () => {
    const { username, nationalId, phone } = await world.subscriber();
    const { id } = (await world.post('/password-resets', { username, nationalId })).body.challenge;
    await world.post(`/challenges/${id}/send`, {});
    const first = await world.code(phone, 2);

    const soon = await world.post(`/challenges/${id}/send`, {});
    expect(outcome(soon)).toBe('too_many_requests');
    expect(Number(soon.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(soon.body.retryAfter).toBe(Number(soon.headers.get('retry-after')));

    await openTable(world).setInstant(id, 'sendAgainAt', 0);
    expect((await world.post(`/challenges/${id}/send`, {})).status).toBe(202);
    expect(await world.code(phone, 3)).toBe(first);
  });
});

describe('input as people type it', () => {
  it('may spell one phone in different ways, which share one budget', async () => {
    const digits = String(Date.now()).slice(-7);
    const arabic = [...`055${digits}`].map((d) => String.fromCharCode(0x660 + Number(d))).join('');
    const spellings = [
      `055${digits}`,
      arabic,
      `+966 55 ${digits.slice(0, 3)} ${digits.slice(3)}`,
      `0096655${digits}`,
    ];
    const answers = [];
    for (const phone of spellings) answers.push(await world.post('/registrations', { phone }));
    // One phone has one budget in every spelling: three sends an hour.
    expect(answers.map(outcome)).toEqual([202, 202, 202, 'too_many_requests']);
    await world.sms(`+96655${digits}`, 3);
  });

  it('may have Arabic-Indic digits in code and national ID, and a username in any case', async () => {
    const person = world.someone();
    const arabic = (text: string) =>
      text.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)));
    const { id } = (await world.post('/registrations', { phone: person.phone })).body.challenge;
    const code = arabic(await world.code(person.phone));
    const { ticket } = (await world.post(`/challenges/${id}/verify`, { code })).body;
    const opened = await world.post('/registrations/complete', {
      ...world.registration(ticket, person),
      username: person.username.toUpperCase(),
      nationalId: arabic(person.nationalId),
    });
    expect(opened.body.account.username).toBe(person.username);

    const shouted = { ...person, username: person.username.toUpperCase() };
    expect((await world.logIn(shouted)).status).toBe(201);
    const { nationalId } = person;
    const reset = { username: shouted.username, nationalId: arabic(nationalId) };
    const { challenge } = (await world.post('/password-resets', reset)).body;
    expect(challenge.destination).toBeNull();
  });

  it('may have an Arabic password in any Unicode normal form', async () => {
    // أ, ؤ and ئ compose and decompose; ﻻ is a compatibility form.
    const typed = 'أحمد يؤمن بمبادئه ﻻ غير';
    const person = await world.subscriber({ password: typed.normalize('NFC') });
    for (const form of ['NFD', 'NFKC', 'NFKD']) {
      const answer = await world.logIn({ ...person, password: typed.normalize(form) });
      expect([form, answer.status]).toEqual([form, 201]);
    }
  });
});

describe('public content', () => {
  it('includes the terms in both languages, with the version that a registration accepts', async () => {
    const arabic = await world.get('/terms', { language: 'ar' });
    const english = await world.get('/terms', { language: 'en' });
    expect(arabic.body.terms).toMatchObject({ version: termsVersion, language: 'ar' });
    expect(english.body.terms).toMatchObject({ version: termsVersion, language: 'en' });
    expect(arabic.body.terms.points).toHaveLength(9);
    expect(english.body.terms.points).toHaveLength(9);
  });

  it('includes the health check', async () => {
    expect((await world.get('/health')).body).toEqual({ status: 'ok' });
  });

  it('includes the OpenAPI document, identical to the one in docs/', async () => {
    const answer = await world.get('/openapi.json');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.body).toEqual(openApi);
  });
});

it('no token contains the password', async () => {
  const { tokens } = (await world.logIn(await world.subscriber())).body;
  expect(JSON.stringify(tokens)).not.toContain(password);
});
