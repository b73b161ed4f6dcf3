import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  InvalidPasswordException,
  TooManyRequestsException,
  UserNotFoundException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDirectoryUsers } from '../../../lambdas/adapters/cognito/directory-users.ts';

const cognito = mockClient(CognitoIdentityProviderClient);
const client = new CognitoIdentityProviderClient({ region: 'me-south-1' });
const users = createDirectoryUsers({ client, userPoolId: 'pool' });
const nora = { UserPoolId: 'pool', Username: 'nora' };
const sub = { Name: 'sub', Value: 'user-1' };
const origin = { Name: 'custom:origin', Value: 'registration' };
const details = { $metadata: {}, message: 'nora 0551234567' };

beforeEach(() => {
  cognito.reset();
});

describe('creating a user', () => {
  it('marks the user as created by a registration and sends no message', async () => {
    cognito.on(AdminCreateUserCommand).resolves({ User: { Attributes: [sub] } });
    expect(await users.createUser('nora')).toEqual({ kind: 'created', userId: 'user-1' });
    expect(cognito.calls().map(({ args }) => args[0].input)).toEqual([
      { ...nora, MessageAction: 'SUPPRESS', UserAttributes: [origin] },
    ]);
  });

  it('finds the user that an unfinished registration left', async () => {
    cognito.on(AdminCreateUserCommand).rejects(new UsernameExistsException(details));
    cognito.on(AdminGetUserCommand, nora).resolves({
      Username: 'nora',
      UserAttributes: [sub, origin],
    });
    expect(await users.createUser('nora')).toEqual({ kind: 'created', userId: 'user-1' });
  });

  it.each([
    ['without an origin', [sub]],
    ['of another origin', [sub, { Name: 'custom:origin', Value: 'import' }]],
    ['with the word elsewhere', [sub, { Name: 'name', Value: 'registration' }]],
    ['without attributes', undefined],
  ])('never takes over a user %s', async (_what, UserAttributes) => {
    cognito.on(AdminCreateUserCommand).rejects(new UsernameExistsException(details));
    cognito
      .on(AdminGetUserCommand)
      .resolves({ Username: 'nora', ...(UserAttributes && { UserAttributes }) });
    expect(await users.createUser('nora')).toEqual({ kind: 'taken' });
  });

  it('fails when Cognito names no id: no account is opened without one', async () => {
    cognito.on(AdminCreateUserCommand).resolves({ User: { Attributes: [] } });
    await expect(users.createUser('nora')).rejects.toThrow('sub');
  });
});

describe('setting a password', () => {
  it('makes the password permanent: a temporary one could not log in', async () => {
    cognito.on(AdminSetUserPasswordCommand).resolves({});
    expect(await users.setPassword('user-1', 'river wolf teapot')).toEqual({ kind: 'set' });
    expect(cognito.call(0).args[0].input).toEqual({
      UserPoolId: 'pool',
      Username: 'user-1',
      Password: 'river wolf teapot',
      Permanent: true,
    });
  });

  it.each([
    ['rejected', new InvalidPasswordException(details)],
    ['unknown', new UserNotFoundException(details)],
  ])('is %s when Cognito says so', async (kind, error) => {
    cognito.on(AdminSetUserPasswordCommand).rejects(error);
    expect(await users.setPassword('user-1', 'x')).toEqual({ kind });
  });
});

it('signing out everywhere ends the sessions of that user', async () => {
  cognito.on(AdminUserGlobalSignOutCommand).resolves({});
  await users.signOutEverywhere('user-1');
  expect(
    cognito.commandCalls(AdminUserGlobalSignOutCommand, { UserPoolId: 'pool', Username: 'user-1' }),
  ).toHaveLength(1);
});

describe('any other failure', () => {
  const network = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  it.each([
    ['a lost connection', network],
    ['throttling', new TooManyRequestsException(details)],
  ])('%s is never taken for an answer', async (_what, cause) => {
    cognito.onAnyCommand().rejects(cause);
    const unavailable = { code: 'unavailable', cause };
    await expect(users.createUser('nora')).rejects.toMatchObject(unavailable);
    await expect(users.setPassword('user-1', 'x')).rejects.toMatchObject(unavailable);
    await expect(users.signOutEverywhere('user-1')).rejects.toMatchObject(unavailable);
    await expect(users.deleteUser('user-1')).rejects.toMatchObject(unavailable);
  });

  it('a failed look-up of an existing user is never taken for "taken"', async () => {
    cognito.on(AdminCreateUserCommand).rejects(new UsernameExistsException(details));
    cognito.on(AdminGetUserCommand).rejects(network);
    await expect(users.createUser('nora')).rejects.toMatchObject({ cause: network });
  });
});

describe('deleting a user', () => {
  it('names the user by id, because the name may belong to another user by now', async () => {
    cognito.on(AdminDeleteUserCommand).resolves({});
    await users.deleteUser('user-1');
    const [call] = cognito.commandCalls(AdminDeleteUserCommand);
    expect(call?.args[0].input).toEqual({ UserPoolId: 'pool', Username: 'user-1' });
  });

  it('succeeds for an unknown user, and fails for every other error', async () => {
    cognito.on(AdminDeleteUserCommand).rejects(new UserNotFoundException(details));
    await expect(users.deleteUser('user-1')).resolves.toBeUndefined();
    cognito.on(AdminDeleteUserCommand).rejects(new TooManyRequestsException(details));
    await expect(users.deleteUser('user-1')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
