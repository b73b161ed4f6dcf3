import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  type AttributeType,
  type AuthenticationResultType,
  type CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
  InvalidParameterException,
  InvalidPasswordException,
  NotAuthorizedException,
  PasswordResetRequiredException,
  RefreshTokenReuseException,
  RevokeTokenCommand,
  UnsupportedTokenTypeException,
  UserNotConfirmedException,
  UserNotFoundException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Tokens, UserDirectory } from '../../core/ports.ts';

interface Pool {
  readonly client: CognitoIdentityProviderClient;
  readonly userPoolId: string;
}

/** Marks a user as made by a registration: the only kind that a later registration may find and take over. */
const origin = { Name: 'custom:origin', Value: 'registration' };

/** The part that registration and reset use: users and their passwords. */
export const createUserAdministration = ({
  client,
  userPoolId,
}: Pool): Pick<UserDirectory, 'createUser' | 'setPassword' | 'signOutEverywhere'> => ({
  async createUser(username) {
    const user = { UserPoolId: userPoolId, Username: username };
    try {
      const created = await client.send(
        new AdminCreateUserCommand({
          ...user,
          MessageAction: 'SUPPRESS',
          UserAttributes: [origin],
        }),
      );
      return { kind: 'created', userId: attribute('sub', created.User?.Attributes) };
    } catch (error) {
      if (!(error instanceof UsernameExistsException)) throw error;
      const found = (await client.send(new AdminGetUserCommand(user))).UserAttributes;
      const ours = found?.some(({ Name, Value }) => Name === origin.Name && Value === origin.Value);
      return ours ? { kind: 'created', userId: attribute('sub', found) } : { kind: 'taken' };
    }
  },

  async setPassword(username, password) {
    const user = { UserPoolId: userPoolId, Username: username };
    try {
      await client.send(
        new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }),
      );
      return { kind: 'set' };
    } catch (error) {
      if (error instanceof InvalidPasswordException) return { kind: 'rejected' };
      if (error instanceof UserNotFoundException) return { kind: 'unknown' };
      throw error;
    }
  },

  async signOutEverywhere(username) {
    const user = { UserPoolId: userPoolId, Username: username };
    await client.send(new AdminUserGlobalSignOutCommand(user));
  },
});

/** Cognito's ways to say "no" to a login. Which one it was stays here: the answer is the same. */
const loginRefusals = [
  NotAuthorizedException,
  UserNotFoundException,
  UserNotConfirmedException,
  PasswordResetRequiredException,
];

/** Cognito's ways to say "no" to a refresh token; a text that is no token at all is a bad parameter to it. */
const tokenRefusals = [
  NotAuthorizedException,
  UserNotFoundException,
  RefreshTokenReuseException,
  InvalidParameterException,
];

/** The part that sessions use: log in, refresh, revoke. */
export const createSessionDirectory = ({
  client,
  userPoolId,
  clientId,
}: Pool & { readonly clientId: string }): Pick<
  UserDirectory,
  'authenticate' | 'refresh' | 'revoke'
> => ({
  async authenticate(username, password) {
    const request = new AdminInitiateAuthCommand({
      ...{ UserPoolId: userPoolId, ClientId: clientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' },
      AuthParameters: { USERNAME: username, PASSWORD: password },
    });
    const answer = await unless(loginRefusals, () => client.send(request));
    // A challenge instead of tokens (a temporary password, say) is no login either.
    if (!answer?.AuthenticationResult) return { kind: 'rejected' };
    return { kind: 'authenticated', tokens: tokensFrom(answer.AuthenticationResult) };
  },

  async refresh(refreshToken) {
    const request = new GetTokensFromRefreshTokenCommand({
      ...{ ClientId: clientId, RefreshToken: refreshToken },
    });
    const answer = await unless(tokenRefusals, () => client.send(request));
    if (!answer?.AuthenticationResult) return { kind: 'rejected' };
    const { RefreshToken = refreshToken } = answer.AuthenticationResult;
    return {
      kind: 'refreshed',
      tokens: tokensFrom({ ...answer.AuthenticationResult, RefreshToken }),
    };
  },

  async revoke(refreshToken) {
    const request = new RevokeTokenCommand({ ClientId: clientId, Token: refreshToken });
    await unless([...tokenRefusals, UnsupportedTokenTypeException], () => client.send(request));
  },
});

type ErrorClass = abstract new (...args: never[]) => Error;

/** @returns undefined where the call failed with one of these errors */
async function unless<Answer>(
  refusals: readonly ErrorClass[],
  call: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await call();
  } catch (error) {
    if (refusals.some((refusal) => error instanceof refusal)) return undefined;
    throw error;
  }
}

function attribute(name: string, attributes: AttributeType[] | undefined): string {
  const value = attributes?.find(({ Name }) => Name === name)?.Value;
  if (!value) throw new Error(`Cognito left out the attribute ${name}`);
  return value;
}

function tokensFrom(result: AuthenticationResultType): Tokens {
  const { AccessToken, IdToken, RefreshToken, ExpiresIn } = result;
  if (!AccessToken || !IdToken || !RefreshToken || !ExpiresIn) {
    throw new Error('Cognito left out a token');
  }
  return {
    ...{ accessToken: AccessToken, idToken: IdToken },
    ...{ refreshToken: RefreshToken, expiresIn: ExpiresIn },
  };
}
