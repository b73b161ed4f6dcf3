import { describe, expect, it } from 'vitest';
import { Problem } from '#core/model/problems.ts';
import { apiHandler } from '../../../lambdas/http/api-handler.ts';
import * as bodies from '../../../lambdas/http/bodies.ts';
import { sessionRoutes } from '../../../lambdas/http/token-transport.ts';
import { apiEvent, lambdaContext } from '../../support/fakes/api-event.ts';
import { collectLog } from './lines.ts';

const log = collectLog();
const now = Date.UTC(2026, 10, 23, 7) / 1000;
const portalHost = 'portal.test';
const route = sessionRoutes({ portalHost, clock: () => now });
const device = { secret: 'device-secret', expiresAt: now + 30 * 86_400 };

const tokensAfter = (refreshToken: string) => ({
  accessToken: 'access',
  idToken: 'id',
  refreshToken: `next-${refreshToken}`,
  expiresIn: 900,
  sessionExpiresAt: now + 3600,
  idleSeconds: refreshToken.startsWith('shared') ? 1200 : 604_800,
  ownDevice: !refreshToken.startsWith('shared'),
});

const refused: Record<string, Problem> = {
  dead: new Problem('unauthenticated'),
  busy: new Problem('unavailable'),
};

/**
 * An API handler of sessions that refuses the tokens `dead` and `busy`, and records every token it
 * gets.
 */
function sessions() {
  const asked: string[] = [];
  const handler = apiHandler(
    { PORTAL_HOST: portalHost, APP_ORIGINS: [] },
    {
      'POST /sessions': route(bodies.logIn(true), async ({ username }, transport) =>
        transport.opened({
          tokens: tokensAfter(`${username}-on-${transport.devices.join('+')}`),
          device,
        }),
      ),
      'POST /sessions/refresh': route(bodies.session, async (_body, transport) => {
        const refreshToken = transport.refreshToken();
        asked.push(refreshToken);
        const problem = refused[refreshToken];
        if (problem) throw problem;
        return transport.opened({ tokens: tokensAfter(refreshToken) });
      }),
      'POST /sessions/revoke': route(bodies.session, async (_body, transport) => {
        asked.push(transport.refreshToken());
        return transport.ended();
      }),
    },
  );
  const call = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const answer = await handler(apiEvent(`POST ${path}`, { body, headers }), lambdaContext);
    const cookies = answer.multiValueHeaders?.['Set-Cookie'];
    return { ...answer, cookies, json: answer.body ? JSON.parse(answer.body) : undefined };
  };
  return { asked, call };
}

const fromPortal = {
  'content-type': 'application/json',
  'x-hawiya-client': 'browser',
  origin: 'https://portal.test',
};
const withCookie = (token: string) => ({
  ...fromPortal,
  cookie: `__Host-hawiya-session=${token}`,
});
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const cleared = `__Host-hawiya-session=; Max-Age=0; ${attributes}`;
const byCookie = { tokens: 'cookie' };

describe('tokens in cookies', () => {
  it('on a shared device the session’s cookie ends with the browser, before and after a refresh', async () => {
    const byCookie = { tokens: 'cookie' };
    const { call } = sessions();
    const answer = await call('/sessions/refresh', byCookie, withCookie('shared-1'));
    expect(answer.cookies).toEqual([`__Host-hawiya-session=next-shared-1; ${attributes}`]);
    expect(answer.json.tokens.idleSeconds).toBe(1200);
  });

  it('the secrets are in cookies that live as long as the secrets, and never in the body', async () => {
    const body = { username: 'sara', password: 'p', ...byCookie };
    const headers = { ...fromPortal, cookie: '__Host-hawiya-device=known' };
    const answer = await sessions().call('/sessions', body, headers);
    // The cookie may name a username here: these tokens are made up.
    expect(answer.cookies).toEqual([
      `__Host-hawiya-session=next-sara-on-known; Max-Age=3600; ${attributes}`,
      `__Host-hawiya-device=device-secret; Max-Age=2592000; ${attributes}`,
    ]);
    expect(answer.json).toEqual({
      tokens: {
        accessToken: 'access',
        idToken: 'id',
        expiresIn: 900,
        tokenType: 'Bearer',
        idleSeconds: 604_800,
      },
      device: { expiresAt: '2026-12-23T07:00:00.000Z' },
    });
    expect(answer.headers).toMatchObject({ 'Cache-Control': 'no-store' });
    expect(log.text()).not.toMatch(/next-|device-secret|known/);
  });

  it('the refresh token comes from the cookie, and the next one replaces it there', async () => {
    const { asked, call } = sessions();
    const answer = await call('/sessions/refresh', byCookie, withCookie('t1'));
    expect(answer).toMatchObject({ statusCode: 201, json: { tokens: { accessToken: 'access' } } });
    expect(asked).toEqual(['t1']);
    expect(answer.cookies).toEqual([`__Host-hawiya-session=next-t1; Max-Age=3600; ${attributes}`]);
    expect(answer.body).not.toContain('next-t1');
  });

  it('a refused session clears the cookie, and a failure keeps it', async () => {
    const { call } = sessions();
    const dead = await call('/sessions/refresh', byCookie, withCookie('dead'));
    expect(dead).toMatchObject({ statusCode: 401, json: { code: 'unauthenticated' } });
    expect(dead.cookies).toEqual([cleared]);
    const busy = await call('/sessions/refresh', byCookie, withCookie('busy'));
    expect(busy).toMatchObject({ statusCode: 503, cookies: undefined });
  });

  it('a call without a cookie has no session', async () => {
    const { asked, call } = sessions();
    for (const path of ['/sessions/refresh', '/sessions/revoke']) {
      const answer = await call(path, byCookie, fromPortal);
      expect(answer).toMatchObject({ statusCode: 401, json: { code: 'unauthenticated' } });
    }
    expect(asked).toEqual([]);
  });

  it('logging out clears the session’s cookie and keeps the device’s', async () => {
    const answer = await sessions().call('/sessions/revoke', byCookie, withCookie('t1'));
    expect(answer).toMatchObject({ statusCode: 204, body: '', cookies: [cleared] });
  });

  it('another site is refused before any token is used, and no cookie changes', async () => {
    const { asked, call } = sessions();
    const headers = { ...withCookie('t1'), origin: 'https://evil.test' };
    for (const path of ['/sessions/refresh', '/sessions/revoke']) {
      const answer = await call(path, byCookie, headers);
      expect(answer).toMatchObject({ statusCode: 403, json: { code: 'cross_site_request' } });
      expect(answer.cookies).toBeUndefined();
    }
    expect(asked).toEqual([]);
  });

  it('a second token in the body is refused, because either could be meant', async () => {
    const { asked, call } = sessions();
    const body = { ...byCookie, refreshToken: 't2' };
    const answer = await call('/sessions/refresh', body, withCookie('t1'));
    expect(answer).toMatchObject({
      statusCode: 400,
      json: { code: 'invalid_request', errors: [{ path: 'refreshToken' }] },
    });
    expect(asked).toEqual([]);
  });
});

describe('tokens in the body', () => {
  it('the body has all tokens, and an app sends no origin', async () => {
    const body = { username: 'sara', password: 'p' };
    const app = { 'content-type': 'application/json' };
    const answer = await sessions().call('/sessions', body, app);
    expect(answer.cookies).toBeUndefined();
    expect(answer.json).toEqual({
      tokens: {
        accessToken: 'access',
        idToken: 'id',
        refreshToken: 'next-sara-on-',
        expiresIn: 900,
        tokenType: 'Bearer',
        idleSeconds: 604_800,
      },
      device: { secret: 'device-secret', expiresAt: '2026-12-23T07:00:00.000Z' },
    });
  });

  it('no cookie is read and none is set, whatever the browser sends', async () => {
    const { asked, call } = sessions();
    const answer = await call('/sessions/refresh', { refreshToken: 't2' }, withCookie('t1'));
    expect(asked).toEqual(['t2']);
    expect(answer).toMatchObject({ statusCode: 201, cookies: undefined });
    expect(answer.json.tokens.refreshToken).toBe('next-t2');
    const dead = await call('/sessions/refresh', { refreshToken: 'dead' }, withCookie('t1'));
    expect(dead).toMatchObject({ statusCode: 401, cookies: undefined });
    expect((await call('/sessions/refresh', {}, withCookie('t1'))).statusCode).toBe(400);
  });
});
