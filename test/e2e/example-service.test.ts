import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { idTokens } from '../../examples/service/id-tokens.ts';
import { createService } from '../../examples/service/service.ts';
import { issueTokens } from '../../local/cognito/tokens.ts';
import { openWorld, type World } from '../support/world/world.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const minute = 60_000;

let world: World;
let service: Server;
let tokens: { accessToken: string; idToken: string; refreshToken: string };
let username: string;

beforeAll(async () => {
  world = await openWorld();
  service = await serviceThatTrusts(world.serving.directory);
  const person = await world.subscriber();
  username = person.username;
  tokens = (await world.logIn(person)).body.tokens;
});
afterAll(async () => {
  service.close();
  await world.close();
});
afterEach(() => {
  vi.useRealTimers();
});

async function serviceThatTrusts(trust: Parameters<typeof idTokens>[0]): Promise<Server> {
  const server = createService(idTokens(trust)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function appointments(authorization?: string, server = service) {
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/appointments`, {
    headers: authorization === undefined ? {} : { authorization },
  });
  const challenge = answer.headers.get('www-authenticate');
  return { status: answer.status, challenge, body: await answer.json() };
}

const bearer = (token: string) => appointments(`Bearer ${token}`);

type Claims = Record<string, unknown>;
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const read = (text = ''): Claims => JSON.parse(Buffer.from(text, 'base64url').toString());
const claimsOf = (token: string) => read(token.split('.')[1]);

/** The same token with other claims and its old signature. */
function tampered(token: string, changes: Claims): string {
  const [header, payload, signature] = token.split('.');
  return [header, part({ ...read(payload), ...changes }), signature].join('.');
}

/** A token that the local Cognito's key signed, genuine except for the given claims. */
function genuine({
  issuer = world.serving.directory.issuer,
  clientId = world.serving.directory.clientId,
} = {}): string {
  const now = Date.now();
  const minutes = { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'days' };
  const client = { ClientId: clientId, IdTokenValidity: 15, TokenValidityUnits: minutes };
  const user = { Username: username, Attributes: [{ Name: 'sub', Value: randomUUID() }] };
  const session = { originJti: randomUUID(), authTime: Math.floor(now / 1000) };
  return issueTokens(
    user as Parameters<typeof issueTokens>[0],
    client as Parameters<typeof issueTokens>[1],
    session as Parameters<typeof issueTokens>[2],
    issuer,
    now,
  ).IdToken;
}

/** The public key as PEM, which a careless verifier would take for a shared secret. */
function publicPem(): string | Buffer {
  const [key = {}] = world.cloud.cognito.jwks().keys;
  return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
}

const refused = { status: 401, challenge: 'Bearer error="invalid_token"' };

describe('the example service', () => {
  it('accepts the ID token of a login, and knows its user', async () => {
    const answer = await bearer(tokens.idToken);
    expect(answer).toMatchObject({ status: 200, challenge: null });
    const { sub } = claimsOf(tokens.idToken);
    expect(answer.body).toMatchObject({ userId: sub, username });
  });

  it('accepts a token made as the tests below make theirs, so that those are refused for their claims', async () => {
    expect((await bearer(genuine())).status).toBe(200);
  });

  it('refuses the same token once its fifteen minutes are over', async () => {
    const { exp } = claimsOf(tokens.idToken);
    vi.useFakeTimers({ toFake: ['Date'], now: Number(exp) * 1000 - 1000 });
    expect((await bearer(tokens.idToken)).status).toBe(200);
    vi.setSystemTime(Number(exp) * 1000 + 1000);
    expect(await bearer(tokens.idToken)).toMatchObject(refused);
  });

  it('refuses a token whose expiry was changed', async () => {
    const { idToken } = tokens;
    const later = { exp: Math.floor((Date.now() + 60 * minute) / 1000) };
    expect(await bearer(tampered(idToken, later))).toMatchObject(refused);
  });

  it('refuses a token of another pool, even when the same key signed it', async () => {
    const issuer = world.serving.directory.issuer.replace(/_.*/, '_0therPoo1');
    expect(await bearer(genuine({ issuer }))).toMatchObject(refused);
  });

  it('refuses a token of another client of the same pool', async () => {
    expect(await bearer(genuine({ clientId: 'a1b2c3' }))).toMatchObject(refused);
  });

  it('refuses a token whose person was changed', async () => {
    const changed = tampered(tokens.idToken, { sub: randomUUID(), 'cognito:username': 'somebody' });
    expect(await bearer(changed)).toMatchObject(refused);
  });

  it('refuses an access token, with which it could act on the account', async () => {
    expect(await bearer(tokens.accessToken)).toMatchObject(refused);
  });

  it('refuses a refresh token', async () => {
    expect(await bearer(tokens.refreshToken)).toMatchObject(refused);
  });

  it.each<[string, (signed: string, kid: unknown) => string]>([
    ['with no algorithm', (claims, kid) => `${part({ kid, alg: 'none' })}.${claims}.`],
    [
      'with the public key as a shared secret',
      (claims, kid) => {
        const text = `${part({ kid, alg: 'HS256' })}.${claims}`;
        return `${text}.${createHmac('sha256', publicPem()).update(text).digest('base64url')}`;
      },
    ],
    [
      'with another key under the real key’s id',
      (claims, kid) => {
        const text = `${part({ kid, alg: 'RS256' })}.${claims}`;
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
      },
    ],
  ])('refuses a token signed %s', async (_how, forge) => {
    const [header, payload = ''] = tokens.idToken.split('.');
    expect(await bearer(forge(payload, read(header)['kid']))).toMatchObject(refused);
  });

  it.each([undefined, '', 'Bearer', 'Bearer x y', 'Basic c2FyYTpx', 'Bearer not.a.token'])(
    'refuses the header %j',
    async (header) => {
      const { status, body } = await appointments(header);
      expect(status).toBe(401);
      expect(body).toEqual({ message: 'Log in first' });
    },
  );

  it('asks to try again, not to log in, when it cannot fetch the keys', async () => {
    const nowhere = { ...world.serving.directory, jwksUri: 'http://127.0.0.1:1/jwks.json' };
    const lost = await serviceThatTrusts(nowhere);
    expect((await appointments(`Bearer ${tokens.idToken}`, lost)).status).toBe(503);
    lost.close();
  });
});

describe('the README of the example service', () => {
  let child: ChildProcess | undefined;
  afterEach(() => {
    child?.kill();
  });

  it('starts the service with its commands', async () => {
    const readme = readFileSync(`${root}examples/service/README.md`, 'utf8');
    const [, commands = ''] = /```sh\n([\s\S]*?)```/.exec(readme) ?? [];
    const [start, example = '', ...others] = commands.trim().split('\n');
    expect([start, others]).toEqual(['npm start', []]);
    const [npm = '', ...words] = example.split(' ');
    const given = words.map((word) => word.replace('http://localhost:3000', world.serving.url));

    child = spawn(npm, given, { cwd: root, env: { ...process.env, PORT: '0' } });
    const url = await addressIn(child);
    const authorization = `Bearer ${tokens.idToken}`;
    const [taken, none] = await Promise.all([
      fetch(url, { headers: { authorization } }),
      fetch(url),
    ]);
    expect([taken.status, none.status]).toEqual([200, 401]);
  });

  async function addressIn({ stdout }: ChildProcess): Promise<string> {
    if (!stdout) throw new Error('The example service has no output');
    for await (const line of createInterface(stdout)) {
      const [found] = /http:\/\/localhost:\d+\/appointments/.exec(line) ?? [];
      if (found) return found;
    }
    throw new Error('The example service did not start');
  }
});
