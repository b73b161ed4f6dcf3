import { randomUUID } from 'node:crypto';
import { InvalidParameterError } from 'cognito-local/lib/errors.js';
import type { AppClient } from 'cognito-local/lib/services/appClient.js';
import type { Clock } from 'cognito-local/lib/services/clock.js';
import type { CognitoService } from 'cognito-local/lib/services/cognitoService.js';
import type { Context } from 'cognito-local/lib/services/context.js';
import { CreateUserPool } from 'cognito-local/lib/targets/createUserPool.js';
import { CreateUserPoolClient } from 'cognito-local/lib/targets/createUserPoolClient.js';
import { DescribeUserPool } from 'cognito-local/lib/targets/describeUserPool.js';
import { DescribeUserPoolClient } from 'cognito-local/lib/targets/describeUserPoolClient.js';
import { UpdateUserPool } from 'cognito-local/lib/targets/updateUserPool.js';
import { UpdateUserPoolClient } from 'cognito-local/lib/targets/updateUserPoolClient.js';
import type { TokenTrigger } from './token-trigger.ts';

/** What the operations work on. `issuer` returns the `iss` of a pool's tokens. */
export interface LocalServices {
  clock: Clock;
  cognito: CognitoService;
  region: string;
  issuer(userPoolId: string): string;
  /** Set once the functions run, if the pool has a trigger. */
  tokenTrigger?: TokenTrigger;
}

/** A client with the setting that cognito-local does not store. */
export interface LocalClient extends AppClient {
  RefreshTokenRotation?: RefreshTokenRotation;
}

interface RefreshTokenRotation {
  Feature: string;
  RetryGracePeriodSeconds?: number;
}

type ClientRequest = Parameters<ReturnType<typeof CreateUserPoolClient>>[1] & {
  ClientId?: string;
  RefreshTokenRotation?: RefreshTokenRotation;
};

export const rotates = (client: LocalClient) => client.RefreshTokenRotation?.Feature === 'ENABLED';

/** The operations on pools and clients, by their API names. */
export function poolOperations(services: LocalServices) {
  const describeClient = DescribeUserPoolClient(services);
  return {
    CreateUserPool: CreateUserPool({ ...services, cognito: withRegionalIds(services) }),
    UpdateUserPool: UpdateUserPool(services),
    DescribeUserPool: DescribeUserPool(services),
    CreateUserPoolClient: savingRotation(services, CreateUserPoolClient(services)),
    UpdateUserPoolClient: savingRotation(services, UpdateUserPoolClient(services)),
    async DescribeUserPoolClient(ctx: Context, req: { ClientId: string; UserPoolId: string }) {
      const { UserPoolClient } = await describeClient(ctx, req);
      const stored: LocalClient | null = await services.cognito.getAppClient(ctx, req.ClientId);
      return {
        UserPoolClient: { ...UserPoolClient, RefreshTokenRotation: stored?.RefreshTokenRotation },
      };
    },
  };
}

/**
 * Creates the pool and client that a template declares, or updates those of an earlier run. Their
 * names identify them. Properties without a name get the name `hawiya`.
 */
export async function createOrUpdatePool(
  services: LocalServices,
  ctx: Context,
  poolProperties: Record<string, unknown>,
  clientProperties: Record<string, unknown>,
): Promise<{ userPoolId: string; clientId: string }> {
  const operations = poolOperations(services);
  const poolName = String(poolProperties['UserPoolName'] ?? 'hawiya');
  const poolRequest = {
    ...poolProperties,
    ...completePolicies(poolProperties),
    PoolName: poolName,
  };
  const pools = await services.cognito.listUserPools(ctx);
  let userPoolId = pools.find(({ Name }) => Name === poolName)?.Id;
  if (userPoolId) await operations.UpdateUserPool(ctx, { ...poolRequest, UserPoolId: userPoolId });
  else userPoolId = (await operations.CreateUserPool(ctx, poolRequest)).UserPool?.Id ?? '';

  const clientId = await createOrUpdateClient(services, ctx, userPoolId, clientProperties);
  return { userPoolId, clientId };
}

/** A relying service's client with the credentials for its tokens. */
export interface ServiceClient {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Creates or updates a client that gets tokens for itself (client credentials). */
export async function createOrUpdateServiceClient(
  services: LocalServices,
  ctx: Context,
  userPoolId: string,
  properties: Record<string, unknown>,
): Promise<ServiceClient> {
  const clientId = await createOrUpdateClient(services, ctx, userPoolId, properties);
  const client = await services.cognito.getAppClient(ctx, clientId);
  return { name: client?.ClientName ?? '', clientId, clientSecret: client?.ClientSecret ?? '' };
}

async function createOrUpdateClient(
  services: LocalServices,
  ctx: Context,
  userPoolId: string,
  properties: Record<string, unknown>,
): Promise<string> {
  const operations = poolOperations(services);
  const clientName = String(properties['ClientName'] ?? 'hawiya');
  const request = { ...properties, ClientName: clientName, UserPoolId: userPoolId };
  const clients = await services.cognito.listAppClients(ctx, userPoolId);
  const existing = clients.find(({ ClientName }) => ClientName === clientName);
  const { UserPoolClient } = existing
    ? await operations.UpdateUserPoolClient(ctx, { ...request, ClientId: existing.ClientId })
    : await operations.CreateUserPoolClient(ctx, request);
  return UserPoolClient?.ClientId ?? '';
}

/** Completes a partial policy as AWS does. cognito-local would require every character class. */
function completePolicies({ Policies }: Record<string, unknown>) {
  const { PasswordPolicy } = (Policies ?? {}) as { PasswordPolicy?: object };
  if (!PasswordPolicy) return {};
  const lenient = {
    MinimumLength: 8,
    RequireLowercase: false,
    RequireNumbers: false,
    RequireSymbols: false,
    RequireUppercase: false,
  };
  return { Policies: { PasswordPolicy: { ...lenient, ...PasswordPolicy } } };
}

/** The same service, but new pools get ids of the Region (`me-south-1_…`) instead of `local_…`. */
function withRegionalIds({ cognito, region }: LocalServices): CognitoService {
  const createUserPool: CognitoService['createUserPool'] = (ctx, pool) => {
    const Id = `${region}_${randomUUID().replaceAll('-', '').slice(0, 9)}`;
    const Arn = `arn:aws:cognito-idp:${region}:000000000000:userpool/${Id}`;
    return cognito.createUserPool(ctx, { ...pool, Id, Arn });
  };
  return Object.assign(Object.create(cognito) as CognitoService, { createUserPool });
}

type StockClientTarget = (
  ctx: Context,
  req: ClientRequest & { ClientId: string },
) => Promise<{ UserPoolClient?: { ClientId?: string } }>;

/** Extends a target of cognito-local: it checks, stores and returns the client's token rotation. */
function savingRotation({ cognito }: LocalServices, target: StockClientTarget) {
  return async (ctx: Context, req: ClientRequest) => {
    requireOneWayToRefresh(req);
    const ClientId = req.ClientId ?? '';
    const answer = await target(ctx, { ...req, ClientId, TokenValidityUnits: validityUnits(req) });
    const id = answer.UserPoolClient?.ClientId ?? '';
    const stored: LocalClient | null = await cognito.getAppClient(ctx, id);
    const rotation = req.RefreshTokenRotation ?? stored?.RefreshTokenRotation;
    if (!stored || !rotation) return answer;
    const pool = await cognito.getUserPool(ctx, req.UserPoolId);
    const client: LocalClient = { ...stored, RefreshTokenRotation: rotation };
    await pool.saveAppClient(ctx, client);
    return { UserPoolClient: { ...answer.UserPoolClient, RefreshTokenRotation: rotation } };
  };
}

/**
 * Refuses rotation together with ALLOW_REFRESH_TOKEN_AUTH: "Refresh token rotation must be
 * completed with GetTokensFromRefreshToken" (RefreshTokenRotationType).
 */
function requireOneWayToRefresh({ ExplicitAuthFlows, RefreshTokenRotation }: ClientRequest) {
  if (RefreshTokenRotation?.Feature !== 'ENABLED') return;
  if (!ExplicitAuthFlows?.includes('ALLOW_REFRESH_TOKEN_AUTH')) return;
  throw new InvalidParameterError(
    'ALLOW_REFRESH_TOKEN_AUTH is not supported with refresh token rotation enabled',
  );
}

/**
 * TokenValidityUnits defaults to hours for access and ID tokens, and to days for refresh tokens.
 */
function validityUnits({ TokenValidityUnits }: ClientRequest) {
  const defaults = { AccessToken: 'hours', IdToken: 'hours', RefreshToken: 'days' };
  return { ...defaults, ...TokenValidityUnits };
}
