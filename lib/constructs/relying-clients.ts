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
 * The app clients of the relying services, by the services' ids. Each has a secret and can only get tokens by client
 * credentials, with one scope. Adds nothing if there are none: a user pool's domain also serves pages of its own.
 * @param scope the stack of the functions that use the clients, not that of the user pool. A stack's export cannot be
 * removed while another stack imports it, and a compromised client must be removable at once.
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
        // No flow logs people in here. If `authFlows` were left out, Cognito would allow SRP and custom flows: a holder
        // of the secret could log a person in past our second factor. The construct adds refreshing, which has nothing
        // to refresh here.
        authFlows: { userPassword: false },
        oAuth: {
          flows: { clientCredentials: true },
          scopes: [OAuthScope.resourceServer(otp, challenge)],
        },
        preventUserExistenceErrors: true,
        enableTokenRevocation: true,
        // AWS charges for each token.
        accessTokenValidity: Duration.hours(1),
      });
      new CfnOutput(scope, `ClientIdOf-${id}`, { value: client.userPoolClientId });
      return [id, client];
    }),
  );
}
