import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readChallengeId } from '#core/challenge/id.ts';
import { typeOf } from '../../lambdas/adapters/dynamodb/event-record.ts';
import { type Crashing, crashingIn, crashPoints } from '../support/world/crash-points.ts';
import { openTable } from '../support/world/table-scan.ts';
import { openWorld, outcome, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
afterEach(() => {
  world.cloud.hooks.onCall = undefined;
  world.cloud.hooks.onAnswer = undefined;
});

/** A loaded machine needs long at times. Milliseconds. */
const patience = { timeout: 120_000 };

const dyingAt: Crashing = (...death) => crashingIn(world, ...death);

describe('a registration whose function dies', () => {
  it.each(crashPoints(5))(
    'ends in exactly one working account when retried with its ticket, after a crash at call %i (%s)',
    async (n, moment) => {
      const person = world.someone();
      const ticket = await world.registrationTicket(person.phone);
      const complete = () =>
        world.post('/registrations/complete', world.registration(ticket, person));

      const died = await dyingAt('registration', n, moment, complete);
      expect(outcome(died)).toBe('unavailable');
      const again = await complete();

      // After the last call the account is complete and only the answer is lost: the ticket is spent.
      const wasDone = n === 5 && moment === 'onAnswer';
      expect(outcome(again)).toBe(wasDone ? 'ticket_invalid' : 201);
      const login = await world.logIn(person);
      expect(login.status).toBe(201);
      const token = login.body.tokens.accessToken;
      expect((await world.get('/account', { token })).status).toBe(200);
      expect(outcome(await complete())).toBe('ticket_invalid');
      const { username, nationalId } = person;
      const twin = { ...world.someone(), username };
      const twinTicket = await world.registrationTicket(twin.phone);
      const refused = world.registration(twinTicket, twin);
      expect(outcome(await world.post('/registrations/complete', refused))).toBe('username_taken');
      const double = world.registration(twinTicket, { ...world.someone(), nationalId });
      expect(outcome(await world.post('/registrations/complete', double))).toBe(
        'identity_registered',
      );
    },
  );

  it('gives no account and no login until it is resumed', async () => {
    const person = world.someone();
    const ticket = await world.registrationTicket(person.phone);
    const complete = (change = {}) =>
      world.post('/registrations/complete', { ...world.registration(ticket, person), ...change });
    // The user exists and has a password; the account is not active.
    await dyingAt('registration', 5, 'onCall', complete);
    expect(outcome(await world.logIn(person))).toBe('credentials_incorrect');
    const reset = { username: person.username, nationalId: person.nationalId };
    const { id } = (await world.post('/password-resets', reset)).body.challenge;
    await world.post(`/challenges/${id}/send`, {});

    // A different request waits for the lease. The same request continues at once.
    const other = await complete({ password: 'a different passphrase' });
    expect(outcome(other)).toBe('unavailable');
    expect(other.body.retryAfter).toBeGreaterThan(1);
    expect((await complete()).status).toBe(201);
    expect((await world.logIn(person)).status).toBe(201);
    expect(world.inbox.messages(person.phone)).toHaveLength(1);
  });
});

describe('an extension whose function dies', () => {
  it.each(crashPoints(1))(
    'leaves the ticket good, to be extended again, after a crash at call %i (%s)',
    async (n, moment) => {
      const newcomer = world.someone();
      const ticket = await world.registrationTicket(newcomer.phone);
      const extend = () => world.post('/tickets/extend', { ticket });
      expect(outcome(await dyingAt('verification', n, moment, extend))).toBe('unavailable');
      const again = await extend();
      expect(again.status).toBe(200);
      const body = world.registration(again.body.ticket, newcomer);
      expect((await world.post('/registrations/complete', body)).status).toBe(201);
    },
  );
});

describe('a reset whose function dies', () => {
  /** The numbers of reset events and reset notices written so far. */
  async function tellings(): Promise<number[]> {
    const items = await openTable(world).scan();
    return [
      items.filter((item) => typeOf(item) === 'password.reset').length,
      items.filter(({ kind }) => kind?.S === 'password-changed').length,
    ];
  }

  it.each(crashPoints(6))(
    'leaves no old session beside a new password, and completes when retried, after a crash at call %i (%s)',
    async (n, moment) => {
      const person = await world.subscriber();
      const { refreshToken } = (await world.logIn(person)).body.tokens;
      const ticket = await world.resetTicket(person);
      const newPassword = 'a brand new passphrase';
      const body = { ticket, newPassword, confirmPassword: newPassword };
      const complete = () => world.post('/password-resets/complete', body);
      const told = world.inbox.messages(person.phone).length;
      const before = await tellings();
      // Past the second in which the session was opened: instants are whole seconds.
      world.clock.set(world.clock.now() + 2000);

      const died = await dyingAt('password-reset', n, moment, complete);
      expect(outcome(died)).toBe('unavailable');
      const wasWritten = n > 3 || (n === 3 && moment === 'onAnswer');
      if (wasWritten) {
        const refreshed = await world.post('/sessions/refresh', { refreshToken });
        expect(outcome(refreshed)).toBe('unauthenticated');
        expect(await world.sms(person.phone, told + 1)).toMatch(/937/);
      }
      const again = await complete();

      const wasDone = n === 6 && moment === 'onAnswer';
      expect(outcome(again)).toBe(wasDone ? 'ticket_invalid' : 204);
      expect(await tellings()).toEqual(before.map((count) => count + 1));
      expect(outcome(await world.logIn(person))).toBe('credentials_incorrect');
      expect((await world.logIn({ ...person, password: newPassword })).status).toBe(201);
      expect(outcome(await world.post('/sessions/refresh', { refreshToken }))).toBe(
        'unauthenticated',
      );
      expect(outcome(await complete())).toBe('ticket_invalid');
    },
  );
});

describe('an SMS whose sender dies', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])(
    'still arrives with the same code after a crash at call %i',
    async (n) => {
      const person = world.someone();
      let calls = 0;
      world.cloud.hooks.onCall = async ({ functionName, operation }) => {
        if (functionName !== 'sms-sender' || operation === 'GetSecretValue') return;
        calls += 1;
        if (calls === n) await world.cloud.kill('sms-sender');
      };
      await world.post('/registrations', { phone: person.phone });
      const code = await world.code(person.phone);
      expect(code).toMatch(/^\d{6}$/);
      for (const { body } of world.inbox.messages(person.phone)) expect(body).toContain(code);
    },
  );
});

describe('a verified code whose sender dies', () => {
  // The challenge is read, the code is counted, and what follows belongs to address and purse.
  it.each(crashPoints(3))(
    'counts for its phone exactly once, after a crash at call %i (%s)',
    async (n, moment) => {
      const table = openTable(world);
      const { phone } = world.someone();
      const [abandoned, { body }] = [
        await world.post('/registrations', { phone }),
        await world.post('/registrations', { phone }),
      ];
      const { id } = body.challenge;
      const attributesOf = async (challengeId: string) =>
        (await table.itemsOf(`challenge#${readChallengeId(challengeId)?.hash}`))[0] ?? {};
      // The sender is done with both sends, so that each further call of it is about the verification.
      for (const sent of [abandoned.body.challenge.id, id]) {
        await expect.poll(() => attributesOf(sent), patience).not.toHaveProperty('outbox');
      }
      const ledger = `ledger#verified-sms#${(await attributesOf(id))['phoneTag']?.S}`;
      const counted = async () => (await table.itemsOf(ledger))[0]?.['sends']?.N;
      expect(await counted()).toBeUndefined();

      let calls = 0;
      world.cloud.hooks[moment] = async ({ functionName, operation }) => {
        if (functionName !== 'sms-sender' || operation === 'GetSecretValue') return;
        calls += 1;
        if (calls === n) await world.cloud.kill('sms-sender');
      };
      // The SMS may have arrived in any order.
      const statuses = [];
      for (const text of world.inbox.messages(phone)) {
        const code = /#(\d{6})$/.exec(text.body)?.[1];
        statuses.push((await world.post(`/challenges/${id}/verify`, { code })).status);
      }
      expect(statuses).toContain(200);
      // The stream has delivered the record again.
      await expect.poll(() => calls, patience).toBeGreaterThan(n);
      await expect.poll(counted, patience).toBe('1');
      expect(await attributesOf(id)).toHaveProperty('earned');
    },
  );
});
