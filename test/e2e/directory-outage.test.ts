import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClient, isProblem } from '../../client/src/index.ts';
import { local } from '../../lib/config/stages/local.ts';
import { AwsRefusal } from '../../local/aws/aws-endpoint.ts';
import { type Answer, openWorld, outcome, type World } from '../support/world/world.ts';

/** The shipped limits. Only the grace is longer: a slow machine takes more than ten seconds for a burst. */
const config = { ...local, sessions: { ...local.sessions, rotationGraceSeconds: 60 } };
const { loginsPerAccountAndHour: perHour } = local.limits;

let world: World;
beforeAll(async () => {
  world = await openWorld({ config });
});
afterAll(() => world.close());
afterEach(() => {
  delete world.cloud.hooks.onCall;
});

/** The calls of the directory, by operation. */
type Calls = Record<string, number>;

/** Counts the calls of the directory from now on, and has it throttle them until `end`. */
function throttle() {
  const calls: Calls = {};
  const startedAt = world.clock.now();
  let over = false;
  world.cloud.hooks.onCall = ({ service, operation }) => {
    if (service !== 'cognito-idp') return;
    calls[operation] = (calls[operation] ?? 0) + 1;
    if (!over) throw new AwsRefusal('TooManyRequestsException', 400);
  };
  return {
    calls,
    end: () => {
      over = true;
    },
    /** One function asks three times until its circuit opens, and then once in five seconds. */
    mostTrials: () => 3 + Math.ceil((world.clock.now() - startedAt) / 5000),
  };
}

const hour = 3600;
/** Moves the clock to five seconds after the start of an hour, whose budgets are untouched. */
function toFreshHour(): void {
  const now = world.clock.now() / 1000;
  world.clock.set((Math.floor(now / hour) * hour + hour + 5) * 1000);
}

const retryAfter = (answer: Answer) => Number(answer.headers.get('retry-after'));

describe('a minute in which the directory throttles', () => {
  it('costs nobody a try who clicks through it, and asks the directory a bounded number of times', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => world.subscriber()));
    const subscriber = await world.subscriber();
    toFreshHour();
    const { accessToken: token, refreshToken } = (await world.logIn(subscriber)).body.tokens;

    const { calls, end, mostTrials } = throttle();
    const clicks = { logins: 0, confirmations: 0, refreshes: 0 };
    const waits = new Set<number>();
    for (let second = 0; second < 60; second++) {
      const confirm = { currentPassword: 'not the right one' };
      const answers = [
        ...people.map((person) =>
          world.typePassword({ username: person.username, password: `wrong ${second}` }),
        ),
        world.typePassword({ username: 'nobody.like.this', password: `wrong ${second}` }),
        world.post('/account/recovery-codes', confirm, { token }),
        world.post('/sessions/refresh', { refreshToken }),
      ];
      for (const answer of await Promise.all(answers)) {
        expect(outcome(answer)).toBe('unavailable');
        waits.add(retryAfter(answer));
      }
      clicks.logins += people.length + 1;
      clicks.confirmations += 1;
      clicks.refreshes += 1;
      world.clock.advance(1);
    }
    console.info(
      `In a minute of throttling: ${JSON.stringify(clicks)} clicks, ${JSON.stringify(calls)} calls of the directory, Retry-After ${[...waits].sort().join(', ')} s`,
    );
    // Two functions check passwords. The calls of the first second are in flight together.
    const together = people.length;
    expect(calls['AdminInitiateAuth']).toBeLessThanOrEqual(2 * mostTrials() + together);
    // Two attempts of the SDK each, because a refresh may be repeated.
    expect(calls['GetTokensFromRefreshToken']).toBeLessThanOrEqual(2 * mostTrials());

    end();
    world.clock.advance(5);
    expect((await world.post('/sessions/refresh', { refreshToken })).status).toBe(201);
    const names = [...people.map(({ username }) => username), 'nobody.like.this'];
    for (const username of names) {
      for (let n = 0; n < perHour; n++) {
        const tried = await world.typePassword({ username, password: `after ${n}` });
        expect(outcome(tried)).toBe('credentials_incorrect');
      }
      const beyond = await world.typePassword({ username, password: 'one too many' });
      expect(outcome(beyond)).toBe('phone-first');
    }
    for (let n = 0; n < 10; n++) {
      const tried = await world.post(
        '/account/recovery-codes',
        { currentPassword: 'not the right one' },
        { token },
      );
      expect(outcome(tried)).toBe('credentials_incorrect');
    }
  });

  it('lets a registration and a reset complete afterwards, with the same ticket', async () => {
    const person = await world.subscriber();
    const newcomer = world.someone();
    const ticket = await world.registrationTicket(newcomer.phone);
    const reset = await world.resetTicket(person);
    const newPassword = 'another fine passphrase';
    const complete = [
      () => world.post('/registrations/complete', world.registration(ticket, newcomer)),
      () =>
        world.post('/password-resets/complete', {
          ticket: reset,
          newPassword,
          confirmPassword: newPassword,
        }),
    ];
    const { calls, end, mostTrials } = throttle();
    for (let second = 0; second < 60; second += 2) {
      for (const step of complete) expect(outcome(await step())).toBe('unavailable');
      world.clock.advance(2);
    }
    console.info(`Thirty clicks each: ${JSON.stringify(calls)} calls of the directory`);
    for (const count of Object.values(calls)) expect(count).toBeLessThanOrEqual(2 * mostTrials());
    end();
    world.clock.advance(5);
    const [registered, changed] = [await complete[0]?.(), await complete[1]?.()];
    expect([registered?.status, changed?.status]).toEqual([201, 204]);
    const login = await world.typePassword({ ...person, password: newPassword });
    expect(login.status).toBe(202);
  });
});

it('one click asks the directory once a request, and the client waits as it is told', async () => {
  const person = await world.subscriber();
  toFreshHour();
  world.clock.advance(60);
  let requests = 0;
  const waits: number[] = [];
  const client = createClient({
    baseUrl: `${world.serving.url}/v1`,
    language: 'en',
    fetch: (...args) => {
      requests += 1;
      return fetch(...args);
    },
    runtime: {
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
        world.clock.advance(milliseconds / 1000);
      },
    },
  });
  for (const failure of [
    new AwsRefusal('TooManyRequestsException', 400),
    new AwsRefusal('InternalErrorException', 500),
  ]) {
    let calls = 0;
    world.cloud.hooks.onCall = ({ operation }) => {
      if (operation !== 'AdminInitiateAuth') return;
      calls += 1;
      throw failure;
    };
    requests = 0;
    const { username, password } = person;
    const failed = await client.logIn({ username, password }).catch((error: unknown) => error);
    expect(isProblem(failed, 'unavailable')).toBe(true);
    console.info(`${failure.name}: ${requests} requests of the client, ${calls} directory calls`);
    expect(requests).toBe(3);
    expect(calls).toBeLessThanOrEqual(requests);
    delete world.cloud.hooks.onCall;
    world.clock.advance(10);
  }
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(2000);
  expect((await world.typePassword(person)).status).toBe(202);
});

it('a burst of refreshes reaches the directory thirty times at most, and the session lives on', async () => {
  const login = await world.logIn(await world.subscriber());
  const minute = 60_000;
  world.clock.set((Math.floor(world.clock.now() / minute) + 1) * minute);
  let calls = 0;
  world.cloud.hooks.onCall = ({ operation }) => {
    if (operation === 'GetTokensFromRefreshToken') calls += 1;
  };
  const { refreshToken } = login.body.tokens;
  const burst = 100;
  const answers = await Promise.all(
    Array.from({ length: burst }, () => world.post('/sessions/refresh', { refreshToken })),
  );
  const of = (kind: string | number) => answers.filter((answer) => outcome(answer) === kind);
  console.info(`${burst} refreshes: ${of(201).length} answered, ${calls} calls of the directory`);
  expect(of(201).length).toBeGreaterThan(0);
  expect(of(201).length).toBeLessThanOrEqual(local.sessions.refreshesPerMinute);
  // The SDK repeats a call that a busy machine answers too late.
  expect(calls).toBeLessThan(2 * local.sessions.refreshesPerMinute);
  const refused = of('too_many_requests');
  expect(refused.length).toBeGreaterThan(0);
  for (const answer of refused) expect(retryAfter(answer)).toBeLessThanOrEqual(60);
  expect(of('unauthenticated')).toEqual([]);
  const newest = of(201)[0]?.body.tokens.refreshToken;
  world.clock.advance(60);
  const again = await world.post('/sessions/refresh', { refreshToken: newest });
  expect(again.status).toBe(201);
});
