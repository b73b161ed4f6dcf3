import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nationalId, phone } from '../support/fakes/builders.ts';
import { openTable } from '../support/world/table-scan.ts';
import { type Answer, openWorld, outcome, username, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const times = <T>(count: number, run: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));

const tally = (values: (string | number)[]) =>
  Object.fromEntries(
    [...new Set(values)].sort().map((v) => [v, values.filter((w) => w === v).length]),
  );

async function started() {
  const number = phone();
  const { id } = (await world.post('/registrations', { phone: number })).body.challenge;
  return { number, id, code: await world.code(number) };
}

describe('a burst of guesses', () => {
  it('fifty parallel right codes mint exactly one usable ticket', async () => {
    const { id, code, number } = await started();
    const answers = await times(50, () => world.post(`/challenges/${id}/verify`, { code }));
    expect(tally(answers.map(outcome))).toEqual({ 200: 1, challenge_expired: 49 });

    const ticket = answers.find(({ status }) => status === 200)?.body.ticket;
    const people = Array.from({ length: 5 }, () => ({ ...world.someone(), phone: number }));
    const uses = await Promise.all(
      people.map((p) => world.post('/registrations/complete', world.registration(ticket, p))),
    );
    expect(uses.filter(({ status }) => status === 201)).toHaveLength(1);
    const logins = await Promise.all(people.map((person) => world.logIn(person)));
    expect(logins.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  it('a concurrent burst of two hundred wrong codes gets at most five answers', async () => {
    const { id, code } = await started();
    const typed = world.wrongCode(code);
    const answers = await times(200, () => world.post(`/challenges/${id}/verify`, { code: typed }));
    const counts = tally(answers.map(outcome));
    expect(counts).toEqual({ code_incorrect: 5, challenge_locked: 195 });
    expect(outcome(await world.post(`/challenges/${id}/verify`, { code }))).toBe(
      'challenge_locked',
    );
  });

  it('a right code within a burst gives at most one ticket and no further attempts', async () => {
    const { id, code } = await started();
    const answers = await times(60, (i) =>
      world.post(`/challenges/${id}/verify`, { code: i % 2 ? code : world.wrongCode(code) }),
    );
    const { code_incorrect = 0, 200: right = 0 } = tally(answers.map(outcome));
    expect(right).toBeLessThanOrEqual(1);
    expect(code_incorrect).toBeLessThanOrEqual(5);
  });

  it('failures outlive the challenge: a new code never resets the count', async () => {
    const number = phone();
    const table = openTable(world);
    for (let n = 1; n <= 4; n++) {
      const { id } = (await world.post('/registrations', { phone: number })).body.challenge;
      const typed = world.wrongCode(await world.code(number, n));
      await times(5, () => world.post(`/challenges/${id}/verify`, { code: typed }));
      // Clear only the hour's sends. The failures are another counter of the same item.
      await table.clear('ledger#phone-registration', /^sends/);
    }
    const refused = await world.post('/registrations', { phone: number });
    expect(outcome(refused)).toBe('too_many_requests');
    const leftToday = 86_400 - (Math.floor(world.clock.now() / 1000) % 86_400);
    expect(Math.abs(refused.body.retryAfter - leftToday)).toBeLessThan(30);
  });
});

describe('a burst of sends', () => {
  it('a concurrent burst of registrations sends a phone its hour’s three SMS and no more', async () => {
    const number = phone();
    const answers = await times(20, () => world.post('/registrations', { phone: number }));
    expect(tally(answers.map(outcome))).toEqual({ 202: 3, too_many_requests: 17 });
    await world.sms(number, 3);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(3600);
    expect(world.inbox.messages(number)).toHaveLength(3);
  });

  it('a concurrent burst of sends of one challenge sends once', async () => {
    const person = await world.subscriber();
    const pair = { username: person.username, nationalId: person.nationalId };
    const { id } = (await world.post('/password-resets', pair)).body.challenge;
    const answers = await times(20, () => world.post(`/challenges/${id}/send`, {}));
    expect(tally(answers.map(outcome))).toEqual({ 202: 1, too_many_requests: 19 });
    await world.sms(person.phone, 2);
    expect(world.inbox.messages(person.phone)).toHaveLength(2);
  });

  it('one address starts at most sixty resets a minute and three hundred an hour, and twenty-five unverified registrations a day', async () => {
    const address = '192.0.2.7';
    const register = () => world.post('/registrations', { phone: phone() }, { address });
    const pair = { username: 'nobody.like.this', nationalId: '1000000008' };
    const reset = () => world.post('/password-resets', pair, { address });
    const minutes: Answer[][] = [];
    const hour = 3_600_000;
    const top = Math.ceil(world.clock.now() / hour) * hour;
    for (let minute = 0; minute < 6; minute++) {
      world.clock.set(top + minute * 60_000);
      const answers: Answer[] = [];
      // Bursts of 31 requests: the emulated table is slow, and a call has a time limit.
      for (let burst = 0; burst < 2; burst++) answers.push(...(await times(31, reset)));
      minutes.push(answers);
    }
    const counts = minutes.map((answers) => tally(answers.map(outcome)));
    const full = { 202: 60, too_many_requests: 2 };
    expect(counts).toEqual([...Array(5).fill(full), { too_many_requests: 62 }]);
    const waits = minutes.map(
      (answers) => answers.find(({ status }) => status === 429)?.body.retryAfter,
    );
    expect(waits.slice(0, 4).every((seconds) => seconds <= 60)).toBe(true);
    // In the fifth minute the hour is full too.
    expect(Math.min(...waits.slice(4))).toBeGreaterThan(3200);

    const registrations = await times(31, register);
    expect(tally(registrations.map(outcome))).toEqual({ 202: 25, too_many_requests: 6 });
    const refused = registrations.find(({ status }) => status === 429);
    // The clock goes on during the burst.
    const late = refused?.body.retryAfter - secondsToMidnight();
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(30);
  });
});

/** Until the end of the UTC day. */
const secondsToMidnight = () => 86_400 - (Math.floor(world.clock.now() / 1000) % 86_400);

describe('a race for a name', () => {
  const shared: [string, () => object][] = [
    ['username', () => ({ username: username() })],
    ['national ID', () => ({ nationalId: nationalId() })],
  ];
  it.each(shared)('two registrations for one %s make one account', async (_name, make) => {
    const common = make();
    const people = Array.from({ length: 2 }, () => ({ ...world.someone(), ...common }));
    const tickets = await Promise.all(people.map((p) => world.registrationTicket(p.phone)));
    const answers = await Promise.all(
      people.map((person, i) =>
        world.post('/registrations/complete', world.registration(tickets[i] ?? '', person)),
      ),
    );
    const codes = answers.map(outcome);
    expect(codes.filter((code) => code === 201)).toHaveLength(1);
    expect(codes.find((code) => code !== 201)).toMatch(/username_taken|identity_registered/);
    const winner = people[codes.indexOf(201)];
    expect((await world.logIn(winner ?? world.someone())).status).toBe(201);
  });
});
