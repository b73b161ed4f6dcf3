import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  type AttributeType,
  type CognitoIdentityProviderClient,
  InvalidParameterException,
  InvalidPasswordException,
  UserNotFoundException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { DirectoryUsers } from '#core/ports/directory-users.ts';
import { answered } from './answered.ts';

export interface Pool {
  readonly client: CognitoIdentityProviderClient;
  readonly userPoolId: string;
}

/** Marks a user that a registration created. A later registration may find and take over only such users. */
const origin = { Name: 'custom:origin', Value: 'registration' };

/**
 * Users and passwords in a Cognito user pool, for registration and password reset. An existing user is named by its
 * `sub`, which Cognito accepts in place of a username.
 */
export const createDirectoryUsers = ({ client, userPoolId }: Pool): DirectoryUsers => ({
  async createUser(username) {
    const user = { UserPoolId: userPoolId, Username: username };
    try {
      const request = new AdminCreateUserCommand({
        ...user,
        MessageAction: 'SUPPRESS',
        UserAttributes: [origin],
      });
      const created = await answered(() => client.send(request));
      return { kind: 'created', userId: attribute('sub', created.User?.Attributes) };
    } catch (error) {
      if (!(error instanceof UsernameExistsException)) throw error;
      const read = new AdminGetUserCommand(user);
      const found = (await answered(() => client.send(read))).UserAttributes;
      const ours = found?.some(({ Name, Value }) => Name === origin.Name && Value === origin.Value);
      return ours ? { kind: 'created', userId: attribute('sub', found) } : { kind: 'taken' };
    }
  },

  async setPassword(userId, password) {
    const user = { UserPoolId: userPoolId, Username: userId };
    try {
      const request = new AdminSetUserPasswordCommand({
        ...user,
        Password: password,
        Permanent: true,
      });
      await answered(() => client.send(request));
      return { kind: 'set' };
    } catch (error) {
      // Cognito reports a password outside its own pattern as an invalid parameter.
      const rejected =
        error instanceof InvalidPasswordException || error instanceof InvalidParameterException;
      if (rejected) return { kind: 'rejected' };
      if (error instanceof UserNotFoundException) return { kind: 'unknown' };
      throw error;
    }
  },

  async signOutEverywhere(userId) {
    const user = { UserPoolId: userPoolId, Username: userId };
    const request = new AdminUserGlobalSignOutCommand(user);
    await answered(() => client.send(request));
  },

  async deleteUser(userId) {
    const user = { UserPoolId: userPoolId, Username: userId };
    try {
      const request = new AdminDeleteUserCommand(user);
      await answered(() => client.send(request));
    } catch (error) {
      if (!(error instanceof UserNotFoundException)) throw error;
    }
  },
});

function attribute(name: string, attributes: AttributeType[] | undefined): string {
  const value = attributes?.find(({ Name }) => Name === name)?.Value;
  if (!value) throw new Error(`Cognito left out the attribute ${name}`);
  return value;
}
