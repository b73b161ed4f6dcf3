import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  ListGroupsCommand,
  RevokeTokenCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createUserPool, type LocalCognito, startCognito } from '../../local/cognito/cognito.ts';

// The properties that lib/stacks/identity-stack.ts synthesises.
const POOL = {
  AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
  AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
  Policies: { PasswordPolicy: { MinimumLength: 12, RequireNumbers: false } },
  UsernameConfiguration: { CaseSensitive: false },
};
const CLIENT = {
  UserPoolId: { Ref: 'UserPool' },
  AccessTokenValidity: 15,
  IdTokenValidity: 15,
  RefreshTokenValidity: 43_200,
  TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
  EnableTokenRevocation: true,
  ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
  PreventUserExistenceErrors: 'ENABLED',
  RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
};
const PASSWORD = 'correct horse battery';
const WRONG = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };
const LOCKED = { name: 'NotAuthorizedException', message: 'Password attempts exceeded' };
const REVOKED = { name: 'NotAuthorizedException', message: 'Refresh Token has been revoked' };
const REUSED = { name: 'RefreshTokenReuseException' };
const SECOND = 1000;
const DAY = 86_400 * SECOND;

let directory: string;
let now = Date.parse('2026-10-01T08:00:00Z');
let cognito: LocalCognito;
let sdk: CognitoIdentityProviderClient;
let UserPoolId: string;
let ClientId: string;
let users = 0;

async function start() {
  cognito = await startCognito({ dataDirectory: directory, now: () => now });
  const ids = await createUserPool(cognito, POOL, CLIENT);
  ({ userPoolId: UserPoolId, clientId: ClientId } = ids);
  sdk = new CognitoIdentityProviderClient({
    endpoint: cognito.endpoint,
    region: 'me-south-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return ids;
}

async function stop() {
  sdk.destroy();
  await cognito.stop();
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cognito-local-'));
  await start();
});

afterAll(async () => {
  await stop();
  await rm(directory, { recursive: true });
});

const later = (ms: number) => {
  now += ms;
};

const create = (Username: string, TemporaryPassword?: string) =>
  sdk.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      MessageAction: 'SUPPRESS',
      ...(TemporaryPassword && { TemporaryPassword }),
    }),
  );

const setPassword = (Username: string, Password: string, Permanent = true) =>
  sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent }));

const signIn = (USERNAME: string, password = PASSWORD) =>
  sdk.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD: password },
    }),
  );

/** Creates a confirmed user and returns its name. */
async function newUser() {
  users += 1;
  const name = `user-${users}`;
  await create(name);
  await setPassword(name, PASSWORD);
  return name;
}

async function signedIn(name: string) {
  const { AuthenticationResult: tokens } = await signIn(name);
  return complete(tokens);
}

async function refresh(RefreshToken: string, clientId = ClientId) {
  const command = new GetTokensFromRefreshTokenCommand({ ClientId: clientId, RefreshToken });
  const { AuthenticationResult: tokens } = await sdk.send(command);
  return complete(tokens);
}

interface Tokens {
  AccessToken?: string | undefined;
  IdToken?: string | undefined;
  RefreshToken?: string | undefined;
}

function complete(tokens: Tokens = {}) {
  const { AccessToken = '', IdToken = '', RefreshToken = '' } = tokens;
  return { AccessToken, IdToken, RefreshToken };
}

const revoke = (Token: string) => sdk.send(new RevokeTokenCommand({ ClientId, Token }));
const signOut = (Username: string) =>
  sdk.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username }));

async function claims(token: string) {
  const keys = createLocalJWKSet(cognito.jwks() as JSONWebKeySet);
  const issuer = cognito.issuer(UserPoolId);
  const { payload } = await jwtVerify(token, keys, { issuer, currentDate: new Date(now) });
  return payload;
}

/** Creates a client of its own and uses it while `work` runs. */
async function withClient(settings: object, work: () => Promise<void>) {
  const base = { UserPoolId, ClientName: 'other', ExplicitAuthFlows: CLIENT.ExplicitAuthFlows };
  const command = new CreateUserPoolClientCommand({ ...base, ...settings } as never);
  const { UserPoolClient } = await sdk.send(command);
  const usual = ClientId;
  ClientId = UserPoolClient?.ClientId ?? '';
  try {
    await work();
  } finally {
    ClientId = usual;
  }
}

describe('sign-in', () => {
  it('returns tokens with their type and the life of the access token in seconds', async () => {
    const { AuthenticationResult } = await signIn(await newUser());
    expect(AuthenticationResult).toMatchObject({ TokenType: 'Bearer', ExpiresIn: 900 });
    expect(AuthenticationResult?.RefreshToken).toMatch(/^[A-Za-z0-9-_=.]{1500,}$/);
  });

  it('answers a wrong password and an unknown user alike', async () => {
    await expect(signIn(await newUser(), 'wrong password')).rejects.toMatchObject(WRONG);
    await expect(signIn('nobody', 'wrong password')).rejects.toMatchObject(WRONG);
    await expect(signIn('constructor', 'wrong password')).rejects.toMatchObject(WRONG);
  });

  it('names the unknown user to a client in LEGACY mode', () =>
    withClient({ PreventUserExistenceErrors: 'LEGACY' }, () =>
      expect(signIn('nobody')).rejects.toMatchObject({ name: 'UserNotFoundException' }),
    ));

  it('refuses a disabled user', async () => {
    const Username = await newUser();
    await sdk.send(new AdminDisableUserCommand({ UserPoolId, Username }));
    const refusal = { name: 'NotAuthorizedException', message: 'User is disabled.' };
    await expect(signIn(Username)).rejects.toMatchObject(refusal);
    await sdk.send(new AdminEnableUserCommand({ UserPoolId, Username }));
    await expect(signIn(Username)).resolves.toHaveProperty('AuthenticationResult');
  });

  it('refuses a flow that the client does not allow', () =>
    withClient({ ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] }, () =>
      expect(signIn('anybody')).rejects.toMatchObject({ name: 'InvalidParameterException' }),
    ));

  it('refuses an unknown client, and one of another pool', async () => {
    const { UserPool } = await sdk.send(new CreateUserPoolCommand({ PoolName: 'another' }));
    const auth = { AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters: {} } as const;
    const others = [
      { UserPoolId, ClientId: 'none' },
      { UserPoolId: UserPool?.Id, ClientId },
    ];
    for (const ids of others) {
      const attempt = sdk.send(new AdminInitiateAuthCommand({ ...auth, ...ids }));
      await expect(attempt).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    }
  });

  it('asks a user with a temporary password for a new one, and returns no tokens', async () => {
    const name = await newUser();
    await setPassword(name, 'temporary password', false);
    const answer = await signIn(name, 'temporary password');
    expect(answer.ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    expect(answer.Session).toBeTruthy();
    expect(answer.AuthenticationResult).toBeUndefined();
    await expect(signIn(name, 'wrong password')).rejects.toMatchObject(WRONG);
  });

  it('ignores the case of the username', async () => {
    const name = await newUser();
    await expect(signIn(name.toUpperCase())).resolves.toHaveProperty('AuthenticationResult');
  });
});

describe('the lockout after wrong passwords', () => {
  const fail = async (name: string, times: number) => {
    for (let i = 0; i < times; i++) {
      await expect(signIn(name, 'wrong password')).rejects.toMatchObject(WRONG);
    }
  };

  it('starts with the fifth wrong password, refuses every password, and lasts one second', async () => {
    const name = await newUser();
    await fail(name, 5);
    await expect(signIn(name)).rejects.toMatchObject(LOCKED);
    later(SECOND);
    await expect(signIn(name)).resolves.toHaveProperty('AuthenticationResult');
  });

  it('doubles with each further wrong password, and not with attempts during a lockout', async () => {
    const name = await newUser();
    await fail(name, 5);
    for (const seconds of [1, 2, 4]) {
      later(seconds * SECOND - 1);
      await expect(signIn(name)).rejects.toMatchObject(LOCKED);
      later(1);
      await fail(name, 1);
    }
  });

  it('never lasts longer than about 15 minutes', async () => {
    const name = await newUser();
    await fail(name, 5);
    for (let i = 0; i < 12; i++) {
      // Refused attempts keep the count from being forgotten.
      await expect(signIn(name)).rejects.toMatchObject(LOCKED);
      later(899 * SECOND);
      await signIn(name, 'wrong password').catch(() => undefined);
    }
    later(450 * SECOND);
    await expect(signIn(name)).rejects.toMatchObject(LOCKED);
    later(450 * SECOND);
    await expect(signIn(name)).resolves.toHaveProperty('AuthenticationResult');
  });

  it('ends with a correct password, or after 15 minutes without an attempt', async () => {
    const name = await newUser();
    await fail(name, 4);
    await signIn(name);
    await fail(name, 4);
    later(900 * SECOND);
    await fail(name, 4);
    await expect(signIn(name)).resolves.toHaveProperty('AuthenticationResult');
  });

  it('counts wrong passwords that arrive in parallel', async () => {
    const name = await newUser();
    const tries = Array.from({ length: 20 }, () => signIn(name, 'wrong password'));
    const results = await Promise.allSettled(tries);
    const messages = results.map((result) => result.status === 'rejected' && result.reason.message);
    expect(messages.filter((message) => message === WRONG.message)).toHaveLength(5);
  });
});

describe('tokens', () => {
  it('carry the claims that our functions read, and verify with the published keys', async () => {
    const name = await newUser();
    const tokens = await signedIn(name);
    const access = await claims(tokens.AccessToken);
    const iat = Math.floor(now / 1000);
    const common = { iss: cognito.issuer(UserPoolId), iat, auth_time: iat, exp: iat + 900 };
    expect(access).toMatchObject({
      ...common,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      client_id: ClientId,
      username: name,
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
      jti: expect.any(String),
      origin_jti: expect.any(String),
    });
    const id = await claims(tokens.IdToken);
    const { sub, origin_jti } = access;
    const same = { ...common, sub, origin_jti };
    expect(id).toMatchObject({ ...same, token_use: 'id', aud: ClientId, 'cognito:username': name });
    expect(cognito.issuer(UserPoolId)).toBe(
      `https://cognito-idp.me-south-1.amazonaws.com/${UserPoolId}`,
    );
    const published = await fetch(`${cognito.endpoint}/${UserPoolId}/.well-known/jwks.json`);
    expect(await published.json()).toEqual(cognito.jwks());
  });

  it('say after a refresh when the user signed in, and which sign-in it was', async () => {
    const first = await signedIn(await newUser());
    const before = await claims(first.AccessToken);
    later(600 * SECOND);
    const after = await claims((await refresh(first.RefreshToken)).AccessToken);
    expect(after).toMatchObject({
      auth_time: before['auth_time'],
      origin_jti: before['origin_jti'],
    });
    expect(after.jti).not.toBe(before.jti);
    expect(after.exp).toBe((before.exp ?? 0) + 600);
  });

  it('live an hour, and refresh tokens 30 days, when the client sets no other time', () =>
    withClient({}, async () => {
      const tokens = await signedIn(await newUser());
      expect((await claims(tokens.AccessToken)).exp).toBe(Math.floor(now / 1000) + 3600);
      expect((await claims(tokens.IdToken)).exp).toBe(Math.floor(now / 1000) + 3600);
      later(30 * DAY - SECOND);
      await expect(refresh(tokens.RefreshToken)).resolves.toHaveProperty('AccessToken');
      later(SECOND);
      await expect(refresh(tokens.RefreshToken)).rejects.toThrow('expired');
    }));
});

describe('refresh', () => {
  it('returns a new refresh token that can be used in turn', async () => {
    const first = await signedIn(await newUser());
    const second = await refresh(first.RefreshToken);
    expect(second.RefreshToken).not.toBe(first.RefreshToken);
    later(DAY);
    const third = await refresh(second.RefreshToken);
    expect((await claims(third.AccessToken))['token_use']).toBe('access');
    expect((await claims(third.IdToken))['token_use']).toBe('id');
  });

  it('accepts a token twice within the grace period; a later use is a reuse', async () => {
    const { RefreshToken } = await signedIn(await newUser());
    const second = await refresh(RefreshToken);
    later(10 * SECOND - 1);
    const retried = await refresh(RefreshToken);
    // The period starts with the first use, so the retry does not extend it.
    later(1);
    await expect(refresh(RefreshToken)).rejects.toMatchObject(REUSED);
    await expect(refresh(second.RefreshToken)).resolves.toHaveProperty('AccessToken');
    await expect(refresh(retried.RefreshToken)).resolves.toHaveProperty('AccessToken');
    later(DAY);
    await expect(refresh(RefreshToken)).rejects.toMatchObject(REUSED);
  });

  it('accepts two parallel uses of one token', async () => {
    const { RefreshToken } = await signedIn(await newUser());
    const both = await Promise.all([refresh(RefreshToken), refresh(RefreshToken)]);
    expect(new Set(both.map((tokens) => tokens.RefreshToken)).size).toBe(2);
    for (const tokens of both) await refresh(tokens.RefreshToken);
  });

  it('invalidates the token at once when there is no grace period', () =>
    withClient(
      { RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 } },
      async () => {
        const { RefreshToken } = await signedIn(await newUser());
        await refresh(RefreshToken);
        await expect(refresh(RefreshToken)).rejects.toMatchObject(REUSED);
      },
    ));

  it('ends when the first token of the sign-in would have expired', async () => {
    let { RefreshToken } = await signedIn(await newUser());
    later(29 * DAY);
    ({ RefreshToken } = await refresh(RefreshToken));
    later(DAY - 1);
    ({ RefreshToken } = await refresh(RefreshToken));
    later(1);
    const refusal = { name: 'NotAuthorizedException' };
    await expect(refresh(RefreshToken)).rejects.toMatchObject(refusal);
  });

  it('refuses any other text than a refresh token of this client', async () => {
    const tokens = await signedIn(await newUser());
    const invalid = { name: 'NotAuthorizedException', message: 'Invalid Refresh Token.' };
    const forged = `${tokens.RefreshToken.slice(0, -1)}_`;
    for (const token of ['unknown', tokens.AccessToken, forged]) {
      await expect(refresh(token)).rejects.toMatchObject(invalid);
    }
    await withClient({}, () => expect(refresh(tokens.RefreshToken)).rejects.toMatchObject(invalid));
    const unknown = { name: 'ResourceNotFoundException' };
    await expect(refresh(tokens.RefreshToken, 'none')).rejects.toMatchObject(unknown);
  });

  it('is refused to disabled and deleted users; enabling a user revives no token', async () => {
    const Username = await newUser();
    const { RefreshToken } = await signedIn(Username);
    const refused = { name: 'NotAuthorizedException' };
    await sdk.send(new AdminDisableUserCommand({ UserPoolId, Username }));
    await expect(refresh(RefreshToken)).rejects.toMatchObject(refused);
    await sdk.send(new AdminEnableUserCommand({ UserPoolId, Username }));
    await expect(refresh(RefreshToken)).rejects.toMatchObject(REVOKED);

    const anew = await signedIn(Username);
    await sdk.send(new AdminDeleteUserCommand({ UserPoolId, Username }));
    await expect(refresh(anew.RefreshToken)).rejects.toMatchObject(refused);
    await create(Username);
    await expect(refresh(anew.RefreshToken)).rejects.toMatchObject(refused);
  });

  it('is refused for REFRESH_TOKEN_AUTH with rotation, and the pool refuses both settings together', async () => {
    const { RefreshToken: REFRESH_TOKEN } = await signedIn(await newUser());
    const auth = {
      ClientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN },
    } as const;
    const refused = { name: 'InvalidParameterException' };
    await expect(sdk.send(new InitiateAuthCommand(auth))).rejects.toMatchObject(refused);
    const asAdmin = new AdminInitiateAuthCommand({ UserPoolId, ...auth });
    await expect(sdk.send(asAdmin)).rejects.toMatchObject(refused);
    const both = { ...CLIENT, ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'], UserPoolId };
    await expect(withClient(both, async () => undefined)).rejects.toMatchObject(refused);
  });

  it('is refused for REFRESH_TOKEN_AUTH after rotation is switched on', () =>
    withClient(
      { ExplicitAuthFlows: [...CLIENT.ExplicitAuthFlows, 'ALLOW_REFRESH_TOKEN_AUTH'] },
      async () => {
        const { RefreshTokenRotation } = CLIENT;
        const settings = { UserPoolId, ClientId, RefreshTokenRotation } as never;
        await sdk.send(new UpdateUserPoolClientCommand(settings));
        const auth = { ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: {} } as const;
        const refused = { name: 'InvalidParameterException' };
        await expect(sdk.send(new InitiateAuthCommand(auth))).rejects.toMatchObject(refused);
      },
    ));

  it('works both ways without rotation, and keeps the refresh token', () =>
    withClient(
      { ExplicitAuthFlows: [...CLIENT.ExplicitAuthFlows, 'ALLOW_REFRESH_TOKEN_AUTH'] },
      async () => {
        const { RefreshToken } = await signedIn(await newUser());
        expect(await refresh(RefreshToken)).toMatchObject({ RefreshToken: '' });
        later(DAY);
        const { AuthenticationResult } = await sdk.send(
          new InitiateAuthCommand({
            ClientId,
            AuthFlow: 'REFRESH_TOKEN_AUTH',
            AuthParameters: { REFRESH_TOKEN: RefreshToken },
          }),
        );
        expect(AuthenticationResult?.AccessToken).toBeTruthy();
      },
    ));
});

describe('the end of a session', () => {
  it('AdminUserGlobalSignOut ends all refresh tokens of the user, and no other user’s', async () => {
    const name = await newUser();
    const mine = [await signedIn(name), await signedIn(name)];
    const other = await signedIn(await newUser());
    await signOut(name.toUpperCase());
    for (const { RefreshToken } of mine) {
      await expect(refresh(RefreshToken)).rejects.toMatchObject(REVOKED);
    }
    await expect(refresh(other.RefreshToken)).resolves.toHaveProperty('AccessToken');
    const again = await signedIn(name);
    await expect(refresh(again.RefreshToken)).resolves.toHaveProperty('AccessToken');
  });

  it('RevokeToken ends the token and those rotated from it, not another sign-in', async () => {
    const name = await newUser();
    const first = await signedIn(name);
    const other = await signedIn(name);
    const second = await refresh(first.RefreshToken);
    await revoke(first.RefreshToken);
    await expect(refresh(first.RefreshToken)).rejects.toMatchObject(REVOKED);
    await expect(refresh(second.RefreshToken)).rejects.toMatchObject(REVOKED);
    await expect(refresh(other.RefreshToken)).resolves.toHaveProperty('AccessToken');
  });

  it('RevokeToken accepts revoked and unknown tokens, but no access or ID token', async () => {
    const { RefreshToken, AccessToken, IdToken } = await signedIn(await newUser());
    await revoke(RefreshToken);
    await revoke(RefreshToken);
    await revoke('unknown');
    for (const token of [AccessToken, IdToken]) {
      const unsupported = { name: 'UnsupportedTokenTypeException' };
      await expect(revoke(token)).rejects.toMatchObject(unsupported);
    }
  });

  it('RevokeToken is refused to clients with revocation off', () =>
    withClient({ EnableTokenRevocation: false }, async () => {
      const { RefreshToken, AccessToken } = await signedIn(await newUser());
      expect(await claims(AccessToken)).not.toHaveProperty('origin_jti');
      const unsupported = { name: 'UnsupportedOperationException' };
      await expect(revoke(RefreshToken)).rejects.toMatchObject(unsupported);
    }));
});

describe('users', () => {
  it('exist once in every case of letters, and start with FORCE_CHANGE_PASSWORD', async () => {
    const { User } = await create('Sara');
    expect(User).toMatchObject({ Username: 'sara', UserStatus: 'FORCE_CHANGE_PASSWORD' });
    expect(User?.UserCreateDate).toEqual(new Date(now));
    const exists = { name: 'UsernameExistsException' };
    await expect(create('SARA')).rejects.toMatchObject(exists);
    await expect(create('constructor')).resolves.toHaveProperty('User');
  });

  it('exist once when two requests create them in parallel', async () => {
    const results = await Promise.allSettled([create('twin'), create('twin'), create('TWIN')]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('are confirmed by a permanent password only', async () => {
    const Username = await newUser();
    const status = async () =>
      (await sdk.send(new AdminGetUserCommand({ UserPoolId, Username }))).UserStatus;
    expect(await status()).toBe('CONFIRMED');
    await setPassword(Username, 'temporary password', false);
    expect(await status()).toBe('FORCE_CHANGE_PASSWORD');
  });

  it('who do not exist are UserNotFoundException', async () => {
    const user = { UserPoolId, Username: 'nobody' };
    const missing = { name: 'UserNotFoundException', message: 'User does not exist.' };
    await expect(setPassword('nobody', PASSWORD)).rejects.toMatchObject(missing);
    await expect(signOut('nobody')).rejects.toMatchObject(missing);
    await expect(sdk.send(new AdminGetUserCommand(user))).rejects.toMatchObject(missing);
    await expect(sdk.send(new AdminDisableUserCommand(user))).rejects.toMatchObject(missing);
    await expect(sdk.send(new AdminEnableUserCommand(user))).rejects.toMatchObject(missing);
    await expect(sdk.send(new AdminDeleteUserCommand(user))).rejects.toMatchObject(missing);
  });

  it('cannot have an attribute that the pool does not know', async () => {
    const command = (Name: string) =>
      new AdminCreateUserCommand({
        UserPoolId,
        Username: 'attributes',
        UserAttributes: [{ Name, Value: '+966500000001' }],
      });
    const invalid = { name: 'InvalidParameterException' };
    await expect(sdk.send(command('custom:none'))).rejects.toMatchObject(invalid);
    await expect(sdk.send(command('phone_number'))).resolves.toHaveProperty('User');
  });
});

describe('passwords', () => {
  it('that the API or the pool refuses are refused by error name, and the old one stays', async () => {
    const name = await newUser();
    const invalid = { name: 'InvalidParameterException' };
    await expect(setPassword(name, ' leading blank')).rejects.toMatchObject(invalid);
    await expect(setPassword(name, 'x'.repeat(257))).rejects.toMatchObject(invalid);
    const weak = {
      name: 'InvalidPasswordException',
      message: expect.stringMatching('long enough'),
    };
    await expect(setPassword(name, 'elevenchars')).rejects.toMatchObject(weak);
    await expect(create('weak', 'elevenchars')).rejects.toMatchObject({ name: weak.name });
    await expect(signIn(name)).resolves.toHaveProperty('AuthenticationResult');
    await setPassword(name, 'x'.repeat(256));
    await setPassword(name, 'كلمة مرور طويلة');
    await expect(signIn(name, 'كلمة مرور طويلة')).resolves.toHaveProperty('AuthenticationResult');
  });

  it('need the character classes of the policy, all of them by default', async () => {
    const { UserPool } = await sdk.send(new CreateUserPoolCommand({ PoolName: 'strict' }));
    const user = { UserPoolId: UserPool?.Id, Username: 'sara' };
    await sdk.send(new AdminCreateUserCommand(user));
    const set = (Password: string) =>
      sdk.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }));
    const cases = { lowercase: 'AAA-1111', uppercase: 'aaa-1111', numeric: 'aaa-AAAA' };
    for (const [missing, password] of Object.entries({ ...cases, symbol: 'aaaA1111' })) {
      await expect(set(password)).rejects.toThrow(`must have ${missing} characters`);
    }
    await set('aaa-A111');
  });

  it('are not stored in clear text', async () => {
    const files = await readdir(directory);
    const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
    expect(texts.join()).toContain('user-1');
    expect(texts.join()).not.toContain(PASSWORD);
  });
});

describe('the emulator', () => {
  it('returns the settings of the pool and the client', async () => {
    const pool = await sdk.send(new DescribeUserPoolCommand({ UserPoolId }));
    const { PasswordPolicy } = pool.UserPool?.Policies ?? {};
    expect(PasswordPolicy).toMatchObject({ MinimumLength: 12, RequireSymbols: false });
    const client = await sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    const { RefreshTokenRotation, TokenValidityUnits } = CLIENT;
    expect(client.UserPoolClient).toMatchObject({ RefreshTokenRotation, TokenValidityUnits });
  });

  it('keeps ids, users, sessions and lockouts through a restart', async () => {
    const [name, locked] = [await newUser(), await newUser()];
    const first = await signedIn(name);
    const second = await refresh(first.RefreshToken);
    for (let i = 0; i < 5; i++) await signIn(locked, 'wrong password').catch(() => undefined);
    const ids = { userPoolId: UserPoolId, clientId: ClientId };
    await stop();
    expect(await start()).toEqual(ids);

    await expect(signIn(locked)).rejects.toMatchObject(LOCKED);
    await expect(signIn(name)).resolves.toHaveProperty('AuthenticationResult');
    await expect(claims(second.AccessToken)).resolves.toMatchObject({ username: name });
    await expect(refresh(second.RefreshToken)).resolves.toHaveProperty('AccessToken');
    later(10 * SECOND);
    await expect(refresh(first.RefreshToken)).rejects.toMatchObject(REUSED);
    const user = await sdk.send(new AdminGetUserCommand({ UserPoolId, Username: name }));
    expect(user.UserCreateDate).toBeInstanceOf(Date);
  });

  it('names an operation that it does not have', async () => {
    const unsupported = sdk.send(new ListGroupsCommand({ UserPoolId }));
    await expect(unsupported).rejects.toMatchObject({ name: 'Unsupported' });
  });

  it('writes nothing to the console, only to its log, and frees its port', async () => {
    const spies = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    const lines: string[] = [];
    const dataDirectory = join(directory, 'quiet');
    const quiet = await startCognito({ dataDirectory, log: (line) => lines.push(line) });
    const send = (body: string, target: string) =>
      fetch(quiet.endpoint, {
        method: 'POST',
        body,
        headers: { 'x-amz-target': `x.${target}`, 'content-type': 'application/x-amz-json-1.1' },
      });
    expect((await send('{', 'AdminGetUser')).status).toBe(400);
    const refused = await send('{"UserPoolId":"none"}', 'AdminGetUser');
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ __type: 'ResourceNotFoundException' });
    await quiet.stop();
    await expect(send('{}', 'AdminGetUser')).rejects.toThrow();
    expect(lines.join()).toContain('User Pool none not found');
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});
