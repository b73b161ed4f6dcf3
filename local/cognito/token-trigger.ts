import { CognitoError } from 'cognito-local/lib/errors.js';
import type { AppClient } from 'cognito-local/lib/services/appClient.js';
import type { User } from 'cognito-local/lib/services/userPoolService.js';
import type { Outcome } from '../functions/functions.ts';

/** The only scope of a sign-in by SDK, unless a trigger changes it. */
export const selfServiceScope = 'aws.cognito.signin.user.admin';

export type TokenSource = 'TokenGeneration_Authentication' | 'TokenGeneration_RefreshTokens';

/** Runs the function that a pool's `PreTokenGenerationConfig` names, version `V2_0`. */
export type TokenTrigger = (event: object) => Promise<Outcome>;

interface Answer {
  readonly response?: {
    readonly claimsAndScopeOverrideDetails?: {
      readonly accessTokenGeneration?: {
        readonly scopesToAdd?: readonly string[];
        readonly scopesToSuppress?: readonly string[];
      };
    };
  };
}

/**
 * Asks the trigger for the scopes of an access token.
 * @returns the scopes, separated by spaces
 * @throws CognitoError if the function fails, or changes what is not supported here: then no token is issued
 */
export async function scopeByTrigger(
  trigger: TokenTrigger | undefined,
  triggerSource: TokenSource,
  user: User,
  client: AppClient,
): Promise<string> {
  if (!trigger) return selfServiceScope;
  const outcome = await trigger(eventOf(triggerSource, user, client));
  if (!outcome.ok) {
    const message = `PreTokenGeneration failed with error ${outcome.errorMessage}.`;
    throw new CognitoError('UserLambdaValidationException', message);
  }
  const { accessTokenGeneration: access = {}, ...others } =
    (outcome.value as Answer | null)?.response?.claimsAndScopeOverrideDetails ?? {};
  const { scopesToAdd = [], scopesToSuppress = [], ...claims } = access;
  if (Object.keys({ ...others, ...claims }).length > 0) {
    throw new CognitoError('InvalidLambdaResponseException', 'Only scopes can be changed locally');
  }
  const scopes = new Set([selfServiceScope, ...scopesToAdd]);
  for (const scope of scopesToSuppress) scopes.delete(scope);
  return [...scopes].join(' ');
}

function eventOf(triggerSource: TokenSource, user: User, client: AppClient) {
  const userAttributes = Object.fromEntries(
    user.Attributes.map(({ Name, Value }) => [Name, Value]),
  );
  return {
    version: '2',
    triggerSource,
    region: client.UserPoolId.split('_')[0],
    userPoolId: client.UserPoolId,
    userName: user.Username,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: client.ClientId },
    request: {
      userAttributes: { ...userAttributes, 'cognito:user_status': user.UserStatus },
      groupConfiguration: {
        groupsToOverride: [],
        iamRolesToOverride: [],
        preferredRole: null,
      },
      scopes: [selfServiceScope],
    },
    response: { claimsAndScopeOverrideDetails: null },
  };
}
