import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { owners } from '../support/world/owner.ts';
import {
  type Answer,
  openWorld,
  outcome,
  type Person,
  type World,
} from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ config: local });
});
afterAll(() => world.close());

const keyed = (key: string = randomUUID()) => ({ headers: { 'idempotency-key': key } });
type Keyed = ReturnType<typeof keyed>;

/** The number of SMS that a phone received, once all pending ones have arrived. */
async function textsOf(phone: string): Promise<number> {
  const other = world.someone().phone;
  await world.post('/registrations', { phone: other });
  await world.sms(other);
  return world.inbox.messages(phone).length;
}

const idOf = ({ body }: Answer) => body.challenge.id;

describe('a request repeated with its Idempotency-Key', () => {
  it('starts one registration and sends one SMS, even when twenty copies run in parallel', async () => {
    const { phone } = world.someone();
    const key = keyed();
    const start = () => world.post('/registrations', { phone }, key);
    const answers = await Promise.all(Array.from({ length: 20 }, start));
    expect(new Set(answers.map(outcome))).toEqual(new Set([202]));
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(idOf(await start())).toBe(idOf(answers[0] as Answer));
    expect(await textsOf(phone)).toBe(1);
  });

  it('costs its address nothing, even when the address has no start left', async () => {
    const address = '198.51.100.77';
    const { phone } = world.someone();
    const key = { ...keyed(), address };
    const first = await world.post('/registrations', { phone }, key);
    let last = first;
    for (let i = 0; i < 400 && last.status === 202; i++)
      last = await world.post('/registrations', { phone: world.someone().phone }, { address });
    expect(outcome(last)).toBe('too_many_requests');
    expect(idOf(await world.post('/registrations', { phone }, key))).toBe(idOf(first));
  });

  it('starts another registration for another phone, under another key or without a key', async () => {
    const [{ phone }, other] = [world.someone(), world.someone()];
    const key = keyed();
    const ids = [
      await world.post('/registrations', { phone }, key),
      await world.post('/registrations', { phone: other.phone }, key),
      await world.post('/registrations', { phone }, keyed()),
      await world.post('/registrations', { phone }),
    ].map(idOf);
    expect(new Set(ids).size).toBe(4);
  });

  it('is refused with a hint when its key could be guessed', async () => {
    const answer = await world.post('/registrations', { phone: world.someone().phone }, keyed('1'));
    expect(outcome(answer)).toBe('invalid_request');
    expect(answer.body.errors[0].path).toBe('Idempotency-Key');
  });

  it('starts one reset, for a known and for an unknown pair', async () => {
    const person = await world.subscriber();
    for (const { username, nationalId } of [person, world.someone()]) {
      const key = keyed();
      const start = () => world.post('/password-resets', { username, nationalId }, key);
      const [first, again] = [await start(), await start()];
      expect(again.body).toEqual(first.body);
    }
  });

  it('gets the ticket of its right code again, and a request with another key does not', async () => {
    const { phone } = world.someone();
    const id = idOf(await world.post('/registrations', { phone }));
    const code = await world.code(phone);
    const key = keyed();
    const verify = (options?: Keyed) => world.post(`/challenges/${id}/verify`, { code }, options);
    const first = await verify(key);
    expect(first.status).toBe(200);
    expect((await verify(key)).body).toEqual(first.body);
    expect(outcome(await verify(keyed()))).toBe('challenge_expired');
    expect(outcome(await verify())).toBe('challenge_expired');
  });

  it('gets five replays of a code, so that an attacker with id and key cannot try codes', async () => {
    const { phone } = world.someone();
    const id = idOf(await world.post('/registrations', { phone }));
    const right = await world.code(phone);
    const key = keyed();
    const verify = (code: string) => world.post(`/challenges/${id}/verify`, { code }, key);
    expect((await verify(right)).status).toBe(200);
    const wrong = () => verify(world.wrongCode(right));
    const guesses = await Promise.all(Array.from({ length: 20 }, wrong));
    expect(new Set(guesses.map(outcome))).toEqual(new Set(['challenge_expired']));
    expect(outcome(await verify(right))).toBe('challenge_expired');
  });

  it('shares those five with requests under other keys, even with the right code', async () => {
    const { phone } = world.someone();
    const id = idOf(await world.post('/registrations', { phone }));
    const code = await world.code(phone);
    const key = keyed();
    const verify = (options: Keyed) => world.post(`/challenges/${id}/verify`, { code }, options);
    expect((await verify(key)).status).toBe(200);
    for (let n = 0; n < 5; n++) expect(outcome(await verify(keyed()))).toBe('challenge_expired');
    expect(outcome(await verify(key))).toBe('challenge_expired');
  });

  it('gets one answer, even when its copies overlap', async () => {
    const person = await world.subscriber();
    const { ticket } = await ticketOfLogin(person);
    const key = keyed();
    const complete = () => world.post('/sessions/complete', { ticket }, key);
    const answers = await Promise.all([complete(), complete(), complete()]);
    // Of two copies at the same instant, one may be told to retry. The test retries it.
    const settled = await Promise.all(
      answers.map((answer) => (answer.status === 503 ? complete() : answer)),
    );
    expect(settled.map(outcome)).toEqual([201, 201, 201]);
    expect(new Set(settled.map(({ body }) => body.tokens.refreshToken)).size).toBe(1);
  });

  it('gets tokens only in the way it first asked for, and none once its session was refreshed', async () => {
    const person = await world.subscriber();
    const { ticket } = await ticketOfLogin(person);
    const key = keyed();
    const first = await world.post('/sessions/complete', { ticket }, key);
    const headers = {
      ...key.headers,
      'x-hawiya-client': 'browser',
      origin: `https://${local.portalHost}`,
    };
    const byCookie = await world.post(
      '/sessions/complete',
      { ticket, tokens: 'cookie' },
      { headers },
    );
    expect(byCookie.status).toBeGreaterThanOrEqual(400);
    await world.post('/sessions/refresh', { refreshToken: first.body.tokens.refreshToken });
    expect(outcome(await world.post('/sessions/complete', { ticket }, key))).toBe('ticket_invalid');
  });

  it('is charged for a password like any other request, so that a key does not bypass the budget', async () => {
    const person = await world.subscriber();
    const key = keyed();
    expect((await world.typePassword(person, key)).status).toBe(202);
    const wrong = { ...person, password: 'not the right one' };
    for (let i = 0; i < 3; i++) await world.typePassword(wrong, key);
    for (const typed of [wrong, person]) {
      expect(outcome(await world.typePassword(typed, key))).toBe('phone-first');
    }
  });

  it('gets the account that it opened again', async () => {
    const person = world.someone();
    const body = world.registration(await world.registrationTicket(person.phone), person);
    const key = keyed();
    const first = await world.post('/registrations/complete', body, key);
    expect(first.status).toBe(201);
    const again = await world.post('/registrations/complete', body, key);
    expect([again.status, again.body]).toEqual([201, first.body]);
    const other = await world.post('/registrations/complete', body, keyed());
    expect(outcome(other)).toBe('ticket_invalid');
    const changed = { ...body, password: `${body.password} anew` };
    expect(outcome(await world.post('/registrations/complete', changed, key))).toBe(
      'ticket_invalid',
    );
  });

  it('opens no second session with its second factor, and remembers no second device', async () => {
    const person = await world.subscriber();
    const { ticket } = await ticketOfLogin(person);
    const key = keyed();
    const complete = () => world.post('/sessions/complete', { ticket, ownDevice: true }, key);
    const [first, again] = [await complete(), await complete()];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.device).toEqual(first.body.device);
    expect(again.body.tokens.refreshToken).toBe(first.body.tokens.refreshToken);
    const token = again.body.tokens.accessToken;
    expect((await world.get('/account', { token })).status).toBe(200);
    expect((await world.get('/account/sessions', { token })).body.sessions).toHaveLength(1);
    const stolen = await world.post('/sessions/complete', { ticket, ownDevice: true });
    expect(outcome(stolen)).toBe('ticket_invalid');

    await world.post('/sessions/revoke', { refreshToken: first.body.tokens.refreshToken });
    expect(outcome(await complete())).toBe('ticket_invalid');
  });

  it('gets its login challenge again for its password, and never tokens, even after completion', async () => {
    const person = await world.subscriber();
    const key = keyed();
    const { started, ticket } = await ticketOfLogin(person, key);
    const again = await world.typePassword(person, key);
    expect([again.status, idOf(again)]).toEqual([202, idOf(started)]);
    expect((await world.post('/sessions/complete', { ticket })).status).toBe(201);
    const after = await world.typePassword(person, key);
    expect(after.status).toBe(202);
    expect(after.body.tokens).toBeUndefined();
  });

  it('opens one session on a remembered device', async () => {
    const person = await world.subscriber();
    const { ticket } = await ticketOfLogin(person);
    const body = { ticket, ownDevice: true };
    const { device } = (await world.post('/sessions/complete', body)).body;
    const key = keyed();
    const logIn = () => world.typePassword(person, { ...key, device: device.secret });
    const [first, again] = [await logIn(), await logIn()];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.tokens.refreshToken).toBe(first.body.tokens.refreshToken);
    const token = again.body.tokens.accessToken;
    expect((await world.get('/account/sessions', { token })).body.sessions).toHaveLength(2);

    const { refreshToken } = first.body.tokens;
    await world.post('/sessions/revoke', { refreshToken });
    const anew = await logIn();
    expect(anew.status).toBe(201);
    expect(anew.body.tokens.refreshToken).not.toBe(refreshToken);
  });

  it('is told again that the password is reset, and notifies the owner once', async () => {
    const person = await world.subscriber();
    const ticket = await world.resetTicket(person);
    const newPassword = 'an entirely new passphrase';
    const body = { ticket, newPassword, confirmPassword: newPassword };
    const key = keyed();
    const complete = (options: Keyed) => world.post('/password-resets/complete', body, options);
    expect((await complete(key)).status).toBe(204);
    const texts = await textsOf(person.phone);
    expect((await complete(key)).status).toBe(204);
    expect(outcome(await complete(keyed()))).toBe('ticket_invalid');
    expect(await textsOf(person.phone)).toBe(texts);
  });

  it('sends one code to a new phone, and one to close the account', async () => {
    const owner = await owners(world).owner();
    const { phone } = world.someone();
    const calls = [
      ['phone', { phone, currentPassword: owner.password }],
      ['close', { currentPassword: owner.password }],
    ] as const;
    for (const [path, body] of calls) {
      const options = { ...keyed(), token: owner.token };
      const call = () => world.post(`/account/${path}`, body, options);
      const [first, again] = [await call(), await call()];
      expect([first.status, again.body]).toEqual([202, first.body]);
    }
    expect(await textsOf(phone)).toBe(1);
  });
});

async function ticketOfLogin(person: Person, options?: Keyed) {
  const started = await world.typePassword(person, options);
  return { started, ticket: await world.loginTicket(started, person) };
}
