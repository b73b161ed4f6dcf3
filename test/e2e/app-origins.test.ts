import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callPaths, routes } from '#core/model/routes.ts';
import type { Client } from '../../client/src/index.ts';
import { stageConfig } from '../../lib/config/stage-config.ts';
import { local } from '../../lib/config/stages/local.ts';
import { type Edge, openEdge } from '../../local/edge/cloudfront.ts';
import { phone as newPhone } from '../support/fakes/builders.ts';
import { withBrowser } from '../support/portal/browser.ts';
import { openWorld, outcome, type Person, type World } from '../support/world/world.ts';

/* A page in an app's WebView: its origin is the app's own, and the API is elsewhere. */

const ios = 'capacitor://localhost';
const android = 'https://localhost';
const config = {
  ...local,
  edge: stageConfig({ ...local, portalHost: 'portal.example.gov.sa', edge: {} }).edge,
};

let world: World;
let edge: Edge;
beforeAll(async () => {
  world = await openWorld({ config });
  const secretArn = world.cloud.secrets.arns.find((arn) => arn.includes('EdgeKeys')) ?? '';
  const secret = JSON.parse(world.cloud.secrets.get(secretArn)?.value ?? '{}')['1'];
  edge = await openEdge(world.serving.url, secret, () => world.clock.now());
});
afterAll(async () => {
  edge?.close();
  await world?.close();
});

const strangers = [
  'null',
  'http://app.example',
  'https://localhost:8443',
  'https://evil.example',
  'capacitor://localhost.evil.example',
  'ionic://localhost',
];

const preflight = (path: string, origin: string, base = world.serving.url) =>
  fetch(`${base}/v1${path.replace('{id}', 'x')}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
const allowed = (answer: { readonly headers: Headers }) =>
  answer.headers.get('access-control-allow-origin');

/** CloudFront caches their answers, and asks for them without an origin. */
const forEverybody = ['/terms', '/openapi.json'];

describe('a preflight', () => {
  it.each(callPaths)('of %s is answered to the listed origins', async (path) => {
    for (const origin of [ios, android]) {
      const answer = await preflight(path, origin);
      const to = forEverybody.includes(path) ? '*' : origin;
      expect([answer.status, allowed(answer), await answer.text()]).toEqual([204, to, '']);
      const { headers } = answer;
      const methods = routes.filter((route) => route.path === path).map(({ method }) => method);
      expect(headers.get('access-control-allow-methods')?.split(', ')).toEqual(
        expect.arrayContaining(methods),
      );
      expect(headers.has('access-control-allow-credentials')).toBe(false);
      expect(headers.get('access-control-allow-headers')).not.toMatch(/x-hawiya-client|\*/i);
    }
  });

  it.each(strangers)('of %s is refused', async (origin) => {
    for (const path of ['/sessions', '/account', '/terms']) {
      const answer = await preflight(path, origin);
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: 'cross_site_request' });
      if (path !== '/terms') expect(allowed(answer)).toBeNull();
    }
  });

  it('is answered through the edge too, with only the headers that it forwards', async () => {
    const answer = await preflight('/sessions', ios, edge.url);
    expect([answer.status, allowed(answer)]).toEqual([204, ios]);
    expect((await preflight('/sessions', 'null', edge.url)).status).toBe(403);
  });
});

describe('an answer', () => {
  it('of a function names the listed origin alone', async () => {
    const start = (origin: string) =>
      world.post('/registrations', { phone: newPhone() }, { headers: { origin } });
    expect(allowed(await start(ios))).toBe(ios);
    for (const origin of strangers) {
      const refused = await start(origin);
      expect([outcome(refused), allowed(refused)]).toEqual(['cross_site_request', null]);
    }
    // The portal of this machine needs none.
    expect(allowed(await start('http://localhost'))).toBeNull();
  });

  it('never sets or takes a cookie for an app', async () => {
    const person = await world.subscriber();
    const headers = {
      origin: ios,
      'x-hawiya-client': 'browser',
      cookie: '__Host-hawiya-session=x',
    };
    for (const [path, body] of [
      ['/sessions', { username: person.username, password: person.password, tokens: 'cookie' }],
      ['/sessions/refresh', { tokens: 'cookie' }],
      ['/sessions/revoke', { tokens: 'cookie' }],
    ] as const) {
      const answer = await world.post(path, body, { headers });
      expect(outcome(answer)).toBe('cross_site_request');
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  it('that is the same for everybody is readable by every page, also from the edge', async () => {
    for (const via of [world.serving.url, edge.url]) {
      const terms = await world.get('/terms', { via, headers: { origin: ios } });
      expect([terms.status, allowed(terms)]).toEqual([200, '*']);
    }
  });

  it('from the edge’s cache has content after a HEAD, and none for a HEAD', async () => {
    world.clock.advance(61);
    const ask = (method: string) => fetch(`${edge.url}/v1/terms`, { method });
    for (const method of ['HEAD', 'GET', 'HEAD']) {
      const answer = await ask(method);
      expect(answer.status).toBe(200);
      expect((await answer.text()) === '', method).toBe(method === 'HEAD');
    }
  });

  it('of API Gateway itself is readable, or an app could not tell 401 from a lost connection', async () => {
    const unauthenticated = await world.get('/account', { headers: { origin: ios } });
    expect([unauthenticated.status, allowed(unauthenticated)]).toEqual([401, '*']);
    const malformed = await world.postRaw('/registrations', '{', { headers: { origin: ios } });
    expect([malformed.status, allowed(malformed)]).toEqual([400, '*']);
  });
});

/** Globals of the page. Functions for `evaluate` are sent as text, and see these globals there. */
declare const hawiya: Client;

/** A page of an app, at the app's own origin, with the client in body mode. */
async function openApp(page: Page, origin: string): Promise<void> {
  const entry = fileURLToPath(new URL('../../client/src/index.ts', import.meta.url));
  const options = { bundle: true, format: 'esm', write: false } as const;
  const { outputFiles } = await build({ entryPoints: [entry], ...options });
  const script = `${outputFiles[0]?.text}
    window.hawiya = createClient({ baseUrl: '${world.serving.url}/v1', language: 'ar' });`;
  await page.route(`${origin}/`, (route) =>
    route.fulfill({
      contentType: 'text/html; charset=utf-8',
      body: `<!doctype html><title>app</title><script type="module">${script}</script>`,
    }),
  );
  // Chromium asks the person before a page reaches this machine.
  await page.context().grantPermissions(['local-network-access']);
  await page.goto(`${origin}/`);
  await page.waitForFunction(() => 'hawiya' in globalThis);
  // While it intercepts requests, Playwright answers preflights by itself.
  await page.unroute(`${origin}/`);
}

/** What the functions logged of a call, oldest first. */
const answersTo = (route: string): unknown[] =>
  world.logged
    .filter((line) => line.includes(`"route":"${route}"`))
    .map((line) => JSON.parse(line).status);

async function logIn(page: Page, { username, password, phone }: Person): Promise<void> {
  const id = await page.evaluate(
    async (typed) => {
      const answer = await hawiya.logIn(typed);
      return 'challenge' in answer ? answer.challenge.id : '';
    },
    { username, password },
  );
  const code = await world.code(phone, 2);
  await page.evaluate(
    async (typed) => {
      const { ticket } = await hawiya.verifyChallenge(typed);
      await hawiya.completeLogin({ ticket });
    },
    { id, code },
  );
}

describe('in a real browser', () => {
  it('a page of a listed app logs in, reads the account and its problems, and logs out', async () => {
    const person = await world.subscriber();
    await withBrowser(async (page) => {
      await openApp(page, android);
      expect((await page.evaluate(() => hawiya.readTerms())).terms.language).toBe('ar');
      await logIn(page, person);
      const username = await page.evaluate(
        async () => (await hawiya.readAccount()).account.username,
      );
      expect(username).toBe(person.username);
      const wrong = await page.evaluate(() =>
        hawiya.verifyChallenge({ id: 'none', code: '123456' }).catch(({ code }) => code),
      );
      expect(wrong).not.toBeUndefined();
      expect(await page.evaluate(() => hawiya.refreshSession())).toBe(true);
      await page.evaluate(() => hawiya.revokeSession());
      expect(answersTo('OPTIONS /sessions')).toContain(204);
      expect(answersTo('OPTIONS /account')).toContain(204);
      expect(await page.context().cookies()).toEqual([]);
    });
  });

  it('a page of an origin that is not listed gets no answer, and has no effect', async () => {
    const phone = newPhone();
    const [asked, started] = [
      answersTo('OPTIONS /registrations'),
      answersTo('POST /registrations'),
    ];
    await withBrowser(async (page) => {
      await openApp(page, 'https://localhost:8443');
      const reason = await page.evaluate(
        (typed) => hawiya.startRegistration({ phone: typed }).catch((error) => error.reason),
        phone,
      );
      expect(reason).toBe('network');
    });
    // The call is repeated twice, after an answer that the page may not read.
    expect(answersTo('OPTIONS /registrations')).toEqual([...asked, 403, 403, 403]);
    expect(answersTo('POST /registrations')).toEqual(started);
    expect(world.inbox.messages(phone)).toEqual([]);
  });
});
