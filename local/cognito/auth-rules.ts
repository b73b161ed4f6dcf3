import { createHmac, randomUUID } from 'node:crypto';
import {
  InvalidParameterError,
  NotAuthorizedError,
  UserNotFoundError,
} from 'cognito-local/lib/errors.js';
import { type LocalClient, rotates } from './pools.ts';
import type { LocalUser } from './users.ts';

/**
 * Checks that the client's ExplicitAuthFlows and its token rotation allow a flow.
 * @returns the flow's current name
 */
export function enabledFlow(client: LocalClient, requested: string): string {
  const flow = requested === 'REFRESH_TOKEN' ? 'REFRESH_TOKEN_AUTH' : requested;
  const flows = client.ExplicitAuthFlows ?? ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH'];
  // RefreshTokenRotationType: with rotation, only GetTokensFromRefreshToken refreshes tokens.
  const rotatedAway = flow === 'REFRESH_TOKEN_AUTH' && rotates(client);
  if (!rotatedAway && flows.includes(`ALLOW_${flow}`)) return flow;
  throw new InvalidParameterError('Auth flow not enabled for this client');
}

/**
 * PreventUserExistenceErrors ENABLED, the default: "either the username or password was incorrect".
 */
export function unknownUser(client: LocalClient): Error {
  return client.PreventUserExistenceErrors === 'LEGACY'
    ? new UserNotFoundError('User does not exist.')
    : new NotAuthorizedError('Incorrect username or password.');
}

/** The answer to a sign-in with a temporary password. */
export function newPasswordChallenge(user: LocalUser) {
  const { sub, ...attributes } = Object.fromEntries(
    user.Attributes.map(({ Name, Value }) => [Name, Value]),
  );
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: randomUUID().repeat(2),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.Username,
      requiredAttributes: '[]',
      userAttributes: JSON.stringify(attributes),
    },
  };
}

/** @throws NotAuthorizedError if the client has a secret and the request does not carry it */
export function checkSecret(client: LocalClient, given: string | undefined) {
  if (client.ClientSecret && client.ClientSecret !== given) {
    throw new NotAuthorizedError(`Unable to verify secret for client ${client.ClientId}`);
  }
}

/**
 * As {@link checkSecret}, for sign-in: it sends `Base64(HMAC-SHA-256(secret, username + client
 * id))`.
 */
export function checkSecretHash(client: LocalClient, username: string, given: string | undefined) {
  if (!client.ClientSecret) return;
  const hmac = createHmac('sha256', client.ClientSecret).update(username + client.ClientId);
  if (hmac.digest('base64') === given) return;
  throw new NotAuthorizedError(`Unable to verify secret hash for client ${client.ClientId}`);
}
