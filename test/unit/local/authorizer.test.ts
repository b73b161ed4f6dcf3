import { generateKeyPair } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  issuer,
  now,
  scope,
  startGateway,
  type TestGateway,
  tokenWith,
} from '../../support/infra/rest-api.ts';

const strangers = await generateKeyPair('RS256');

let gateway: TestGateway;

beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.stop());

describe('the Cognito authorizer', () => {
  const open = (path: string, authorization?: string) =>
    fetch(gateway.base + path, { headers: authorization ? { authorization } : {} });

  it('takes an access token with the scope, with and without Bearer', async () => {
    const token = await tokenWith({ token_use: 'access', scope: `openid ${scope}` });
    expect((await open('/v1/account', token)).status).toBe(200);
    expect((await open('/v1/account', `Bearer ${token}`)).status).toBe(200);
  });

  it('takes an ID token, and no access token, when no scope is declared', async () => {
    expect((await open('/v1/profile', await tokenWith({ token_use: 'id' }))).status).toBe(200);
    const access = await tokenWith({ token_use: 'access', scope });
    expect((await open('/v1/profile', access)).status).toBe(401);
  });

  it('passes the claims on as strings, with dates as API Gateway writes them', async () => {
    const token = await tokenWith({
      token_use: 'access',
      scope,
      sub: 's-1',
      auth_time: now / 1000,
      'cognito:groups': ['a', 'b'],
    });
    await open('/v1/account', token);
    expect(gateway.firstEvent().requestContext.authorizer).toEqual({
      claims: {
        iss: issuer,
        token_use: 'access',
        scope,
        sub: 's-1',
        auth_time: String(now / 1000),
        'cognito:groups': 'a,b',
        iat: 'Fri Jan 02 12:00:00 UTC 2026',
        exp: 'Fri Jan 02 12:15:00 UTC 2026',
      },
    });
  });

  it.each([
    ['no token', async () => undefined],
    ['an empty Bearer', async () => 'Bearer '],
    ['what is no token', async () => 'Bearer nonsense'],
    ['an ID token where a scope is declared', () => tokenWith({ token_use: 'id', scope })],
    ['another scope', () => tokenWith({ token_use: 'access', scope: 'openid' })],
    ['no scope at all', () => tokenWith({ token_use: 'access' })],
    ['another issuer', () => tokenWith({ token_use: 'access', scope, iss: 'https://other' })],
    ['no expiry', () => tokenWith({ token_use: 'access', scope, exp: undefined })],
    [
      'a stranger’s signature',
      () => tokenWith({ token_use: 'access', scope }, strangers.privateKey),
    ],
    ['no signature', () => unsigned({ token_use: 'access', scope, iss: issuer, exp: now })],
  ])('refuses %s', async (_, token) => {
    const response = await open('/v1/account', await token());
    expect(response.status).toBe(401);
    expect(response.headers.get('x-amzn-errortype')).toBe('UnauthorizedException');
    expect(await response.json()).toEqual({ message: 'Unauthorized' });
    expect(gateway.events).toEqual([]);
  });

  it('refuses an expired token by the injected clock, and says that it expired', async () => {
    const expired = { token_use: 'access', scope, exp: now / 1000 - 1 };
    const response = await open('/v1/account', await tokenWith(expired));
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: 'The incoming token has expired' });
  });
});

async function unsigned(claims: Record<string, unknown>): Promise<string> {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}
