import { arn } from '../template/physical-ids.ts';
import type { Resource, Templates } from '../template/template.ts';
import { createUserPool, type LocalCognito } from './cognito.ts';
import type { ServiceClient } from './pools.ts';

/** What became of the user pool that the templates declare. */
export interface DeployedPool {
  readonly userPoolId: string;
  /** Of the client that people log in by. */
  readonly clientId: string;
  /** Those of services, with their secrets: nothing here is worth one. */
  readonly serviceClients: readonly ServiceClient[];
}

/**
 * Creates the user pool and its clients, and tells the templates their ids.
 * @throws Error if the templates declare none
 */
export async function deployUserPool(
  templates: Templates,
  cognito: LocalCognito,
): Promise<DeployedPool> {
  const [pool] = templates.resources('AWS::Cognito::UserPool');
  // The clients' pool has no id yet.
  const clients = templates.resources('AWS::Cognito::UserPoolClient', ['UserPoolId']);
  const client = clients.find((one) => !isService(one));
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
  const identify = (one: Resource, id: string) =>
    templates.identify(one, { ref: id, attributes: { ClientId: id } });
  identify(client, clientId);
  const serviceClients: ServiceClient[] = [];
  for (const service of clients.filter(isService)) {
    const made = await cognito.deployServiceClient(userPoolId, service.properties);
    identify(service, made.clientId);
    serviceClients.push(made);
  }
  return { ...ids, serviceClients };
}

/** Whether a client gets tokens for itself and not for people. */
const isService = ({ properties }: Resource): boolean =>
  [properties['AllowedOAuthFlows']].flat().includes('client_credentials');
