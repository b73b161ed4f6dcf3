import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, openWorld, outcome, type World } from '../support/world/world.ts';

/*
 * Expiry in the whole system, with the clock moved. "Exactly" means to the second: the clock is set to the last whole
 * second before the instant, so a request has most of a second to arrive.
 */

const second = 1000;
const day = 86_400 * second;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** An instant, as text or as epoch milliseconds, in epoch milliseconds. */
const epochMs = (instant: string | number) =>
  typeof instant === 'number' ? instant : Date.parse(instant);
const lastSecondBefore = (instant: string | number) => world.clock.set(epochMs(instant) - second);
const at = (instant: string | number) => world.clock.set(epochMs(instant));

/** The first instant of the next UTC day. */
const nextDay = () => (Math.floor(world.clock.now() / day) + 1) * day;

/** Makes a refused request on a whole second. @returns the end that its Retry-After names, in epoch milliseconds */
async function retryInstant(refused: () => Promise<Answer>): Promise<number> {
  // Not the next second: it may have passed before the clock is set.
  const wholeSecond = (Math.floor(world.clock.now() / second) + 2) * second;
  at(wholeSecond);
  const answer = await refused();
  expect(outcome(answer)).toBe('too_many_requests');
  return wholeSecond + Number(answer.headers.get('retry-after')) * second;
}

const register = (phone: string) => world.post('/registrations', { phone });

async function started() {
  const { phone } = world.someone();
  const { challenge } = (await register(phone)).body;
  const verify = async () =>
    world.post(`/challenges/${challenge.id}/verify`, { code: await world.code(phone) });
  // Wait for the SMS before the clock moves: the code is to age, not the message.
  await world.sms(phone);
  return { ...challenge, phone, verify };
}

describe('a code', () => {
  it('verifies for 300 seconds, and not in the 301st', async () => {
    const [quick, slow] = [await started(), await started()];
    lastSecondBefore(quick.expiresAt);
    expect((await quick.verify()).status).toBe(200);
    at(slow.expiresAt);
    expect(outcome(await slow.verify())).toBe('challenge_expired');
  });

  it('lives for five minutes from its first send, and a resend does not lengthen that', async () => {
    const { id, phone, expiresAt, sendAgainAt, verify } = await started();
    expect(epochMs(expiresAt) - world.clock.now()).toBeGreaterThan(290 * second);
    expect(epochMs(expiresAt) - world.clock.now()).toBeLessThanOrEqual(300 * second);
    at(sendAgainAt);
    const resent = await world.post(`/challenges/${id}/send`, {});
    expect(resent.body.challenge.expiresAt).toBe(expiresAt);
    await world.sms(phone, 2);
    at(expiresAt);
    expect(outcome(await verify())).toBe('challenge_expired');
  });

  it('arrives at the time the clock shows', async () => {
    world.clock.advance(86_400);
    const { phone } = await started();
    const [message] = world.inbox.messages(phone);
    expect(Math.abs(epochMs(message?.at ?? '') - world.clock.now())).toBeLessThan(30 * second);
  });
});

describe('the Retry-After of a refusal', () => {
  async function opensExactly(refused: () => Promise<Answer>): Promise<void> {
    const opensAt = await retryInstant(refused);
    lastSecondBefore(opensAt);
    const stillClosed = await refused();
    expect(outcome(stillClosed)).toBe('too_many_requests');
    expect(stillClosed.headers.get('retry-after')).toBe('1');
    at(opensAt);
    expect((await refused()).status).toBe(202);
  }

  /** Registers until a refusal. @returns the number of sends */
  async function spend(phone: string): Promise<number> {
    let sends = 0;
    while ((await register(phone)).status === 202) sends += 1;
    return sends;
  }

  it('is exact for the cool-down of a resend', async () => {
    const { id, sendAgainAt } = await started();
    await opensExactly(() => world.post(`/challenges/${id}/send`, {}));
    expect(world.clock.now()).toBeGreaterThanOrEqual(epochMs(sendAgainAt));
  });

  it('is exact for the hourly budget of a phone', async () => {
    at(nextDay());
    const { phone } = world.someone();
    expect(await spend(phone)).toBe(3);
    await opensExactly(() => register(phone));
  });

  it('is exact for the daily budget of a phone, which ends with the UTC day', async () => {
    at(nextDay());
    const [morning, { phone }] = [world.clock.now(), world.someone()];
    expect(await spend(phone)).toBe(3);
    at(await retryInstant(() => register(phone)));
    expect(await spend(phone)).toBe(3);
    // Another hour does not reopen it.
    world.clock.advance(3600);
    await opensExactly(() => register(phone));
    expect(world.clock.now() - morning).toBeGreaterThanOrEqual(day - second);
    expect(new Date(world.clock.now()).toISOString()).toContain('T00:00:0');
  });
});

describe('a ticket', () => {
  it('can be used for ten minutes, and not after', async () => {
    const ticket = async () => {
      const person = world.someone();
      const { verify } = await started();
      const { ticket: text, expiresAt } = (await verify()).body;
      const body = world.registration(text, person);
      return { expiresAt, complete: () => world.post('/registrations/complete', body) };
    };
    const [quick, slow] = [await ticket(), await ticket()];
    expect(epochMs(quick.expiresAt) - world.clock.now()).toBeGreaterThan(590 * second);
    expect(epochMs(quick.expiresAt) - world.clock.now()).toBeLessThanOrEqual(600 * second);
    lastSecondBefore(quick.expiresAt);
    expect((await quick.complete()).status).toBe(201);
    at(slow.expiresAt);
    expect(outcome(await slow.complete())).toBe('ticket_invalid');
  });
});

describe('a session', () => {
  const refresh = (refreshToken: string) => world.post('/sessions/refresh', { refreshToken });
  const account = (token: string) => world.get('/account', { token });

  it('has access tokens that last 15 minutes, and continues with the next one', async () => {
    const { tokens } = (await world.logIn(await world.subscriber())).body;
    const expiresAt = claims(tokens.accessToken).exp * second;
    expect(expiresAt - world.clock.now()).toBeGreaterThan(890 * second);
    expect(expiresAt - world.clock.now()).toBeLessThanOrEqual(900 * second);

    lastSecondBefore(expiresAt);
    expect((await account(tokens.accessToken)).status).toBe(200);
    at(expiresAt);
    expect((await account(tokens.accessToken)).status).toBe(401);
    const refreshed = await refresh(tokens.refreshToken);
    expect(refreshed.status).toBe(201);
    expect((await account(refreshed.body.tokens.accessToken)).status).toBe(200);
  });

  it('ends after 30 days, even when it was refreshed throughout', async () => {
    const person = await world.subscriber();
    const before = world.clock.now();
    const { tokens } = (await world.logIn(person)).body;
    const after = world.clock.now();
    let { refreshToken } = tokens;
    const goOn = async () => {
      refreshToken = (await refresh(refreshToken)).body.tokens.refreshToken;
    };
    for (let days = 6; days < 30; days += 6) {
      at(before + days * day);
      await goOn();
    }
    // Instants in tokens are whole seconds.
    lastSecondBefore(Math.floor(before / second) * second + 30 * day);
    await goOn();
    at(after + 30 * day);
    expect(outcome(await refresh(refreshToken))).toBe('unauthenticated');
    expect((await world.logIn(person)).status).toBe(201);
  });

  const claims = (token: string): { exp: number } =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
});

describe('the clock over HTTP', () => {
  const url = () => `${world.serving.url}/local/clock`;

  it('is at the address that /local lists, and moves the whole cloud', async () => {
    const directory = await (await fetch(`${world.serving.url}/local`)).json();
    expect(directory).toMatchObject({ clock: url() });

    const { expiresAt, verify } = await started();
    const body = JSON.stringify({ now: expiresAt });
    expect((await fetch(url(), { method: 'POST', body })).status).toBe(200);
    expect(outcome(await verify())).toBe('challenge_expired');
  });

  it('returns to real time, and the cloud keeps working', async () => {
    await fetch(url(), { method: 'POST', body: '{"reset":true}' });
    const { expiresAt, verify } = await started();
    expect(Math.abs(epochMs(expiresAt) - Date.now())).toBeLessThanOrEqual(300 * second);
    expect((await verify()).status).toBe(200);
  });
});

describe('a moved clock', () => {
  it('does not make the SDK repeat a call that was refused', async () => {
    const { refreshToken } = (await world.logIn(await world.subscriber())).body.tokens;
    world.clock.advance(day / second);
    // The directory knows no such user, and the table no such session: both refuse.
    const calls: string[] = [];
    world.cloud.hooks.onCall = ({ functionName, operation }) => {
      if (/Session/i.test(functionName)) calls.push(operation);
    };
    const wrong = await world.typePassword({ username: 'nobody.here', password: 'not this one' });
    expect(outcome(wrong)).toBe('credentials_incorrect');
    expect(calls.filter((operation) => operation === 'AdminInitiateAuth')).toHaveLength(1);
    await world.post('/sessions/revoke', { refreshToken });
    calls.length = 0;
    expect(outcome(await world.post('/sessions/refresh', { refreshToken }))).toBe(
      'unauthenticated',
    );
    expect(calls).toEqual(['UpdateItem']);
    delete world.cloud.hooks.onCall;
  });
});
