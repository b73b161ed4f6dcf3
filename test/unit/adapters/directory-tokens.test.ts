import {
  AdminInitiateAuthCommand,
  CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
  InternalErrorException,
  InvalidParameterException,
  NotAuthorizedException,
  PasswordResetRequiredException,
  RevokeTokenCommand,
  TooManyRequestsException,
  UnauthorizedException,
  UserNotConfirmedException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DirectoryUnavailable } from '#core/model/directory-unavailable.ts';
import { createDirectoryTokens } from '../../../lambdas/adapters/cognito/directory-tokens.ts';

const cognito = mockClient(CognitoIdentityProviderClient);
const client = new CognitoIdentityProviderClient({ region: 'me-south-1' });
const sessions = createDirectoryTokens({
  client,
  passwordClient: client,
  userPoolId: 'pool',
  clientId: 'client',
});
const result = { AccessToken: 'a', IdToken: 'i', RefreshToken: 'r2', ExpiresIn: 900 };
const tokens = { accessToken: 'a', idToken: 'i', refreshToken: 'r2', expiresIn: 900 };
const details = { $metadata: {}, message: 'x' };

/** Failures without an answer, and whether the directory may have judged. */
const failures: [string, Error, { answerLost: boolean }][] = [
  ['throttling', new TooManyRequestsException(details), { answerLost: false }],
  ['no connection', failure('ECONNREFUSED'), { answerLost: false }],
  ['a lost connection', failure('ECONNRESET'), { answerLost: true }],
  ['a time-out', Object.assign(new Error('slow'), { name: 'TimeoutError' }), { answerLost: true }],
  ['an internal error', new InternalErrorException(details), { answerLost: true }],
];

function failure(code: string): Error {
  return Object.assign(new Error('hang up'), { code });
}

beforeEach(() => {
  cognito.reset();
});

describe('logging in', () => {
  it('uses the server-side password flow', async () => {
    cognito.on(AdminInitiateAuthCommand).resolves({ AuthenticationResult: result });
    expect(await sessions.authenticate('nora', 'pass')).toEqual({ kind: 'authenticated', tokens });
    expect(cognito.call(0).args[0].input).toEqual({
      UserPoolId: 'pool',
      ClientId: 'client',
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'nora', PASSWORD: 'pass' },
    });
  });

  it.each([
    NotAuthorizedException,
    UserNotFoundException,
    UserNotConfirmedException,
    PasswordResetRequiredException,
  ])('answers every kind of refusal alike: %o', async (Refusal) => {
    cognito.on(AdminInitiateAuthCommand).rejects(new Refusal(details));
    expect(await sessions.authenticate('nora', 'pass')).toEqual({ kind: 'rejected' });
  });

  it('is refused when Cognito asks for one more step', async () => {
    const answer = { ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: 's' } as const;
    cognito.on(AdminInitiateAuthCommand).resolves(answer);
    expect(await sessions.authenticate('nora', 'pass')).toEqual({ kind: 'rejected' });
  });

  it.each(['AccessToken', 'IdToken', 'RefreshToken', 'ExpiresIn'])(
    'fails when %s is missing: half a session is never returned',
    async (name) => {
      const answer = { AuthenticationResult: { ...result, [name]: undefined } };
      cognito.on(AdminInitiateAuthCommand).resolves(answer);
      await expect(sessions.authenticate('nora', 'pass')).rejects.toThrow('left out a token');
    },
  );

  it.each(failures)(
    'is not refused by %s: the directory gave no answer',
    async (_what, cause, outcome) => {
      cognito.on(AdminInitiateAuthCommand).rejects(cause);
      const tried = await sessions.authenticate('nora', 'pass').catch((error) => error);
      expect(tried).toBeInstanceOf(DirectoryUnavailable);
      expect(tried).toMatchObject({ code: 'unavailable', cause, ...outcome });
    },
  );

  it('passes on an error that is a fault of the stage', async () => {
    const error = new InvalidParameterException(details);
    cognito.on(AdminInitiateAuthCommand).rejects(error);
    await expect(sessions.authenticate('nora', 'pass')).rejects.toBe(error);
  });
});

describe('refreshing', () => {
  it('returns fresh tokens and keeps the refresh token, which Cognito does not rotate', async () => {
    const { RefreshToken: _, ...rest } = result;
    cognito.on(GetTokensFromRefreshTokenCommand).resolves({ AuthenticationResult: rest });
    const fresh = { ...tokens, refreshToken: 'r1' };
    expect(await sessions.refresh('r1')).toEqual({ kind: 'refreshed', tokens: fresh });
    expect(cognito.call(0).args[0].input).toEqual({ ClientId: 'client', RefreshToken: 'r1' });
  });

  it.each([NotAuthorizedException, UserNotFoundException, InvalidParameterException])(
    'is refused alike by %o',
    async (Refusal) => {
      cognito.on(GetTokensFromRefreshTokenCommand).rejects(new Refusal(details));
      expect(await sessions.refresh('r1')).toEqual({ kind: 'rejected' });
    },
  );

  it('is refused when no tokens come back', async () => {
    cognito.on(GetTokensFromRefreshTokenCommand).resolves({});
    expect(await sessions.refresh('r1')).toEqual({ kind: 'rejected' });
  });

  it.each(failures)('is not refused by %s: the session is still good', async (_what, cause) => {
    cognito.on(GetTokensFromRefreshTokenCommand).rejects(cause);
    await expect(sessions.refresh('r1')).rejects.toMatchObject({ code: 'unavailable', cause });
  });
});

describe('revoking', () => {
  it('revokes the given token', async () => {
    cognito.on(RevokeTokenCommand).resolves({});
    await sessions.revoke('r1');
    expect(cognito.call(0).args[0].input).toEqual({ ClientId: 'client', Token: 'r1' });
  });

  it.each([NotAuthorizedException, InvalidParameterException, UnauthorizedException])(
    'accepts a token that has already ended: %o',
    async (Refusal) => {
      cognito.on(RevokeTokenCommand).rejects(new Refusal(details));
      await expect(sessions.revoke('r1')).resolves.toBeUndefined();
    },
  );

  it.each(failures)('never reports success after %s', async (_what, cause) => {
    cognito.on(RevokeTokenCommand).rejects(cause);
    await expect(sessions.revoke('r1')).rejects.toMatchObject({ code: 'unavailable', cause });
  });
});
