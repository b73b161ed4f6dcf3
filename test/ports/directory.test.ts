import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DirectoryTokens } from '#core/ports/directory-tokens.ts';
import type { DirectoryUsers } from '#core/ports/directory-users.ts';
import { readClaims } from '#core/session/open-session.ts';
import { createDirectoryTokens } from '../../lambdas/adapters/cognito/directory-tokens.ts';
import { createDirectoryUsers } from '../../lambdas/adapters/cognito/directory-users.ts';
import { createUserPool, type LocalCognito, startCognito } from '../../local/cognito/cognito.ts';
import { fakeDirectory } from '../support/fakes/directory.ts';

const dataDirectory = mkdtempSync(join(tmpdir(), 'hawiya-user-pool-'));
let cognito: LocalCognito;
let pool: Parameters<typeof createDirectoryTokens>[0];

beforeAll(async () => {
  cognito = await startCognito({ dataDirectory });
  const ids = await createUserPool(
    cognito,
    {
      Policies: { PasswordPolicy: { MinimumLength: 12 } },
      UsernameConfiguration: { CaseSensitive: false },
      Schema: [{ Name: 'origin', AttributeDataType: 'String', Mutable: false }],
    },
    {
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    },
  );
  const client = new CognitoIdentityProviderClient({
    endpoint: cognito.endpoint,
    region: 'me-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  pool = { client, passwordClient: client, ...ids };
});

afterAll(async () => {
  await cognito.stop();
  rmSync(dataDirectory, { recursive: true });
});

const password = 'حصان أزرق يقرأ كتابا';

type Directory = DirectoryUsers & DirectoryTokens;
const implementations: [string, () => Directory][] = [
  ['the fake', () => fakeDirectory()],
  ['Cognito', () => ({ ...createDirectoryUsers(pool), ...createDirectoryTokens(pool) })],
];

describe.each(implementations)('users in %s', (name, open) => {
  let directory: Directory;
  beforeAll(() => {
    directory = open();
  });

  let count = 0;
  async function user(): Promise<string> {
    const username = `user${name.length}.${count++}`;
    expect(await directory.setPassword(await idOf(username), password)).toEqual({ kind: 'set' });
    return username;
  }

  /** The id of the user of that name, who is created when there is none. */
  async function idOf(username: string): Promise<string> {
    const created = await directory.createUser(username);
    if (created.kind === 'taken') throw new Error('The name belongs to another user');
    return created.userId;
  }

  async function login(username: string, typed = password) {
    const result = await directory.authenticate(username, typed);
    if (result.kind === 'rejected') throw new Error('The login was rejected');
    return result.tokens;
  }

  it('are created once: a second creation finds the same user', async () => {
    const first = await directory.createUser('sara.twice');
    expect(first.kind).toBe('created');
    expect(await directory.createUser('sara.twice')).toEqual(first);
  });

  it('log in with their password and no other', async () => {
    const username = await user();
    expect((await login(username)).expiresIn).toBeGreaterThan(0);
    const wrong = await directory.authenticate(username, 'a wrong password');
    expect(wrong).toEqual({ kind: 'rejected' });
    const unknown = await directory.authenticate('nobody.here', password);
    expect(unknown).toEqual({ kind: 'rejected' });
  });

  it('cannot log in before they have a password', async () => {
    await directory.createUser('sara.unfinished');
    const result = await directory.authenticate('sara.unfinished', password);
    expect(result).toEqual({ kind: 'rejected' });
  });

  it('get no short password, and no password when they do not exist', async () => {
    const username = await user();
    const short = await directory.setPassword(await idOf(username), 'short');
    expect(short).toEqual({ kind: 'rejected' });
    expect(await directory.setPassword(randomUUID(), password)).toEqual({ kind: 'unknown' });
  });

  it('refresh any number of times with one token: only our own token rotates', async () => {
    const { refreshToken } = await login(await user());
    for (let i = 0; i < 2; i++) {
      const result = await directory.refresh(refreshToken);
      if (result.kind === 'rejected') throw new Error('The refresh was rejected');
      expect(result.tokens.refreshToken).toBe(refreshToken);
    }
  });

  it('have tokens that name user, session and sign-in, unchanged after a refresh', async () => {
    const username = await user();
    const created = await directory.createUser(username);
    const { accessToken, refreshToken } = await login(username);
    const claims = readClaims(accessToken);
    expect(created).toEqual({ kind: 'created', userId: claims.sub });
    const result = await directory.refresh(refreshToken);
    if (result.kind === 'rejected') throw new Error('The refresh was rejected');
    expect(readClaims(result.tokens.accessToken)).toEqual(claims);
    expect(readClaims((await login(username)).accessToken).origin_jti).not.toBe(claims.origin_jti);
  });

  it('cannot refresh with any other text', async () => {
    expect(await directory.refresh('nonsense')).toEqual({ kind: 'rejected' });
  });

  it('end one session, also when asked twice', async () => {
    const username = await user();
    const [one, other] = [await login(username), await login(username)];
    await directory.revoke(one.refreshToken);
    await directory.revoke(one.refreshToken);
    await directory.revoke('nonsense');
    expect(await directory.refresh(one.refreshToken)).toEqual({ kind: 'rejected' });
    expect((await directory.refresh(other.refreshToken)).kind).toBe('refreshed');
  });

  it('are deleted by their id, with their sessions, also when asked twice', async () => {
    const username = await user();
    const { refreshToken } = await login(username);
    const userId = await idOf(username);
    await directory.deleteUser(userId);
    await directory.deleteUser(userId);
    expect(await directory.authenticate(username, password)).toEqual({ kind: 'rejected' });
    expect(await directory.refresh(refreshToken)).toEqual({ kind: 'rejected' });
    expect(await directory.setPassword(userId, password)).toEqual({ kind: 'unknown' });
  });

  it('leave their name to a new user, whom a late deletion, password or sign-out does not reach', async () => {
    const username = await user();
    const first = await idOf(username);
    await directory.deleteUser(first);
    await directory.setPassword(await idOf(username), password);
    const { refreshToken } = await login(username);
    await directory.deleteUser(first);
    const late = await directory.setPassword(first, 'the former owner knows this');
    expect(late).toEqual({ kind: 'unknown' });
    await directory.signOutEverywhere(first).catch(() => undefined);
    expect((await login(username)).expiresIn).toBeGreaterThan(0);
    expect((await directory.refresh(refreshToken)).kind).toBe('refreshed');
  });

  it('end every session', async () => {
    const username = await user();
    const sessions = [await login(username), await login(username)];
    await directory.signOutEverywhere(await idOf(username));
    for (const { refreshToken } of sessions) {
      expect(await directory.refresh(refreshToken)).toEqual({ kind: 'rejected' });
    }
  });
});

describe('a user that no registration created', () => {
  it('counts as taken: a registration never sets its password', async () => {
    const user = { UserPoolId: pool.userPoolId, Username: 'employee.one' };
    await pool.client.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
    const administration = createDirectoryUsers(pool);
    expect(await administration.createUser('employee.one')).toEqual({ kind: 'taken' });
  });
});
