import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stageConfig } from '../../lib/config/stage-config.ts';
import { local } from '../../lib/config/stages/local.ts';
import { type Edge, openEdge } from '../../local/edge/cloudfront.ts';
import { openWorld, outcome, username, type World } from '../support/world/world.ts';

/** Three challenges a minute for an address, so that an address's budget is soon full. */
const perMinute = 3;
const config = {
  ...local,
  edge: stageConfig({ ...local, portalHost: 'portal.example.gov.sa', edge: {} }).edge,
  limits: { ...local.limits, sendsPerAddressAndMinute: perMinute },
  throttles: {
    ...local.throttles,
    'POST /password-resets/complete': { ratePerSecond: 1, burst: 3 },
    'GET /openapi.json': { ratePerSecond: 1, burst: 3 },
  },
};

let world: World;
let edge: Edge;
let secretArn = '';
const held = () => JSON.parse(world.cloud.secrets.get(secretArn)?.value ?? '{}');

beforeAll(async () => {
  world = await openWorld({ config });
  secretArn = world.cloud.secrets.arns.find((arn) => arn.includes('EdgeKeys')) ?? '';
  edge = await openEdge(world.serving.url, held()['1'], () => world.clock.now());
});
afterAll(async () => {
  edge.close();
  await world.close();
});

const anyone = () => ({ username: username(), nationalId: '1000000008' });
/** Starts a reset, which is charged to the address it comes from, for any pair. */
const start = (options: Parameters<World['post']>[2]) =>
  world.post('/password-resets', anyone(), options);

/** The outcomes of that many starts, each with its own options. */
async function outcomes(count: number, options: (n: number) => Parameters<World['post']>[2]) {
  const found: unknown[] = [];
  for (let n = 0; n < count; n++) found.push(outcome(await start(options(n))));
  return found;
}

const full = [202, 202, 202, 'too_many_requests'];

/** Moves the clock to the start of a minute that no test has used yet. */
function nextMinute(): void {
  world.clock.advance(60 - (Math.floor(world.clock.now() / 1000) % 60));
}

describe('through the edge', () => {
  it('each caller is charged by the caller’s own address, and never by the edge’s', async () => {
    nextMinute();
    const via = () => ({ via: edge.url, address: '203.0.113.7' });
    expect(await outcomes(4, via)).toEqual(full);
    expect(await outcomes(4, () => ({ via: edge.url, address: '203.0.113.8' }))).toEqual(full);
    const customer = (n: number) => ({ via: edge.url, address: `2001:db8:1:2::${n}` });
    expect(await outcomes(4, customer)).toEqual(full);
  });

  it('an address has one budget, through the edge and past it', async () => {
    nextMinute();
    const address = '203.0.113.17';
    expect(await outcomes(3, () => ({ via: edge.url, address }))).toEqual([202, 202, 202]);
    expect(outcome(await start({ address }))).toBe('too_many_requests');
  });

  it('the address and secret that a viewer sends are replaced', async () => {
    nextMinute();
    const forged = (n: number) => ({
      via: edge.url,
      address: '203.0.113.27',
      headers: { 'cloudfront-viewer-address': `198.51.100.${n}:443`, 'x-hawiya-edge': 'mine' },
    });
    expect(await outcomes(4, forged)).toEqual(full);
  });

  it('a session by cookie works with only the headers that CloudFront is told to forward', async () => {
    nextMinute();
    const person = await world.subscriber();
    const via = { via: edge.url, address: '203.0.113.37' };
    const portal = {
      origin: 'http://localhost:5173',
      'x-hawiya-client': 'browser',
      'user-agent': 'Sehhaty/3.1 (iPhone; iOS 18.1)',
    };
    const { username: name, password } = person;
    const by = (headers: Record<string, string> = {}) => ({
      ...via,
      headers: { ...portal, 'idempotency-key': crypto.randomUUID(), ...headers },
    });
    const asked = { username: name, password, tokens: 'cookie' };
    const due = await world.post('/sessions', asked, by());
    expect(due.status).toBe(202);
    const ticket = await world.loginTicket(due, person);
    const opened = await world.post('/sessions/complete', { ticket, tokens: 'cookie' }, by());
    expect(opened.status).toBe(201);
    const [cookie = ''] = opened.headers.getSetCookie().map((line) => line.split(';', 1)[0] ?? '');
    expect(cookie).toMatch(/^__Host-hawiya-session=/);
    const sent = by({ cookie: `other=1; ${cookie}` });
    const refreshed = await world.post('/sessions/refresh', { tokens: 'cookie' }, sent);
    expect(refreshed.status).toBe(201);
    const token = refreshed.body.tokens.accessToken;
    const { sessions } = (await world.get('/account/sessions', { ...via, token })).body;
    expect(sessions).toEqual([
      expect.objectContaining({ place: 'SA', device: 'Sehhaty, iOS', current: true }),
    ]);
    const refused = async (language: 'ar' | 'en') =>
      (await world.post('/sessions/revoke', {}, { ...via, language })).body.title;
    expect(await refused('en')).toMatch(/[A-Za-z]/);
    expect(await refused('ar')).not.toMatch(/[A-Za-z]/);
  });
});

describe('a call at its throttle', () => {
  it('is refused with a problem, and leaves the other calls open, those of its function too', async () => {
    nextMinute();
    const complete = () =>
      world.post('/password-resets/complete', { ticket: 'x', newPassword: 'y' });
    const flood = await Promise.all(Array.from({ length: 30 }, complete));
    const refused = flood.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(20);
    expect(refused[0]?.body).toMatchObject({ code: 'too_many_requests', retryAfter: 1 });
    expect(outcome(await start({ address: '203.0.113.60' }))).toBe(202);
    expect((await world.get('/health')).status).toBe(200);
  });
});

describe('the answers that are the same for everybody', () => {
  /** CloudFront's own headers, as the local edge sends them. */
  const ofTheEdge = ['x-forwarded-for', 'x-hawiya-edge'];
  const terms = (options: Parameters<World['get']>[1] = {}) =>
    world.get('/terms', { via: edge.url, ...options });

  it('come from the edge for a minute, by language', async () => {
    world.clock.advance(60);
    const first = await terms({ language: 'en' });
    expect(first.headers.get('cache-control')).toBe('public, max-age=0, s-maxage=60');
    expect(first.headers.has('age')).toBe(false);
    world.clock.advance(30);
    const kept = await terms({ language: 'en' });
    expect(Number(kept.headers.get('age'))).toBeGreaterThanOrEqual(30);
    expect(kept.body).toEqual(first.body);
    const arabic = await terms({ language: 'ar' });
    expect(arabic.headers.has('age')).toBe(false);
    expect(arabic.body.terms.language).toBe('ar');
    world.clock.advance(31);
    expect((await terms({ language: 'en' })).headers.has('age')).toBe(false);
  });

  it('are asked for without the caller’s cookies, token, headers and query', async () => {
    const asked: string[][] = [];
    const api = createServer(({ method = '', url = '', headers }, answer) => {
      asked.push([method, url, ...Object.keys(headers).toSorted()]);
      answer.end('{}');
    });
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    const { port } = api.address() as AddressInfo;
    const other = await openEdge(`http://127.0.0.1:${port}`, 'secret', () => 0);
    const personal = {
      cookie: '__Host-hawiya-session=secret',
      authorization: 'Bearer secret',
      'user-agent': 'Mine',
      'x-hawiya-client': 'browser',
      'accept-language': 'en',
    };
    await fetch(`${other.url}/v1/terms?x=1`, { headers: personal });
    expect(asked).toEqual([
      ['GET', '/v1/terms', 'accept-language', 'connection', 'host', ...ofTheEdge],
    ]);
    other.close();
    api.close();
  });

  it('survive a flood past the edge', async () => {
    world.clock.advance(60);
    const document = () => world.get('/openapi.json', { via: edge.url });
    expect((await document()).status).toBe(200);
    const flood = Array.from({ length: 10 }, () => world.get('/openapi.json'));
    expect((await Promise.all(flood)).map(({ status }) => status)).toContain(429);
    expect((await document()).headers.has('age')).toBe(true);
  });

  it('do not include an answer about one person, or a refusal', async () => {
    world.clock.advance(60);
    const person = await world.subscriber();
    const due = await world.typePassword(person);
    const ticket = await world.loginTicket(due, person);
    const { accessToken: token } = (await world.post('/sessions/complete', { ticket })).body.tokens;
    const account = () => world.get('/account', { via: edge.url, token });
    expect((await account()).status).toBe(200);
    expect((await account()).headers.has('age')).toBe(false);
    expect((await world.get('/account', { via: edge.url })).status).toBe(401);
  });
});

describe('past the edge', () => {
  const forgeries: [string, (n: number) => Record<string, string>][] = [
    ['without a secret', () => ({})],
    ['with a made-up secret', (n) => ({ 'x-hawiya-edge': `made-up-${n}`.padEnd(64, 'x') })],
    ['with an empty secret', () => ({ 'x-hawiya-edge': '' })],
  ];

  it.each(forgeries)('a forged address %s gets no other budget', async (_how, shown) => {
    nextMinute();
    const address = '198.51.100.9';
    const forged = (n: number) => ({
      address,
      headers: { 'cloudfront-viewer-address': `203.0.113.${100 + n}:443`, ...shown(n) },
    });
    expect(await outcomes(4, forged)).toEqual(full);
    expect(outcome(await start({ address }))).toBe('too_many_requests');
    // Nor is the named address charged.
    expect(await outcomes(1, () => ({ address: '203.0.113.100' }))).toEqual([202]);
  });

  it('a forged country gives a session no place', async () => {
    const person = await world.subscriber();
    const headers = { 'cloudfront-viewer-country': 'SA' };
    const due = await world.typePassword(person, { headers });
    const ticket = await world.loginTicket(due, person);
    const opened = await world.post('/sessions/complete', { ticket }, { headers });
    const { accessToken: token } = opened.body.tokens;
    const { sessions } = (await world.get('/account/sessions', { token })).body;
    expect(sessions[0]).not.toHaveProperty('place');
  });
});

describe('a rotation of the edge’s secret', () => {
  const via = (address: string) => ({ via: edge.url, address });

  it('accepts both values while CloudFront changes over, and stops the old one five minutes after its removal', async () => {
    const [old, fresh] = [held()['1'] as string, 'fresh'.padEnd(64, '7')];
    world.cloud.secrets.put(secretArn, JSON.stringify({ 1: old, 2: fresh }));
    world.clock.advance(300);
    for (const [secret, address] of [
      [old, '203.0.113.201'],
      [fresh, '203.0.113.202'],
    ] as const) {
      nextMinute();
      edge.secret = secret;
      expect(await outcomes(4, () => via(address))).toEqual(full);
      expect(await outcomes(1, () => via('203.0.113.203'))).toEqual([202]);
    }
    world.cloud.secrets.put(secretArn, JSON.stringify({ 2: fresh }));
    world.clock.advance(300);
    nextMinute();
    edge.secret = old;
    // All requests count as the edge's own now.
    expect(await outcomes(4, (n) => via(`203.0.113.${210 + n}`))).toEqual(full);
    edge.secret = fresh;
    expect(await outcomes(1, () => via('203.0.113.220'))).toEqual([202]);
  });

  it('leaves no value of the secret in a log', () => {
    const logged = world.logged.join('\n');
    expect(logged).toContain('UnknownSecret');
    for (const secret of [...Object.values(held()), edge.secret, 'made-up', '203.0.113']) {
      expect(logged).not.toContain(secret);
    }
  });
});
