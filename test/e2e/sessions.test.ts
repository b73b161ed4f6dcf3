import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noticeMessage } from '#core/delivery/notice-messages.ts';
import { languages } from '#core/values/language.ts';
import { typeOf } from '../../lambdas/adapters/dynamodb/event-record.ts';
import { openTable } from '../support/world/table-scan.ts';
import { openWorld, outcome, type Person, type World } from '../support/world/world.ts';

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const refresh = (refreshToken: string) => world.post('/sessions/refresh', { refreshToken });
const logOut = (refreshToken: string) => world.post('/sessions/revoke', { refreshToken });
const wait = (ms: number) => world.clock.set(world.clock.now() + ms);

/** Logs in. @returns the tokens, and the claims of the access token */
async function logIn(person: Person) {
  const { body, status } = await world.logIn(person);
  expect(status).toBe(201);
  const { accessToken, refreshToken } = body.tokens as Record<string, string>;
  return {
    ...claimsOf(accessToken),
    accessToken: accessToken ?? '',
    refreshToken: refreshToken ?? '',
  };
}

function claimsOf(accessToken = ''): { sub: string; origin_jti: string } {
  const [, payload = ''] = accessToken.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
}

/** The types of a user's events, oldest first, as they are in the table. */
async function eventsOf({ sub }: { sub: string }): Promise<string[]> {
  const items = await openTable(world).scan();
  return items
    .filter(({ pk }) => pk?.S === `event#${sub}`)
    .sort((a, b) => (a['sk']?.S ?? '').localeCompare(b['sk']?.S ?? ''))
    .map((item) => typeOf(item) ?? '');
}

/** The session in the table, unless it has ended. */
async function sessionItem(of: { sub: string; origin_jti: string }) {
  const item = await leftOf(of);
  return item?.['ended'] ? undefined : item;
}

async function leftOf({ sub, origin_jti }: { sub: string; origin_jti: string }) {
  const items = await openTable(world).scan();
  return items.find(({ pk, sk }) => pk?.S === `session#${sub}` && sk?.S === origin_jti);
}

const list = (token: string) => world.get('/account/sessions', { token });

describe('a refresh', () => {
  it('gives fresh tokens and the next refresh token of the same session', async () => {
    const login = await logIn(await world.subscriber());
    const answer = await refresh(login.refreshToken);
    expect(answer.status).toBe(201);
    const { accessToken, refreshToken } = answer.body.tokens;
    expect(refreshToken).not.toBe(login.refreshToken);
    expect(accessToken).not.toBe(login.accessToken);
    expect(claimsOf(accessToken).origin_jti).toBe(login.origin_jti);
    expect((await world.get('/account', { token: accessToken })).status).toBe(200);
    expect((await refresh(refreshToken)).status).toBe(201);
  });

  it('gives tokens to every parallel request with one token, and the same refresh token', async () => {
    for (let i = 0; i < 3; i++) {
      const login = await logIn(await world.subscriber());
      wait(minute);
      const twins = await Promise.all(Array.from({ length: 4 }, () => refresh(login.refreshToken)));
      expect(twins.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      const tokens = twins.map(({ body }) => body.tokens.refreshToken);
      expect(new Set(tokens).size).toBe(1);
      expect((await refresh(tokens[0])).status).toBe(201);
      expect(await eventsOf(login)).not.toContain('session.reuse-detected');
    }
  });

  it('is answered again within ten seconds when its answer was lost, with the same newest token', async () => {
    const login = await logIn(await world.subscriber());
    const first = await refresh(login.refreshToken);
    wait(9 * second);
    const again = await refresh(login.refreshToken);
    expect(again.body.tokens.refreshToken).toBe(first.body.tokens.refreshToken);
  });

  it('ends the session for every holder when its token was used over ten seconds before, and records an event', async () => {
    const login = await logIn(await world.subscriber());
    const newest = (await refresh(login.refreshToken)).body.tokens;
    wait(12 * second);
    expect(outcome(await refresh(login.refreshToken))).toBe('unauthenticated');
    expect(outcome(await refresh(newest.refreshToken))).toBe('unauthenticated');
    expect(outcome(await list(newest.accessToken))).toBe('unauthenticated');
    expect(await sessionItem(login)).toBeUndefined();
    const events = await eventsOf(login);
    expect(events.filter((type) => type === 'session.reuse-detected')).toHaveLength(1);
  });

  it('has the owner told by SMS, once, when its old token is used on another device and network', async () => {
    const person = await world.subscriber();
    const theirs = languages.map((language) => noticeMessage('token-reused', language));
    const told = () =>
      world.inbox.messages(person.phone).filter(({ body }) => theirs.includes(body)).length;
    const from = (refreshToken: string, agent: string, address: string) =>
      world.post(
        '/sessions/refresh',
        { refreshToken },
        { address, headers: { 'user-agent': agent } },
      );
    const chrome = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile';
    const firefox = 'Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0';

    const lost = await logIn(person);
    await from(lost.refreshToken, chrome, '198.51.100.1');
    wait(12 * second);
    // The answer was lost, and the phone is on another network by now.
    expect((await from(lost.refreshToken, chrome, '198.51.100.2')).body.reason).toBe('reuse');

    const stolen = await logIn(person);
    await from(stolen.refreshToken, chrome, '198.51.100.1');
    wait(12 * second);
    for (let n = 0; n < 2; n++) {
      const replay = await from(stolen.refreshToken, firefox, '198.51.100.3');
      expect(replay.body.reason).toBe('reuse');
    }
    await expect.poll(told).toBe(1);
  });

  it('counts as a replay at once when its token is two generations old', async () => {
    const login = await logIn(await world.subscriber());
    const newer = (await refresh(login.refreshToken)).body.tokens;
    const newest = (await refresh(newer.refreshToken)).body.tokens;
    expect(outcome(await refresh(login.refreshToken))).toBe('unauthenticated');
    expect(outcome(await refresh(newest.refreshToken))).toBe('unauthenticated');
    expect(await eventsOf(login)).toContain('session.reuse-detected');
  });

  it('is unauthenticated with an access token, a changed token or a meaningless one', async () => {
    const login = await logIn(await world.subscriber());
    const changed = `${login.refreshToken.startsWith('A') ? 'B' : 'A'}${login.refreshToken.slice(1)}`;
    for (const token of [login.accessToken, changed, 'nonsense', `${login.refreshToken}A`]) {
      expect(outcome(await refresh(token)), token).toBe('unauthenticated');
    }
    expect((await refresh(login.refreshToken)).status).toBe(201);
  });

  it('keeps a session alive week after week, until its thirtieth day', async () => {
    const login = await logIn(await world.subscriber());
    const end = world.clock.now() + 30 * day;
    let { refreshToken } = login;
    for (let days = 6; days < 30; days += 6) {
      wait(6 * day);
      refreshToken = (await refresh(refreshToken)).body.tokens.refreshToken;
    }
    world.clock.set(end - minute);
    refreshToken = (await refresh(refreshToken)).body.tokens.refreshToken;
    world.clock.set(end);
    expect(outcome(await refresh(refreshToken))).toBe('unauthenticated');
    expect(await sessionItem(login)).toBeUndefined();
  });

  it('finds a session over after seven days without a refresh, and ends it', async () => {
    const person = await world.subscriber();
    const [idle, used] = [await logIn(person), await logIn(person)];
    wait(7 * day - minute);
    expect((await refresh(used.refreshToken)).status).toBe(201);
    wait(2 * minute);
    expect(outcome(await refresh(idle.refreshToken))).toBe('unauthenticated');
    expect(await sessionItem(idle)).toBeUndefined();
    expect(await sessionItem(used)).toBeDefined();
  });
});

describe('a log-out', () => {
  it('ends the session for good, revokes its directory token, and records an event', async () => {
    const login = await logIn(await world.subscriber());
    const operations: string[] = [];
    world.cloud.hooks.onCall = ({ functionName, operation }) => {
      if (functionName === 'session') operations.push(operation);
    };
    expect((await logOut(login.refreshToken)).status).toBe(204);
    delete world.cloud.hooks.onCall;
    expect(operations).toContain('RevokeToken');
    expect(outcome(await refresh(login.refreshToken))).toBe('unauthenticated');
    expect(outcome(await list(login.accessToken))).toBe('unauthenticated');
    expect(await sessionItem(login)).toBeUndefined();
    expect(await eventsOf(login)).toContain('session.ended');
    // A repeated log-out and a meaningless one get the same answer, which reveals nothing.
    expect((await logOut(login.refreshToken)).status).toBe(204);
    expect((await logOut('nonsense')).status).toBe(204);
  });

  it('refuses an access token, and the session lives on', async () => {
    const login = await logIn(await world.subscriber());
    expect(outcome(await logOut(login.accessToken))).toBe('invalid_request');
    expect((await refresh(login.refreshToken)).status).toBe(201);
  });

  it('leaves the other sessions alone', async () => {
    const person = await world.subscriber();
    const [one, other] = [await logIn(person), await logIn(person)];
    await logOut(one.refreshToken);
    expect((await refresh(other.refreshToken)).status).toBe(201);
  });

  it('ends the session on a retry when the function died between its calls', async () => {
    const login = await logIn(await world.subscriber());
    world.cloud.hooks.onCall = async ({ operation }) => {
      if (operation === 'TransactWriteItems') await world.cloud.kill('session');
    };
    expect(outcome(await logOut(login.refreshToken))).toBe('unavailable');
    delete world.cloud.hooks.onCall;
    expect((await logOut(login.refreshToken)).status).toBe(204);
    expect(await sessionItem(login)).toBeUndefined();
  });
});

describe('the end of a session', () => {
  const whyNot = async (login: { refreshToken: string }) => {
    const { body } = await refresh(login.refreshToken);
    return [body.code, body.reason];
  };

  it('tells the holder of its refresh token the reason, and its access token too', async () => {
    const person = await world.subscriber();
    const idle = await logIn(person);
    wait(7 * day + minute);
    expect(await whyNot(idle)).toEqual(['unauthenticated', 'idle']);

    const [left, ended, current] = [await logIn(person), await logIn(person), await logIn(person)];
    await logOut(left.refreshToken);
    const { accessToken: token } = current;
    await world.del(`/account/sessions/${ended.origin_jti}`, { token });
    expect(await whyNot(left)).toEqual(['unauthenticated', 'log-out']);
    expect(await whyNot(ended)).toEqual(['unauthenticated', 'owner']);
    expect((await list(ended.accessToken)).body).toMatchObject({
      code: 'unauthenticated',
      reason: 'owner',
      detail: expect.stringContaining('Another device of the account ended it.'),
    });

    await refresh(current.refreshToken);
    wait(12 * second);
    expect(await whyNot(current)).toEqual(['unauthenticated', 'reuse']);
    expect(await whyNot(current)).toEqual(['unauthenticated', 'reuse']);
  });

  it('by a change or a reset of the password says so, at /account too', async () => {
    const person = await world.subscriber();
    const [other, changing] = [await logIn(person), await logIn(person)];
    wait(2 * second);
    const changed = 'a brand new passphrase';
    const { accessToken: token } = changing;
    const body = { newPassword: changed, confirmPassword: changed };
    const change = { ...body, currentPassword: person.password };
    expect((await world.post('/account/password', change, { token })).status).toBe(204);
    expect(await whyNot(other)).toEqual(['unauthenticated', 'password-changed']);
    expect((await world.get('/account', { token: other.accessToken })).body.reason).toBe(
      'password-changed',
    );

    const forgetful = await world.subscriber();
    const before = await logIn(forgetful);
    const ticket = await world.resetTicket(forgetful);
    wait(2 * second);
    expect((await world.post('/password-resets/complete', { ...body, ticket })).status).toBe(204);
    expect(await whyNot(before)).toEqual(['unauthenticated', 'password-changed']);
  });

  it('leaves the reason in the table, and nothing else of the session', async () => {
    const login = await logIn(await world.subscriber());
    await logOut(login.refreshToken);
    expect(Object.keys((await leftOf(login)) ?? {}).sort()).toEqual(
      ['ended', 'pk', 'rotatedAt', 'sk', 'ttl'].sort(),
    );
  });

  it('tells nothing to a changed token, and nothing where there is none', async () => {
    const login = await logIn(await world.subscriber());
    await logOut(login.refreshToken);
    const changed = `${login.refreshToken.slice(0, -4)}AAAA`;
    expect(await whyNot({ refreshToken: changed })).toEqual(['unauthenticated', undefined]);
    expect((await world.get('/account/sessions')).body).not.toHaveProperty('reason');
  });
});

describe('the sessions of an account', () => {
  const userAgent =
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36';

  it('are listed with device and times, the current one marked, and without other people’s', async () => {
    const person = await world.subscriber();
    await logIn(await world.subscriber());
    const phone = await world.typePassword(person, {
      headers: { 'user-agent': userAgent, 'cloudfront-viewer-country': 'SA' },
    });
    expect(phone.status).toBe(201);
    const current = await logIn(person);
    const { status, body } = await list(current.accessToken);
    expect(status).toBe(200);
    expect(body.sessions).toHaveLength(2);
    const [, first] = [...body.sessions].sort((a, b) => Number(b.current) - Number(a.current));
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(first).toEqual({
      // No place: this stage trusts no header for it, because a caller can write any header.
      id: expect.any(String),
      device: 'Chrome, Android',
      current: false,
      createdAt: instant,
      lastUsedAt: instant,
    });
    const mine = body.sessions.find(({ current }: { current: boolean }) => current);
    expect(mine.id).toBe(current.origin_jti);
  });

  it('are listed without those that can no longer be refreshed', async () => {
    const person = await world.subscriber();
    await logIn(person);
    wait(7 * day + minute);
    const current = await logIn(person);
    expect((await list(current.accessToken)).body.sessions).toHaveLength(1);
  });

  it('can be ended one at a time, with effect at once', async () => {
    const person = await world.subscriber();
    const [lost, other, current] = [await logIn(person), await logIn(person), await logIn(person)];
    const path = `/account/sessions/${lost.origin_jti}`;
    expect((await world.del(path, { token: current.accessToken })).status).toBe(204);
    expect(outcome(await refresh(lost.refreshToken))).toBe('unauthenticated');
    expect(outcome(await list(lost.accessToken))).toBe('unauthenticated');
    expect((await refresh(other.refreshToken)).status).toBe(201);
    expect((await list(current.accessToken)).body.sessions).toHaveLength(2);
    expect(await eventsOf(current)).toContain('session.ended');
    expect(outcome(await world.del(path, { token: current.accessToken }))).toBe('not_found');
  });

  it('are not found from another account, and live on', async () => {
    const [mine, theirs] = [
      await logIn(await world.subscriber()),
      await logIn(await world.subscriber()),
    ];
    const path = `/account/sessions/${theirs.origin_jti}`;
    expect(outcome(await world.del(path, { token: mine.accessToken }))).toBe('not_found');
    expect((await refresh(theirs.refreshToken)).status).toBe(201);
  });

  it('can all be ended except the current one', async () => {
    const person = await world.subscriber();
    const others = [await logIn(person), await logIn(person), await logIn(person)];
    const current = await logIn(person);
    const { status } = await world.del('/account/sessions', { token: current.accessToken });
    expect(status).toBe(204);
    for (const { refreshToken } of others) {
      expect(outcome(await refresh(refreshToken))).toBe('unauthenticated');
    }
    expect((await refresh(current.refreshToken)).status).toBe(201);
    expect((await list(current.accessToken)).body.sessions).toHaveLength(1);
  });

  it('can be neither listed nor ended without a token', async () => {
    expect(outcome(await world.get('/account/sessions'))).toBe('unauthenticated');
    expect(outcome(await world.del('/account/sessions'))).toBe('unauthenticated');
  });
});

describe('a change of the account', () => {
  it('a reset ends all sessions at once, and no earlier access token opens /account', async () => {
    const person = await world.subscriber();
    const [one, other] = [await logIn(person), await logIn(person)];
    const ticket = await world.resetTicket(person);
    const newPassword = 'a brand new passphrase';
    wait(2 * second);
    const body = { ticket, newPassword, confirmPassword: newPassword };
    expect((await world.post('/password-resets/complete', body)).status).toBe(204);
    for (const { accessToken, refreshToken } of [one, other]) {
      expect(outcome(await world.get('/account', { token: accessToken }))).toBe('unauthenticated');
      expect(outcome(await list(accessToken))).toBe('unauthenticated');
      expect(outcome(await refresh(refreshToken))).toBe('unauthenticated');
    }
    const anew = await logIn({ ...person, password: newPassword });
    expect((await world.get('/account', { token: anew.accessToken })).status).toBe(200);
    expect((await list(anew.accessToken)).body.sessions).toHaveLength(1);
    expect((await refresh(anew.refreshToken)).status).toBe(201);
    const events = await eventsOf(anew);
    const told = ['account.opened', ...Array(3).fill('session.started'), 'password.reset'];
    expect(events.filter((type) => told.includes(type)).sort()).toEqual(told.sort());
  });

  it('a disabled account opens nothing, and its sessions are gone', async () => {
    const person = await world.subscriber();
    const login = await logIn(person);
    const accounts = (await openTable(world).scan()).filter(
      ({ pk, userId }) => pk?.S?.startsWith('account#') && userId?.S === login.sub,
    );
    await openTable(world).setAttribute(accounts[0]?.['pk']?.S ?? '', 'status', 'disabled');
    expect(outcome(await world.get('/account', { token: login.accessToken }))).toBe(
      'unauthenticated',
    );
    expect(outcome(await list(login.accessToken))).toBe('unauthenticated');
    expect(outcome(await refresh(login.refreshToken))).toBe('unauthenticated');
    expect(outcome(await world.logIn(person))).toBe('credentials_incorrect');
    expect(await sessionItem(login)).toBeUndefined();
  });
});
