import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { apiHandler, reply, withBody, withoutBody } from '../../../lambdas/http/api-handler.ts';
import { apiEvent, lambdaContext } from '../../support/fakes/api-event.ts';
import { collectLog } from './lines.ts';

const log = collectLog();

const handler = apiHandler(
  { PORTAL_HOST: 'portal.test', APP_ORIGINS: [] },
  {
    'GET /things/{id}': withoutBody(async (call) => reply(200, call)),
    'POST /things': withBody(z.strictObject({ name: z.string() }), async (body, { peer }) =>
      reply(201, { ...body, peer }),
    ),
    'POST /things/revoke': withoutBody(async () => reply(204)),
    'DELETE /things/{id}': withoutBody(async () => reply(204)),
  },
);

const headers = { 'content-type': 'application/json' };

async function call(...event: Parameters<typeof apiEvent>) {
  const { statusCode, headers = {}, body } = await handler(apiEvent(...event), lambdaContext);
  const json = body === '' ? undefined : (JSON.parse(body) as Record<string, unknown>);
  return { statusCode, headers, body, json };
}

describe('the API handler of a flow', () => {
  it('runs the route of its method and resource', async () => {
    expect(await call('POST /things', { headers, body: { name: 'a' } })).toMatchObject({
      statusCode: 201,
      json: { name: 'a', peer: '192.0.2.1' },
    });
  });

  it.each([
    'GET /things',
    'POST /things/{id}',
    'DELETE /things',
    'GET /__proto__',
    ' ',
    'toString ',
  ])('answers not_found to %j', async (route) => {
    expect(await call(route)).toMatchObject({ statusCode: 404, json: { code: 'not_found' } });
  });

  it('answers 204 with an empty body', async () => {
    expect(await call('POST /things/revoke')).toMatchObject({ statusCode: 204, body: '' });
  });

  it('runs only routes that read for a page of another site', async () => {
    const elsewhere = { ...headers, 'Sec-Fetch-Site': 'cross-site' };
    for (const route of ['POST /things', 'POST /things/revoke', 'DELETE /things/{id}']) {
      // The body is no thing: it is refused before the body is read.
      const answer = await call(route, { headers: elsewhere, body: {} });
      expect(answer).toMatchObject({ statusCode: 403, json: { code: 'cross_site_request' } });
    }
    expect((await call('GET /things/{id}', { headers: elsewhere })).statusCode).toBe(200);
  });

  it('forbids caching, sniffing and framing of every answer', async () => {
    for (const { headers } of [await call('POST /things/revoke'), await call('GET /nowhere')]) {
      expect(headers).toMatchObject({
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        'Content-Security-Policy': expect.stringContaining("frame-ancestors 'none'"),
      });
    }
  });

  it('answers HEAD as GET, without the content', async () => {
    const asked = { pathParameters: { id: '7' } };
    const [get, head] = [
      await call('GET /things/{id}', asked),
      await call('HEAD /things/{id}', asked),
    ];
    expect(head).toMatchObject({ statusCode: get.statusCode, headers: get.headers, body: '' });
    const missing = await call('HEAD /nowhere');
    expect(missing).toMatchObject({ statusCode: 404, body: '' });
    expect(missing.headers['Content-Type']).toBe('application/problem+json');
    expect((await call('HEAD /things')).statusCode).toBe(404);
  });

  it('reads Accept-Language in any case of letters', async () => {
    const name = fc.mixedCase(fc.constant('accept-language'));
    await fc.assert(
      fc.asyncProperty(name, async (header) => {
        const { json } = await call('GET /things/{id}', { headers: { [header]: 'en' } });
        expect(json?.['language']).toBe('en');
      }),
    );
  });

  it('answers in Arabic when there are no headers', async () => {
    expect((await call('GET /things/{id}', { headers: null })).json?.['language']).toBe('ar');
  });

  it('takes the peer from the gateway and never from a header', async () => {
    const headers = { 'X-Forwarded-For': '203.0.113.9', Forwarded: 'for=203.0.113.9' };
    const { json } = await call('GET /things/{id}', { headers, sourceIp: '198.51.100.4' });
    expect(json?.['peer']).toBe('198.51.100.4');
  });

  it('hands over path parameters and claims, or empty ones', async () => {
    const pathParameters = { id: '7' };
    const full = await call('GET /things/{id}', { pathParameters, claims: { sub: 's' } });
    expect(full.json).toMatchObject({ pathParameters, claims: { sub: 's' } });
    expect((await call('GET /things/{id}')).json).toMatchObject({ pathParameters: {}, claims: {} });
  });
});

describe('the answer to a page in an app’s WebView', () => {
  const app = 'capacitor://localhost';
  const withApps = apiHandler(
    { PORTAL_HOST: 'portal.test', APP_ORIGINS: [app, 'https://localhost'] },
    {
      'POST /things': withoutBody(async () => reply(201, {})),
      'GET /things': withoutBody(async () => reply(200, {})),
      'OPTIONS /things': withoutBody(async () => reply(204)),
    },
  );
  const corsOf = async (route: string, Origin?: string) => {
    const event = apiEvent(route, { headers: Origin === undefined ? {} : { Origin } });
    const { statusCode, headers = {} } = await withApps(event, lambdaContext);
    return { statusCode, allowed: headers['Access-Control-Allow-Origin'], headers };
  };

  it('names its origin, also where it is a problem', async () => {
    for (const route of ['POST /things', 'GET /things', 'OPTIONS /things', 'DELETE /things']) {
      const { allowed, headers } = await corsOf(route, app);
      expect(allowed, route).toBe(app);
      expect(headers['Vary']).toBe('Accept-Language, Origin');
      expect(headers['Access-Control-Expose-Headers']).toBe('Retry-After');
    }
  });

  it('never allows credentials', async () => {
    const { headers } = await corsOf('OPTIONS /things', app);
    expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain(
      'access-control-allow-credentials',
    );
  });

  it.each([
    'null',
    'http://localhost',
    'https://evil.test',
    'https://localhost.evil.test',
    'CAPACITOR://localhost',
    '*',
  ])('is not for %s', async (origin) => {
    for (const route of ['POST /things', 'GET /things', 'OPTIONS /things']) {
      const { statusCode, allowed } = await corsOf(route, origin);
      expect(allowed).toBeUndefined();
      expect(statusCode).toBe(route.startsWith('GET') ? 200 : 403);
    }
  });

  it('has no such header for a caller without an origin, and on a stage without apps', async () => {
    expect((await corsOf('POST /things')).allowed).toBeUndefined();
    const { headers } = await call('POST /things/revoke', {
      headers: { Origin: 'https://portal.test' },
    });
    expect(headers['Vary']).toBe('Accept-Language');
    expect(headers).not.toHaveProperty('Access-Control-Allow-Origin');
  });
});

describe('the log of a request', () => {
  it('is one line with route, status and milliseconds, and no id from the path', async () => {
    await call('GET /things/{id}', { pathParameters: { id: 'a-secret-id' } });
    expect(log.lines()).toEqual([
      {
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        level: 'INFO',
        message: 'request',
        requestId: expect.any(String),
        route: 'GET /things/{id}',
        status: 200,
        ms: expect.any(Number),
      },
    ]);
    expect(log.text()).not.toContain('a-secret-id');
  });

  it('contains nothing of body, headers and claims', async () => {
    const shape = {
      body: { name: 'secret-name' },
      headers: { ...headers, Authorization: 'Bearer secret-token' },
      claims: { username: 'secret-user' },
      sourceIp: '203.0.113.77',
    };
    await call('POST /things', shape);
    await call('POST /things', { ...shape, body: { name: 7, more: 'secret-value' } });
    expect(log.lines()).toHaveLength(2);
    expect(log.text()).not.toMatch(/secret|203\.0\.113\.77/);
  });
});
