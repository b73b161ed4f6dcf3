import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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
afterEach(() => {
  world.cloud.hooks.onCall = undefined;
});

const hour = 3600;
const { loginsPerAccountAndHour: perHour } = local.limits;

/** Counts the different passwords that the directory is asked about during the run. The SDK may repeat a slow call. */
async function asked(run: () => Promise<unknown>): Promise<number> {
  const passwords = new Set<unknown>();
  world.cloud.hooks.onCall = ({ operation, request }) => {
    if (operation !== 'AdminInitiateAuth') return;
    passwords.add((request as { AuthParameters: { PASSWORD: string } }).AuthParameters.PASSWORD);
  };
  await run();
  world.cloud.hooks.onCall = undefined;
  return passwords.size;
}

let wrongs = 0;
/** A different wrong password each time. */
const wrong = ({ username }: { username: string }) => {
  wrongs += 1;
  return { username, password: `not the right one ${wrongs}` };
};
const flood = (person: { username: string }, count: number) =>
  Promise.all(Array.from({ length: count }, () => world.typePassword(wrong(person))));
const tally = (answers: Answer[], code: string) =>
  answers.filter((answer) => outcome(answer) === code).length;

/** Moves the clock to that many seconds after the start of an hour. */
function moveToHour(seconds: number): void {
  const now = world.clock.now() / 1000;
  world.clock.advance((Math.ceil(now / hour) * hour - now + seconds + hour) % hour || hour);
}

async function remembered(person: Person): Promise<string> {
  const ticket = await world.loginTicket(await world.typePassword(person), person);
  const { body } = await world.post('/sessions/complete', { ticket, ownDevice: true });
  return body.device.secret;
}

/** What an answer shows, without the values that differ between any two answers of one kind. */
function shown({ status, body }: Answer) {
  const { challenge, instance: _, retryAfter, ...rest } = body;
  const { id, sendAgainAt: __, expiresAt: ___, ...facts } = challenge ?? {};
  return { status, ...rest, ...facts, id: id?.length, waits: retryAfter !== undefined };
}

describe('passwords tried on unknown devices', () => {
  it('reach the directory no more often than the budget, over a thousand tries in bursts of fifty', async () => {
    const person = await world.subscriber();
    moveToHour(5);
    const answers: Answer[] = [];
    const calls = await asked(async () => {
      for (let n = 0; n < 20; n++) answers.push(...(await flood(person, 50)));
    });
    expect(calls).toBeLessThanOrEqual(perHour);
    expect(tally(answers, 'credentials_incorrect')).toBeLessThanOrEqual(perHour);
    const others = answers.filter((answer) => outcome(answer) !== 'credentials_incorrect');
    for (const answer of others)
      expect(['phone-first', 'too_many_requests', 'unavailable']).toContain(outcome(answer));
    expect(await asked(() => world.typePassword(person))).toBe(0);
  });

  it('lead to the phone alike for a known and an unknown name, in every answer until its sends are used up', async () => {
    const person = await world.subscriber();
    moveToHour(5);
    const seen: Answer[][] = [];
    for (const username of [person.username, 'nobody.like.hers']) {
      await flood({ username }, perHour);
      const answers: Answer[] = [];
      for (const method of ['sms', 'totp']) {
        const start = await world.typePassword(wrong({ username }));
        const path = `/challenges/${start.body.challenge.id}`;
        answers.push(start, await world.post(`${path}/send`, {}), await world.get(path));
        const guess = { code: '000000', method };
        for (let n = 0; n < 3; n++) answers.push(await world.post(`${path}/verify`, guess));
      }
      seen.push([...answers, await world.typePassword(wrong({ username }))]);
    }
    const [known = [], unknown = []] = seen;
    expect(unknown.map(shown)).toEqual(known.map(shown));
    expect(known[0]?.body.challenge.destination).toBeNull();
    // A code of an app takes a send as well: three of both an hour.
    const bySms = ['code_incorrect', 'code_incorrect', 'challenge_locked'];
    const byApp = ['code_incorrect', 'too_many_requests', 'challenge_locked'];
    expect(known.map(outcome)).toEqual([
      ...['phone-first', 202, 200, ...bySms],
      ...['phone-first', 202, 200, ...byApp],
      'too_many_requests',
    ]);
  });

  it('are refused alike where the phone cannot be proved, for as long as the answer says', async () => {
    const person = await world.subscriber();
    moveToHour(5);
    for (const username of [person.username, 'nobody.like.this']) {
      await flood({ username }, perHour);
      for (let n = 0; n < local.limits.sendsPerPhoneAndHour; n++) {
        const { body } = await world.typePassword(wrong({ username }));
        await world.post(`/challenges/${body.challenge.id}/send`, {});
      }
      const answer = await world.typePassword(wrong({ username }));
      expect(outcome(answer)).toBe('too_many_requests');
      expect(answer.body.retryAfter).toBe(Number(answer.headers.get('retry-after')));
      expect(Math.abs(answer.body.retryAfter - (hour - 6))).toBeLessThan(60);
    }
    world.clock.advance(hour - 5);
    expect((await world.typePassword(person)).status).toBe(202);
  });

  it('are counted before they are checked, so that a burst does not find the right one', async () => {
    const person = await world.subscriber();
    moveToHour(5);
    await flood(person, perHour);
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.typePassword(person)));
    expect(tally(answers, 'phone-first')).toBe(20);
  });

  it('are counted for their address, over all accounts', async () => {
    const { loginsPerAddressAndMinute: perMinute } = local.limits;
    const address = '203.0.113.7';
    const now = world.clock.now() / 1000;
    world.clock.advance(Math.ceil(now / 60) * 60 - now + 1);
    const tries = await Promise.all(
      Array.from({ length: perMinute + 10 }, (_, n) =>
        world.typePassword(wrong({ username: `nobody${n}` }), { address }),
      ),
    );
    expect(tally(tries, 'credentials_incorrect')).toBeLessThanOrEqual(perMinute);
    expect(tally(tries, 'phone-first')).toBeGreaterThanOrEqual(10);
    const elsewhere = await world.typePassword(wrong({ username: 'nobody0' }));
    expect(outcome(elsewhere)).toBe('credentials_incorrect');
  });
});

describe('a stranger’s flood of passwords', () => {
  it('does not lock out a remembered device', async () => {
    const person = await world.subscriber();
    const device = await remembered(person);
    moveToHour(5);
    await flood(person, 50);
    expect(outcome(await world.typePassword(person))).toBe('phone-first');
    expect((await world.typePassword(person, { device })).status).toBe(201);
  });

  it('locks the owner out of the directory for two seconds at most, even across the end of an hour', async () => {
    const person = await world.subscriber();
    const device = await remembered(person);
    moveToHour(hour - 4);
    const first = await asked(() => flood(person, 20));
    world.clock.advance(5);
    // One by one: the directory's lock of the previous try is over each time.
    let second = 0;
    for (let n = 0; n < 5; n++) {
      second += await asked(() => flood(person, 1));
      world.clock.advance(1.1);
    }
    expect(first + second).toBeLessThanOrEqual(2 * perHour);
    expect(second).toBeGreaterThan(0);
    world.clock.advance(2);
    expect((await world.typePassword(person, { device })).status).toBe(201);
  });
});

describe('a remembered device', () => {
  it('has a budget of its own, and no answer beyond it tells whether the password was right', async () => {
    const { loginsPerDeviceAndHour } = local.limits;
    const person = await world.subscriber();
    const device = await remembered(person);
    moveToHour(5);
    const tries = await Promise.all(
      Array.from({ length: loginsPerDeviceAndHour + 10 }, () =>
        world.typePassword(wrong(person), { device }),
      ),
    );
    expect(tally(tries, 'credentials_incorrect')).toBeLessThanOrEqual(loginsPerDeviceAndHour);
    expect(tally(tries, 'too_many_requests')).toBeGreaterThanOrEqual(10);
    const after = await world.typePassword(person, { device });
    expect(outcome(after)).toBe('too_many_requests');
    expect(Math.abs(after.body.retryAfter - (hour - 6))).toBeLessThan(60);
  });

  it('opens no second budget of tries on another person’s account', async () => {
    const [thief, victim] = [await world.subscriber(), await world.subscriber()];
    const device = await remembered(thief);
    moveToHour(5);
    const calls = await asked(() =>
      Promise.all(Array.from({ length: 30 }, () => world.typePassword(wrong(victim), { device }))),
    );
    expect(calls).toBe(perHour);
  });
});

describe('a failed login', () => {
  const shape = ({ status, body: { instance: _, ...body } }: Answer) => ({ status, body });

  it('gets the same answer for a wrong password, an unknown name and a disabled account', async () => {
    const person = await world.subscriber();
    const others = await accounts();
    const disabled = await world.subscriber();
    const [account = ''] = (await accounts()).filter((pk) => !others.includes(pk));
    await openTable(world).setAttribute(account, 'status', 'disabled');
    const answers = [
      await world.typePassword(wrong(person)),
      await world.typePassword(wrong({ username: 'nobody.like.that' })),
      await world.typePassword(disabled),
      await world.typePassword(wrong(disabled)),
    ];
    for (const answer of answers) expect(shape(answer)).toEqual(shape(answers[0] as Answer));
    expect(outcome(answers[0] as Answer)).toBe('credentials_incorrect');
    await sleep(500);
    expect(world.inbox.messages(disabled.phone)).toHaveLength(1);
  });

  const accounts = async () =>
    (await openTable(world).scan()).flatMap(({ pk }) =>
      pk?.S?.startsWith('account#') ? [pk.S] : [],
    );
});
