import { CfnOutput, Duration } from 'aws-cdk-lib';
import {
  type IUserPool,
  OAuthScope,
  ResourceServerScope,
  UserPoolClient,
  UserPoolDomain,
  UserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config/stage-config.ts';

/**
 * The app clients of the relying services, by their ids: each has a secret, gets tokens of client credentials with one scope,
 * and can do nothing else. Adds nothing where there are none: a user pool's domain has pages of its own.
 * @param scope the stack of the function that knows them. Not the user pool's: what one stack takes from another cannot go
 *   while it is taken, and who is in other hands has to go at once
 */
export function addRelyingClients(
  scope: Construct,
  userPool: IUserPool,
  { relyingServices, tokenDomain }: StageConfig,
): ReadonlyMap<string, UserPoolClient> {
  if (relyingServices.length === 0 || tokenDomain === undefined) return new Map();
  const challenge = new ResourceServerScope({
    scopeName: 'challenge',
    scopeDescription: 'Have people approve transactions by code',
  });
  const otp = new UserPoolResourceServer(scope, 'Otp', {
    userPool,
    identifier: 'otp',
    scopes: [challenge],
  });
  const domain = new UserPoolDomain(scope, 'Tokens', {
    userPool,
    cognitoDomain: { domainPrefix: tokenDomain },
  });
  new CfnOutput(scope, 'TokenEndpoint', { value: `${domain.baseUrl()}/oauth2/token` });

  return new Map(
    relyingServices.map(({ id }) => {
      const client = new UserPoolClient(scope, `Service-${id}`, {
        userPool,
        userPoolClientName: `service-${id}`,
        generateSecret: true,
        // No way in for people. Left out, Cognito takes it for SRP and custom ones: who has the secret could log a person in
        // past our second factor. Refreshing, which the construct adds, has nothing to refresh here.
        authFlows: { userPassword: false },
        oAuth: {
          flows: { clientCredentials: true },
          scopes: [OAuthScope.resourceServer(otp, challenge)],
        },
        preventUserExistenceErrors: true,
        enableTokenRevocation: true,
        // Each token is paid for.
        accessTokenValidity: Duration.hours(1),
      });
      new CfnOutput(scope, `ClientIdOf-${id}`, { value: client.userPoolClientId });
      return [id, client];
    }),
  );
}
