import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
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
  world = await openWorld({ config: local });
});
afterAll(() => world.close());

const day = 86_400;

/** Logs in up to the ticket, with the code of the n-th login. */
const ticketOf = async (person: Person, n = 1) =>
  world.loginTicket(await world.typePassword(person), person, n);

const complete = (ticket: string, ownDevice?: boolean) =>
  world.post('/sessions/complete', { ticket, ownDevice });

/** A subscriber with a remembered device. */
async function withDevice(): Promise<Person & { device: string }> {
  const person = await world.subscriber();
  const answer = await complete(await ticketOf(person), true);
  return { ...person, device: answer.body.device.secret };
}

const devices = async () =>
  (await openTable(world).scan()).filter(({ pk }) => pk?.S?.startsWith('device#')).length;

const opens = async ({ body }: Answer) =>
  (await world.get('/account', { token: body.tokens.accessToken })).status === 200;

describe('a login on an unknown device', () => {
  it('gets a challenge and no token for the right password', async () => {
    const person = await world.subscriber();
    const answer = await world.typePassword(person);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      challenge: expect.objectContaining({
        purpose: 'login',
        method: 'sms',
        methods: ['sms'],
        sent: true,
        destination: `•••• ${person.phone.slice(-3)}`,
      }),
      passwordDue: false,
    });
    expect(await world.sms(person.phone, 2)).toMatch(/log in: \d{6}/);
  });

  it('gives tokens for the right code, once', async () => {
    const person = await world.subscriber();
    const ticket = await ticketOf(person);
    const done = await complete(ticket);
    expect(done.status).toBe(201);
    expect(Object.keys(done.body)).toEqual(['tokens', 'recognition']);
    expect(await opens(done)).toBe(true);
    const { refreshToken } = done.body.tokens;
    expect((await world.post('/sessions/refresh', { refreshToken })).status).toBe(201);
    expect(outcome(await complete(ticket))).toBe('ticket_invalid');
  });

  it('gives no ticket for a wrong code, and the right code still verifies', async () => {
    const person = await world.subscriber();
    const { id } = (await world.typePassword(person)).body.challenge;
    const code = await world.code(person.phone, 2);
    const wrong = await world.post(`/challenges/${id}/verify`, { code: world.wrongCode(code) });
    expect(wrong.body).toMatchObject({ code: 'code_incorrect', attemptsLeft: 4 });
    expect((await world.post(`/challenges/${id}/verify`, { code })).status).toBe(200);
  });

  it('opens one session when ten requests complete it in parallel', async () => {
    const person = await world.subscriber();
    const ticket = await ticketOf(person);
    const answers = await Promise.all(Array.from({ length: 10 }, () => complete(ticket)));
    const won = answers.filter(({ status }) => status === 201);
    expect(won).toHaveLength(1);
    for (const answer of answers) {
      expect([201, 'ticket_invalid', 'unavailable']).toContain(outcome(answer));
    }
    expect(await opens(won[0] as Answer)).toBe(true);
  });

  it('accepts no ticket of another purpose, and its own ticket works for no other purpose', async () => {
    const person = await world.subscriber();
    const [login, reset] = [await ticketOf(person), await world.resetTicket(person, 3)];
    const registration = await world.registrationTicket(world.someone().phone);
    for (const ticket of [reset, registration]) {
      expect(outcome(await complete(ticket))).toBe('ticket_invalid');
    }
    const newPassword = 'سماء صافية فوق البحر';
    const body = { ticket: login, newPassword, confirmPassword: newPassword };
    expect(outcome(await world.post('/password-resets/complete', body))).toBe('ticket_invalid');
    const stranger = world.registration(login, world.someone());
    expect(outcome(await world.post('/registrations/complete', stranger))).toBe('ticket_invalid');
    expect((await complete(login)).status).toBe(201);
  });

  it('cannot be completed once the password was reset', async () => {
    const person = await world.subscriber();
    const ticket = await ticketOf(person);
    const reset = await world.resetTicket(person, 3);
    const newPassword = 'سماء صافية فوق البحر';
    const body = { ticket: reset, newPassword, confirmPassword: newPassword };
    expect((await world.post('/password-resets/complete', body)).status).toBe(204);
    expect(outcome(await complete(ticket))).toBe('ticket_invalid');
  });

  it('works after a reset, even when the tries of the hour were used up before', async () => {
    const person = await world.subscriber();
    for (let n = 0; n < 3; n++) await world.typePassword({ ...person, password: 'wrong one here' });
    expect(outcome(await world.typePassword(person))).toBe('phone-first');
    const ticket = await world.resetTicket(person, 2);
    const newPassword = 'سماء صافية فوق البحر';
    const body = { ticket, newPassword, confirmPassword: newPassword };
    await world.post('/password-resets/complete', body);
    const again = await world.typePassword({ ...person, password: newPassword });
    expect(outcome(again)).toBe(202);
  });
});

describe('a remembered device', () => {
  it('skips the second factor for thirty days', async () => {
    const person = await world.subscriber();
    const { body } = await complete(await ticketOf(person), true);
    const { secret: device, expiresAt } = body.device;
    expect(device).toMatch(/^[\w-]{82}$/);
    const lives = (Date.parse(expiresAt) - world.clock.now()) / 1000;
    expect(lives).toBeGreaterThan(30 * day - 60);
    expect(lives).toBeLessThanOrEqual(30 * day);

    const answer = await world.typePassword(person, { device });
    expect(answer.status).toBe(201);
    expect(await opens(answer)).toBe(true);
    expect(Object.keys(answer.body)).toEqual(['tokens', 'recognition']);
    const mistyped = await world.typePassword({ ...person, password: 'wrong one' }, { device });
    expect(outcome(mistyped)).toBe('credentials_incorrect');
    expect(world.inbox.messages(person.phone)).toHaveLength(2);
  });

  it('counts as an unknown device on another account', async () => {
    const [owner, victim] = [await withDevice(), await world.subscriber()];
    const answer = await world.typePassword(victim, { device: owner.device });
    expect(answer.status).toBe(202);
  });

  it('counts as an unknown device after a reset of the password', async () => {
    const person = await withDevice();
    await sleep(1100);
    const ticket = await world.resetTicket(person, 3);
    const newPassword = 'سماء صافية فوق البحر';
    const body = { ticket, newPassword, confirmPassword: newPassword };
    expect((await world.post('/password-resets/complete', body)).status).toBe(204);
    const changed = { ...person, password: newPassword };
    expect((await world.typePassword(changed, { device: person.device })).status).toBe(202);
  });

  it('needs the second factor again once its owner has ended its session', async () => {
    const person = await withDevice();
    const token = (await world.logIn(person)).body.tokens.accessToken;
    const sessions = async () => (await world.get('/account/sessions', { token })).body.sessions;
    expect((await world.typePassword(person, person)).status).toBe(201);
    const [one] = (await sessions()).filter((other: { current: boolean }) => !other.current);
    expect((await world.del(`/account/sessions/${one.id}`, { token })).status).toBe(204);
    expect((await world.typePassword(person, person)).status).toBe(202);
  });

  it('stays remembered after a log-out', async () => {
    const person = await world.subscriber();
    const { tokens, device } = (await complete(await ticketOf(person), true)).body;
    await world.post('/sessions/revoke', { refreshToken: tokens.refreshToken });
    const again = await world.typePassword(person, { device: device.secret });
    expect(again.status).toBe(201);
  });

  it('is forgotten when another device ends all other sessions, and that device stays remembered', async () => {
    const person = await world.subscriber();
    const lost = (await complete(await ticketOf(person), true)).body.device.secret;
    const mine = (await complete(await ticketOf(person, 2), true)).body;
    // This device logged out, so no session leads to it.
    const gone = (await complete(await ticketOf(person, 3), true)).body;
    await world.post('/sessions/revoke', { refreshToken: gone.tokens.refreshToken });
    const token = mine.tokens.accessToken;
    expect((await world.del('/account/sessions', { token })).status).toBe(204);
    // A phone gets three codes an hour.
    world.clock.advance(3600);
    const kept = await world.typePassword(person, { device: mine.device.secret });
    expect(kept.status).toBe(201);
    for (const device of [lost, gone.device.secret])
      expect((await world.typePassword(person, { device })).status).toBe(202);
  });

  it('is stored only when the person asks for it', async () => {
    const person = await world.subscriber();
    const before = await devices();
    await complete(await ticketOf(person), false);
    expect(await devices()).toBe(before);
    expect((await world.typePassword(person)).status).toBe(202);
  });

  it('is recognised by its own secret alone: any other text counts as no device', async () => {
    const person = await world.subscriber();
    for (const device of ['', 'nonsense', 'A'.repeat(82)]) {
      expect((await world.typePassword(person, { device })).status).toBe(202);
    }
  });
});

describe('the notice of a login', () => {
  it('goes to the owner when the device is new and the account is not', async () => {
    const person = await world.subscriber();
    await complete(await ticketOf(person));
    await sleep(700);
    // One code to register and one to log in, and no notice: the owner has just opened the account.
    expect(world.inbox.messages(person.phone)).toHaveLength(2);

    world.clock.advance(3700);
    const later = await complete(await ticketOf(person, 2), true);
    expect(await world.sms(person.phone, 4)).not.toMatch(/\d{6}/);
    const { secret: device } = later.body.device;
    expect((await world.typePassword(person, { device })).status).toBe(201);
    await sleep(700);
    expect(world.inbox.messages(person.phone)).toHaveLength(4);
  });

  it('is not due while the device is remembered, which is for exactly thirty days', async () => {
    const person = await withDevice();
    const { device } = person;
    world.clock.advance(30 * day - 120);
    expect((await world.typePassword(person, { device })).status).toBe(201);
    world.clock.advance(180);
    expect((await world.typePassword(person, { device })).status).toBe(202);
  });
});
