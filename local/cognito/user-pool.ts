import { arn } from '../template/physical-ids.ts';
import type { Templates } from '../template/template.ts';
import { createUserPool, type LocalCognito } from './cognito.ts';

/**
 * Creates the user pool and its client, and tells the templates their ids.
 * @throws Error if the templates declare none
 */
export async function deployUserPool(templates: Templates, cognito: LocalCognito) {
  const [pool] = templates.resources('AWS::Cognito::UserPool');
  // The client's pool has no id yet.
  const [client] = templates.resources('AWS::Cognito::UserPoolClient', ['UserPoolId']);
  if (!pool || !client) throw new Error('The templates declare no user pool with a client');
  const ids = await createUserPool(cognito, pool.properties, client.properties);
  const { userPoolId, clientId } = ids;
  const ProviderURL = cognito.issuer(userPoolId);
  const attributes = {
    Arn: arn('cognito-idp', `userpool/${userPoolId}`),
    UserPoolId: userPoolId,
    ProviderURL,
    ProviderName: ProviderURL.replace('https://', ''),
  };
  templates.identify(pool, { ref: userPoolId, attributes });
  templates.identify(client, { ref: clientId, attributes: { ClientId: clientId } });
  return ids;
}
