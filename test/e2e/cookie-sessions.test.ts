import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noticeMessage } from '#core/delivery/notice-messages.ts';
import { languages } from '#core/values/language.ts';
import { local } from '../../lib/config/stages/local.ts';
import { openWorld, outcome, type Person, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ config: local });
});
afterAll(() => world.close());

const byCookie = { tokens: 'cookie' };
/** The headers that every page of the portal sends. */
const portal = { origin: 'http://localhost:5173', 'x-hawiya-client': 'browser' };
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const clearedCookie = `__Host-hawiya-session=; Max-Age=0; ${attributes}`;

/** A browser: it keeps its cookies, and sends them with every call, from any page. */
function browser() {
  const jar = new Map<string, string>();
  async function post(path: string, body: object, headers: Record<string, string> = portal) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await world.post(path, body, {
      headers: { ...headers, ...(cookie && { cookie }) },
    });
    const cookies = answer.headers.getSetCookie();
    for (const line of cookies) keep(line);
    return { ...answer, cookies };
  }
  function keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (line.includes('Max-Age=0;')) jar.delete(name);
    else jar.set(name, value);
  }
  const session = () => jar.get('__Host-hawiya-session') ?? '';
  return { jar, post, session };
}

/** Logs in on the portal, with the SMS code that a new device needs. */
async function logIn(person: Person, ownDevice = false, page = browser(), n = 2) {
  const { username, password } = person;
  const answer = await page.post('/sessions', { username, password, ...byCookie });
  expect(answer).toMatchObject({ status: 202, cookies: [] });
  const { id } = answer.body.challenge;
  const code = await world.code(person.phone, n);
  const { ticket } = (await page.post(`/challenges/${id}/verify`, { code })).body;
  const body = { ticket, ...byCookie, ...(ownDevice && { ownDevice }) };
  return { page, answer: await page.post('/sessions/complete', body) };
}

describe('a session by cookie', () => {
  it('keeps its refresh token in a cookie and out of every body, from log-in to log-out', async () => {
    const { page, answer } = await logIn(await world.subscriber());
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.body.tokens).sort()).toEqual([
      'accessToken',
      'expiresIn',
      'idToken',
      'idleSeconds',
      'tokenType',
    ]);
    const first = page.session();
    expect(first).toMatch(/^[\w-]{40,}$/);
    expect(JSON.stringify(answer.body)).not.toContain(first);
    expect(answer.headers.get('cache-control')).toBe('no-store');

    const refreshed = await page.post('/sessions/refresh', byCookie);
    expect(refreshed.status).toBe(201);
    expect(refreshed.body.tokens).not.toHaveProperty('refreshToken');
    expect(page.session()).not.toBe(first);
    const { accessToken } = refreshed.body.tokens;
    expect((await world.get('/account', { token: accessToken })).status).toBe(200);

    const last = page.session();
    const revoked = await page.post('/sessions/revoke', byCookie);
    expect(revoked).toMatchObject({ status: 204, cookies: [clearedCookie] });
    expect(page.session()).toBe('');
    const again = await world.post('/sessions/refresh', { refreshToken: last });
    expect(outcome(again)).toBe('unauthenticated');
    expect(outcome(await page.post('/sessions/refresh', byCookie))).toBe('unauthenticated');
    expect(world.logged.join('\n')).not.toContain(last);
  });

  it('on a shared computer has a cookie that ends with the browser, and ends after twenty idle minutes', async () => {
    const { page, answer } = await logIn(await world.subscriber());
    const pattern = new RegExp(`^__Host-hawiya-session=[\\w-]+; ${attributes}$`);
    expect(answer.cookies[0]).toMatch(pattern);
    expect(answer.body.tokens.idleSeconds).toBe(1200);
    expect(answer.body).not.toHaveProperty('device');

    world.clock.advance(1100);
    const refreshed = await page.post('/sessions/refresh', byCookie);
    expect(refreshed.status).toBe(201);
    expect(refreshed.cookies[0]).toMatch(pattern);
    const { accessToken: token } = refreshed.body.tokens;

    world.clock.advance(1201);
    const refused = await page.post('/sessions/refresh', byCookie);
    expect(refused).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated', reason: 'idle', idleSeconds: 1200 },
      cookies: [clearedCookie],
    });
    expect((await world.get('/account/sessions', { token })).status).toBe(401);
  });

  it('on one’s own device has a cookie for this host, HTTPS and same-site requests alone, until the session ends', async () => {
    const { page, answer } = await logIn(await world.subscriber(), true);
    const pattern = new RegExp(`^__Host-hawiya-session=[\\w-]+; Max-Age=(\\d+); ${attributes}$`);
    const month = 30 * 86_400;
    const lifetime = (cookies: string[]) => Number(pattern.exec(cookies[0] ?? '')?.[1]);
    expect(answer.cookies).toHaveLength(3);
    expect(lifetime(answer.cookies)).toBeGreaterThan(month - 60);
    expect(lifetime(answer.cookies)).toBeLessThanOrEqual(month);

    world.clock.advance(86_400);
    const refreshed = await page.post('/sessions/refresh', byCookie);
    expect(lifetime(refreshed.cookies)).toBeGreaterThan(month - 86_400 - 120);
    expect(lifetime(refreshed.cookies)).toBeLessThanOrEqual(month - 86_400);
  });

  it('remembers its device in a separate cookie, which skips the second factor after a log-out', async () => {
    const person = await world.subscriber();
    const { page, answer } = await logIn(person, true);
    expect(answer.body.device).toEqual({ expiresAt: expect.any(String) });
    const [, device] = answer.cookies;
    expect(device).toMatch(
      new RegExp(`^__Host-hawiya-device=[\\w-]+; Max-Age=25\\d{5}; ${attributes}$`),
    );
    await page.post('/sessions/revoke', byCookie);
    expect([...page.jar.keys()].sort()).toEqual(['__Host-hawiya-device', '__Host-hawiya-known']);
    const { username, password } = person;
    const known = await page.post('/sessions', { username, password, ...byCookie });
    expect(known.status).toBe(201);
    expect(JSON.stringify(known.body)).not.toContain(page.jar.get('__Host-hawiya-device'));
  });

  it('ends when its token is used twice, and its cookie is cleared', async () => {
    const { page } = await logIn(await world.subscriber());
    const stolen = page.session();
    expect((await page.post('/sessions/refresh', byCookie)).status).toBe(201);
    world.clock.advance(11);
    await world.post('/sessions/refresh', { refreshToken: stolen });
    const refused = await page.post('/sessions/refresh', byCookie);
    expect(outcome(refused)).toBe('unauthenticated');
    expect(refused.cookies).toEqual([clearedCookie]);
  });
});

describe('a browser that several people asked to remember', () => {
  const name = '__Host-hawiya-device';
  const typePassword = (page: ReturnType<typeof browser>, { username, password }: Person) =>
    page.post('/sessions', { username, password, ...byCookie });

  it('asks none of them for a code, and remembers each until the owner forgets the device', async () => {
    const [a, b] = [await world.subscriber(), await world.subscriber()];
    const page = browser();
    for (const person of [a, b]) {
      expect((await logIn(person, true, page)).answer.status).toBe(201);
      await page.post('/sessions/revoke', byCookie);
    }
    for (const person of [a, b, a]) {
      const answer = await typePassword(page, person);
      expect(answer.status).toBe(201);
      expect(answer.body).not.toHaveProperty('device');
      await page.post('/sessions/revoke', byCookie);
    }
    // B forgets this device by ending the session that was opened on it. A stays remembered.
    const { accessToken } = (await typePassword(page, b)).body.tokens;
    const { id } = (await world.get('/account/sessions', { token: accessToken })).body.sessions[0];
    expect((await world.del(`/account/sessions/${id}`, { token: accessToken })).status).toBe(204);
    expect((await typePassword(page, b)).status).toBe(202);
    expect((await typePassword(page, a)).status).toBe(201);
  });

  it('has a cookie that names none of them', async () => {
    const [a, b] = [await world.subscriber(), await world.subscriber()];
    const page = browser();
    for (const person of [a, b]) await logIn(person, true, page);
    const value = page.jar.get(name) ?? '';
    expect(value).toMatch(/^[\w-]{82}\.[\w-]{82}$/);
    const held = Buffer.from(value.replace('.', ''), 'base64url').toString('latin1');
    for (const person of [a, b])
      for (const known of [person.username, person.phone, person.nationalId])
        expect(value + held).not.toContain(known);
    expect(world.logged.join('\n')).not.toContain(value.slice(0, 82));
  });

  it('gives a name that it does not remember no more tries, and its people lose none', async () => {
    const [a, b, stranger] = [
      await world.subscriber(),
      await world.subscriber(),
      await world.subscriber(),
    ];
    const page = browser();
    for (const person of [a, b]) await logIn(person, true, page);
    // A name that this browser does not remember has the tries of any unknown device: three.
    const tries = [];
    for (let n = 0; n < 4; n++)
      tries.push(outcome(await typePassword(page, { ...stranger, password: 'wrong' })));
    expect(tries).toEqual([
      'credentials_incorrect',
      'credentials_incorrect',
      'credentials_incorrect',
      'phone-first',
    ]);
    for (const person of [a, b]) expect((await typePassword(page, person)).status).toBe(201);
  });
});

describe('a browser that a person logged in on', () => {
  const kinds = (person: Person) => {
    const news = languages.map((language) => noticeMessage('new-device', language));
    return world.inbox.messages(person.phone).map(({ body }) => news.includes(body));
  };
  /** Two hours: in the first of an account, no login is told. */
  const later = () => world.clock.advance(2 * 3600);

  it('is a new device once, without being remembered, for two people in turns', async () => {
    const [one, other] = [await world.subscriber(), await world.subscriber()];
    later();
    const page = browser();
    for (let round = 0; round < 3; round++) {
      for (const person of [one, other]) {
        // The code of the registration, one notice, and the codes of this and earlier logins.
        const { answer } = await logIn(person, false, page, round === 0 ? 2 : round + 3);
        expect(answer.status).toBe(201);
        expect(answer.body.recognition).toEqual({ expiresAt: expect.any(String) });
        if (round === 0) await expect.poll(() => kinds(person).filter(Boolean).length).toBe(1);
        await page.post('/sessions/revoke', byCookie);
      }
      world.clock.advance(3600);
    }
    await expect.poll(() => kinds(one).length).toBe(5);
    expect([one, other].map((person) => kinds(person).filter(Boolean).length)).toEqual([1, 1]);
    const cookie = page.jar.get('__Host-hawiya-known') ?? '';
    expect(cookie).toMatch(/^[\w-]{44}\.[\w-]{44}$/);
    expect(world.logged.join('\n')).not.toContain(cookie.slice(0, 44));
  });

  it('is recognised by body as well: an app keeps what the login answered', async () => {
    const person = await world.subscriber();
    const { body, headers } = await world.logIn(person);
    expect(body.recognition).toEqual({
      secret: expect.stringMatching(/^[\w-]{44}$/),
      expiresAt: expect.any(String),
    });
    expect(headers.getSetCookie()).toEqual([]);
    const twice = { ticket: 'any', recognition: body.recognition.secret, ...byCookie };
    const answer = await world.post('/sessions/complete', twice, { headers: portal });
    expect(outcome(answer)).toBe('invalid_request');
  });
});

describe('a call that another site makes through the person’s browser', () => {
  it.each<[string, Record<string, string>]>([
    ['its own origin', { ...portal, origin: 'https://evil.test' }],
    [
      'an origin that begins like the portal’s',
      { ...portal, origin: 'http://localhost.evil.test' },
    ],
    ['a sandboxed frame', { ...portal, origin: 'null' }],
    ['no X-Hawiya-Client header', { origin: portal.origin }],
    ['a type that is not JSON', { ...portal, 'content-type': 'application/xml' }],
    ['no Origin header', { 'x-hawiya-client': 'browser' }],
  ])('is refused with %s, and rotates and ends nothing', async (_how, headers) => {
    const { page } = await logIn(await world.subscriber());
    const before = page.session();
    for (const path of ['/sessions/refresh', '/sessions/revoke']) {
      const answer = await page.post(path, byCookie, headers);
      expect(answer.status).toBe(403);
      expect(outcome(answer)).toBe('cross_site_request');
      expect(answer.cookies).toEqual([]);
    }
    // Long after the grace: had the token been rotated, this would be a replay.
    world.clock.advance(60);
    expect(page.session()).toBe(before);
    expect((await page.post('/sessions/refresh', byCookie)).status).toBe(201);
  });

  it('cannot log the person in to another account', async () => {
    const { username, password } = await world.subscriber();
    const page = browser();
    const headers = { ...portal, origin: 'https://evil.test' };
    const answer = await page.post('/sessions', { username, password, ...byCookie }, headers);
    expect(outcome(answer)).toBe('cross_site_request');
    expect(page.jar.size).toBe(0);
  });

  it('is refused when it submits a form', async () => {
    const { page } = await logIn(await world.subscriber());
    const cookie = `__Host-hawiya-session=${page.session()}`;
    const urlencoded = { 'content-type': 'application/x-www-form-urlencoded', cookie };
    const form = await world.postRaw('/sessions/refresh', 'tokens=cookie', {
      headers: { ...urlencoded, 'sec-fetch-site': 'cross-site' },
    });
    expect(outcome(form)).toBe('invalid_request');
    // A form that reads as JSON, from a browser that sends no Sec-Fetch-Site.
    const headers = { ...portal, 'content-type': 'text/plain' };
    const plain = await page.post('/sessions/refresh', byCookie, headers);
    expect(outcome(plain)).toBe('invalid_request');
    expect((await page.post('/sessions/refresh', byCookie)).status).toBe(201);
  });

  it('gets no CORS permission, neither from a preflight nor with an answer', async () => {
    const url = `${world.serving.url}/v1/sessions/refresh`;
    const origin = 'https://evil.test';
    const headers = { origin, 'access-control-request-headers': 'content-type,x-hawiya-client' };
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: { ...headers, 'access-control-request-method': 'POST' },
    });
    const called = await world.post('/sessions/refresh', byCookie, { headers: { origin } });
    for (const answer of [preflight, called]) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      const names = [...answer.headers.keys()];
      expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});

describe('a session by body', () => {
  it('carries its token in the body, sets no cookie and reads none', async () => {
    const person = await world.subscriber();
    const { body, headers } = await world.logIn(person);
    const { refreshToken } = body.tokens;
    expect(headers.getSetCookie()).toEqual([]);
    const cookie = `__Host-hawiya-session=${refreshToken}`;
    const nothing = await world.post('/sessions/refresh', {}, { headers: { cookie } });
    expect(outcome(nothing)).toBe('invalid_request');
    const both = { refreshToken, ...byCookie };
    const twice = await world.post('/sessions/refresh', both, { headers: { ...portal, cookie } });
    expect(outcome(twice)).toBe('invalid_request');
    const next = await world.post('/sessions/refresh', { refreshToken });
    expect(next.body.tokens.refreshToken).toEqual(expect.any(String));
    expect(next.headers.getSetCookie()).toEqual([]);
  });
});
