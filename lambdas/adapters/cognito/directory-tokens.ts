import {
  AdminInitiateAuthCommand,
  type AuthenticationResultType,
  type CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
  InvalidParameterException,
  NotAuthorizedException,
  PasswordResetRequiredException,
  RevokeTokenCommand,
  UnauthorizedException,
  UserNotConfirmedException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Tokens } from '#core/model/session.ts';
import type { DirectoryTokens } from '#core/ports/directory-tokens.ts';
import { answered } from './answered.ts';
import type { Pool } from './directory-users.ts';

/** Cognito's refusals of a login. The reason stays here: every refusal gets the same answer. */
const loginRefusals = [
  NotAuthorizedException,
  UserNotFoundException,
  UserNotConfirmedException,
  PasswordResetRequiredException,
];

/** Cognito's refusals of a refresh token. Cognito calls a malformed token an invalid parameter. */
const tokenRefusals = [NotAuthorizedException, UserNotFoundException, InvalidParameterException];

interface TokenPool extends Pool {
  readonly clientId: string;
  /** Checks passwords. It makes one attempt a call. */
  readonly passwordClient: CognitoIdentityProviderClient;
}

/** Tokens of a Cognito user pool: log in, refresh, revoke. */
export const createDirectoryTokens = ({
  client,
  passwordClient,
  userPoolId,
  clientId,
}: TokenPool): DirectoryTokens => ({
  async authenticate(username, password) {
    const request = new AdminInitiateAuthCommand({
      UserPoolId: userPoolId,
      ClientId: clientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: username, PASSWORD: password },
    });
    const answer = await unlessRefused(loginRefusals, () => passwordClient.send(request));
    // Cognito may answer with a challenge in place of tokens, for example for a temporary password. That is a refusal
    // too.
    if (!answer?.AuthenticationResult) return { kind: 'rejected' };
    return { kind: 'authenticated', tokens: tokensFrom(answer.AuthenticationResult) };
  },

  async refresh(refreshToken) {
    const request = new GetTokensFromRefreshTokenCommand({
      ClientId: clientId,
      RefreshToken: refreshToken,
    });
    const answer = await unlessRefused(tokenRefusals, () => client.send(request));
    if (!answer?.AuthenticationResult) return { kind: 'rejected' };
    const { RefreshToken = refreshToken } = answer.AuthenticationResult;
    return {
      kind: 'refreshed',
      tokens: tokensFrom({ ...answer.AuthenticationResult, RefreshToken }),
    };
  },

  async revoke(refreshToken) {
    const request = new RevokeTokenCommand({ ClientId: clientId, Token: refreshToken });
    await unlessRefused([...tokenRefusals, UnauthorizedException], () => client.send(request));
  },
});

type ErrorClass = abstract new (...args: never[]) => Error;

/** @returns undefined if the call failed with one of these errors */
async function unlessRefused<Answer>(
  refusals: readonly ErrorClass[],
  call: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await answered(call);
  } catch (error) {
    if (refusals.some((refusal) => error instanceof refusal)) return undefined;
    throw error;
  }
}

function tokensFrom(result: AuthenticationResultType): Tokens {
  const { AccessToken, IdToken, RefreshToken, ExpiresIn } = result;
  if (!AccessToken || !IdToken || !RefreshToken || !ExpiresIn) {
    throw new Error('Cognito left out a token');
  }
  return {
    accessToken: AccessToken,
    idToken: IdToken,
    refreshToken: RefreshToken,
    expiresIn: ExpiresIn,
  };
}
