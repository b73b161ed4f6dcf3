import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemKinds } from '#core/model/problems.ts';
import { nationalId, phone } from '../support/fakes/builders.ts';
import { openTable } from '../support/world/table-scan.ts';
import {
  type Answer,
  openWorld,
  outcome,
  type Person,
  type World,
} from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Checks the whole document against the catalogue, not just the code. */
function expectProblem(answer: Answer, code: keyof typeof problemKinds, language: 'ar' | 'en') {
  const kind = problemKinds[code];
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('content-language')).toBe(language);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.status).toBe(kind.status);
  expect(answer.body).toMatchObject({
    type: `https://localhost/problems/${code}`,
    title: kind.title[language],
    status: kind.status,
    code,
    instance: expect.stringMatching(/^urn:hawiya:request:/),
  });
  expect(answer.body.detail).toContain(kind.detail[language]);
}

const bilingual = ['ar', 'en'] as const;

describe.each(bilingual)('an invalid body, in %s', (language) => {
  const good = { username: 'sara.q', nationalId: '1000000008' };
  // Input that people can type. The function reads it, and names the field.
  const wrong: [name: string, path: string, body: unknown, field: string][] = [
    [
      'a wrong check digit',
      '/password-resets',
      { ...good, nationalId: '1000000009' },
      'nationalId',
    ],
    ['a short username', '/password-resets', { ...good, username: 'abc' }, 'username'],
    ['an empty national ID', '/password-resets', { ...good, nationalId: '' }, 'nationalId'],
    ['words for a phone', '/registrations', { phone: 'my phone' }, 'phone'],
    ['letters for a code', '/challenges/x/verify', { code: 'abcdef' }, 'code'],
    ['an empty password', '/sessions', { username: 'sara.q', password: '' }, 'password'],
    [
      'blanks and marks for a password',
      '/sessions',
      { username: 'sara.q', password: ' \u200e' },
      'password',
    ],
    ['no body where no field is required', '/challenges/x/send', undefined, ''],
  ];
  it.each(wrong)(
    'with %s gets a problem that names the field and what to do',
    async (_name, path, body, field) => {
      const answer = await world.post(path, body, { language });
      expectProblem(answer, 'invalid_request', language);
      expect(answer.body.errors).toEqual([{ path: field, message: expect.stringMatching(/\S/) }]);
    },
  );

  it('of well-formed JSON padded to more than 16 KB gets a problem that says so', async () => {
    const padded = `{"phone":"0551234567"${' '.repeat(2 ** 14)}}`;
    const answer = await world.postRaw('/registrations', padded, { language });
    expectProblem(answer, 'invalid_request', language);
    expect(answer.body.errors).toHaveLength(1);
  });

  it('with an Emirati phone or a landline gets a problem that says which numbers are supported', async () => {
    for (const phone of ['+971501234567', '0112345678']) {
      const answer = await world.post('/registrations', { phone }, { language });
      expectProblem(answer, 'destination_unsupported', language);
    }
  });
});

describe.each(bilingual)('a refused registration, in %s', (language) => {
  let person: Person;
  let taken: Person;
  let ticket: string;
  beforeAll(async () => {
    taken = await world.subscriber();
    person = world.someone();
    ticket = await world.registrationTicket(person.phone);
  });

  const complete = (change: Record<string, unknown>) =>
    world.post(
      '/registrations/complete',
      { ...world.registration(ticket, person), ...change },
      { language },
    );

  const passwords: [string, string, string[]][] = [
    ['of three characters', 'abc', ['too_short', 'blocklisted']],
    ['from the blocklist', 'unbelievable', ['blocklisted']],
    ['that is a common word with digits', 'Password12345!', ['blocklisted']],
    ['that is too long', 'ab '.repeat(50).trim(), ['too_long', 'repetitive']],
  ];
  it.each(passwords)('with a password %s gets the reasons', async (_name, password, reasons) => {
    const answer = await complete({ password });
    expectProblem(answer, 'password_rejected', language);
    expect(answer.body.reasons).toEqual(expect.arrayContaining(reasons.slice(0, 1)));
  });

  it('with a password that contains the username or national ID gets the reason', async () => {
    const named = await complete({ password: `x ${person.username} and more` });
    expectProblem(named, 'password_rejected', language);
    expect(named.body.reasons).toEqual(['contains_username']);
    const numbered = await complete({ password: `my id ${person.nationalId}` });
    expect(numbered.body.reasons).toEqual(['contains_identifier']);
  });

  it('with a taken username, a registered national ID or old terms gets a problem of its own', async () => {
    const username = await complete({ username: taken.username.toUpperCase() });
    expectProblem(username, 'username_taken', language);
    const identity = await complete({ nationalId: taken.nationalId });
    expectProblem(identity, 'identity_registered', language);
    expectProblem(await complete({ termsVersion: '2020-01' }), 'terms_outdated', language);
  });

  it('leaves the ticket usable, until one success spends it', async () => {
    expect((await complete({})).status).toBe(201);
    expectProblem(await complete({}), 'ticket_invalid', language);
    const other = { username: `${person.username}x`, nationalId: nationalId() };
    expectProblem(await complete(other), 'ticket_invalid', language);
  });
});

describe.each(bilingual)('an invalid ticket or challenge, in %s', (language) => {
  const reset = (ticket: string) => {
    const newPassword = 'a perfectly fine passphrase';
    const body = { ticket, newPassword, confirmPassword: newPassword };
    return world.post('/password-resets/complete', body, { language });
  };

  it('a ticket that is foreign, tampered with, of another flow or expired is refused as invalid', async () => {
    const phoneNumber = phone();
    const { id } = (await world.post('/registrations', { phone: phoneNumber })).body.challenge;
    const code = await world.code(phoneNumber);
    const { ticket } = (await world.post(`/challenges/${id}/verify`, { code })).body;
    const flipped = `${ticket.slice(0, -1)}${ticket.endsWith('A') ? 'B' : 'A'}`;
    for (const foreign of ['nonsense', id, flipped, ticket]) {
      expectProblem(await reset(foreign), 'ticket_invalid', language);
    }
    await openTable(world).setInstant(id, 'ticketExpiresAt', Math.floor(Date.now() / 1000));
    const late = world.registration(ticket, world.someone());
    const answer = await world.post('/registrations/complete', late, { language });
    expectProblem(answer, 'ticket_invalid', language);
  });

  it('a challenge that is unknown, made up, expired or used is refused as expired', async () => {
    const phoneNumber = phone();
    const { id } = (await world.post('/registrations', { phone: phoneNumber })).body.challenge;
    const code = await world.code(phoneNumber);
    const verify = (challenge: string) =>
      world.post(`/challenges/${challenge}/verify`, { code }, { language });
    const unknown = `AQ${'x'.repeat(26)}`;
    for (const madeUp of [unknown, 'x', encodeURIComponent('../../etc'), `_w${'x'.repeat(26)}`]) {
      expectProblem(await verify(madeUp), 'challenge_expired', language);
    }
    expect((await verify(id)).status).toBe(200);
    expectProblem(await verify(id), 'challenge_expired', language);
    const send = await world.post(`/challenges/${id}/send`, {}, { language });
    expectProblem(send, 'challenge_expired', language);

    const second = (await world.post('/registrations', { phone: phoneNumber })).body.challenge.id;
    const secondCode = await world.code(phoneNumber, 2);
    await openTable(world).setInstant(second, 'expiresAt', Math.floor(Date.now() / 1000));
    const late = await world.post(`/challenges/${second}/verify`, { code: secondCode });
    expect(outcome(late)).toBe('challenge_expired');
  });

  it('wrong codes count down to a lock, which the right code does not open', async () => {
    const phoneNumber = phone();
    const { id } = (await world.post('/registrations', { phone: phoneNumber })).body.challenge;
    const code = await world.code(phoneNumber);
    const verify = (typed: string) =>
      world.post(`/challenges/${id}/verify`, { code: typed }, { language });
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      const answer = await verify(world.wrongCode(code));
      expectProblem(answer, 'code_incorrect', language);
      expect(answer.body.attemptsLeft).toBe(attemptsLeft);
    }
    expectProblem(await verify(code), 'challenge_locked', language);
    const send = await world.post(`/challenges/${id}/send`, {}, { language });
    expectProblem(send, 'challenge_locked', language);
  });
});

describe('a malformed body', () => {
  const good = { username: 'sara.q', nationalId: '1000000008' };
  const secret = 'MySecret-4711';
  const malformed: [name: string, path: string, body: string][] = [
    ['broken JSON', '/registrations', '{"phone":'],
    ['a form', '/registrations', 'phone=0551234567'],
    ['no body', '/registrations', ''],
    ['an array', '/registrations', `["${secret}"]`],
    ['a string', '/registrations', `"${secret}"`],
    ['a missing field', '/password-resets', JSON.stringify({ username: secret })],
    ['an unknown field', '/password-resets', JSON.stringify({ ...good, [secret]: secret })],
    ['a wrong type', '/password-resets', JSON.stringify({ ...good, username: [secret] })],
    ['null', '/password-resets', JSON.stringify({ ...good, nationalId: null })],
    ['an unknown method', '/challenges/x/verify', `{"code":"123456","method":"${secret}"}`],
    ['a megabyte', '/registrations', JSON.stringify({ phone: secret.repeat(2 ** 16) })],
  ];
  it.each(malformed)(
    'costs no invocation, and is not repeated in the answer: %s',
    async (_name, path, body) => {
      for (const type of ['application/json', 'text/plain']) {
        const answer = await world.postRaw(path, body, { headers: { 'content-type': type } });
        expect(answer.status).toBe(400);
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
        expect(answer.body).toMatchObject({ code: 'invalid_request', status: 400 });
        expect(answer.body.detail).toMatch(/[\u0600-\u06ff].* — Send a JSON object/);
        expect(answer.body.errors).toBeUndefined();
        expect(JSON.stringify(answer.body)).not.toContain(secret);
        // The function would have written a line with the request's id.
        await world.get('/health');
        const id = answer.body.instance.replace('urn:hawiya:request:', '');
        expect(world.logged.filter((line) => line.includes(id) || line.includes(secret))).toEqual(
          [],
        );
      }
    },
  );

  it('is told apart from a well-formed body with a wrong value, which the function receives and logs', async () => {
    const answer = await world.post('/password-resets', { ...good, nationalId: '' });
    const id = answer.body.instance.replace('urn:hawiya:request:', '');
    await world.get('/health');
    expect(world.logged.some((line) => line.includes(id))).toBe(true);
  });
});

describe('an answer of API Gateway itself', () => {
  it('is a problem document too', async () => {
    const nowhere = await world.get('/nowhere');
    expect(nowhere.headers.get('content-type')).toBe('application/problem+json');
    expect(nowhere.body).toMatchObject({ code: 'not_found', status: 404 });
    expect((await world.get('/registrations')).body).toMatchObject({ code: 'not_found' });
    const stranger = await world.get('/account');
    expect(stranger.status).toBe(401);
    expect(stranger.body).toMatchObject({ code: 'unauthenticated', status: 401 });
  });
});
