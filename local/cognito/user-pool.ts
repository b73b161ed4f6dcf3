import { arn } from '../template/physical-ids.ts';
import type { Resource, Templates } from '../template/template.ts';
import { createUserPool, type LocalCognito } from './cognito.ts';
import type { ServiceClient } from './pools.ts';

/** The ids of the user pool that the templates declare, and of its clients. */
export interface DeployedPool {
  readonly userPoolId: string;
  /** The client through which people log in. */
  readonly clientId: string;
  /** ARN of the function that runs before each token of a person, if the pool has one. */
  readonly tokenTriggerArn?: string;
  /** The relying services' clients, with their secrets. A local secret protects nothing. */
  readonly serviceClients: readonly ServiceClient[];
}

/**
 * Creates the declared user pool and its clients, and tells the templates their ids.
 * @throws Error if the templates declare no user pool with a client
 */
export async function deployUserPool(
  templates: Templates,
  cognito: LocalCognito,
): Promise<DeployedPool> {
  const [pool] = templates.resources('AWS::Cognito::UserPool');
  // UserPoolId cannot be resolved yet: the pool gets its id below.
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
  const tokenTriggerArn = tokenTriggerOf(pool);
  return { ...ids, serviceClients, ...(tokenTriggerArn && { tokenTriggerArn }) };
}

/** @throws Error for any other trigger, or version of the event: the local Cognito would ignore it */
function tokenTriggerOf({ logicalId, properties }: Resource): string | undefined {
  const { PreTokenGenerationConfig: config, ...others } = (properties['LambdaConfig'] ?? {}) as {
    PreTokenGenerationConfig?: { LambdaArn: string; LambdaVersion: string };
  };
  const [other] = Object.keys(others);
  if (other) throw new Error(`User pool ${logicalId}: the trigger ${other} is not supported`);
  if (config && config.LambdaVersion !== 'V2_0') {
    throw new Error(
      `User pool ${logicalId}: event version ${config.LambdaVersion} is not supported`,
    );
  }
  return config?.LambdaArn;
}

/** Whether a client belongs to a service, and gets tokens by client credentials. */
const isService = ({ properties }: Resource): boolean =>
  [properties['AllowedOAuthFlows']].flat().includes('client_credentials');
