import type { JsonWebKey } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UnsupportedError } from 'cognito-local/lib/errors.js';
import type { Router } from 'cognito-local/lib/server/Router.js';
import { createServer } from 'cognito-local/lib/server/server.js';
import { CognitoServiceFactoryImpl } from 'cognito-local/lib/services/cognitoService.js';
import type { Context } from 'cognito-local/lib/services/context.js';
import { UserPoolServiceFactoryImpl } from 'cognito-local/lib/services/userPoolService.js';
import { pino } from 'pino';
import { authOperations } from './auth.ts';
import {
  createOrUpdatePool,
  createOrUpdateServiceClient,
  type LocalServices,
  poolOperations,
  type ServiceClient,
} from './pools.ts';
import { selfServiceOperations } from './self-service.ts';
import { openStores, type Stores } from './store.ts';
import { type TokenAnswer, type TokenRequest, tokenEndpoint } from './token-endpoint.ts';
import type { TokenTrigger } from './token-trigger.ts';
import { publicKeys } from './tokens.ts';
import { userOperations } from './users.ts';

export interface CognitoOptions {
  /** Directory of the JSON files with pools and users; created if missing. */
  dataDirectory: string;
  /** 0, the default, takes a free port. */
  port?: number;
  /** The Region in pool ids and issuers; me-south-1 by default. */
  region?: string;
  /** Epoch milliseconds, for tokens, lifetimes and lockouts; `Date.now` by default. */
  now?: () => number;
  /** Gets a JSON line for each refused or failed call; silent by default. */
  log?: (line: string) => void;
}

export interface LocalCognito {
  /** `http://127.0.0.1:PORT`, for AWS_ENDPOINT_URL. */
  endpoint: string;
  /** The `iss` of a pool's tokens. It has AWS's host, so it does not change with the port. */
  issuer(userPoolId: string): string;
  /** The keys that verify the tokens of every pool. */
  jwks(): { keys: JsonWebKey[] };
  /** See {@link createUserPool}. */
  deploy(pool: Properties, client: Properties): Promise<{ userPoolId: string; clientId: string }>;
  /** Creates or updates a client for client credentials. Its `ClientName` identifies it. */
  deployServiceClient(userPoolId: string, client: Properties): Promise<ServiceClient>;
  /** Has a function run before each token of a person. */
  connectTokenTrigger(trigger: TokenTrigger): void;
  /** Closes the port and all connections. Every answered change is on disk. */
  stop(): Promise<void>;
}

type Properties = Record<string, unknown>;
type Operation = (ctx: Context, req: never) => Promise<object>;

/**
 * Starts an emulator of the Cognito operations that Hawiya calls. Server, pools and users are
 * cognito-local's. Operations that it lacks, or where it differs from AWS, are replaced here. All
 * other operations answer 500 `CognitoLocal#Unsupported`.
 * @throws Error if the port is taken or the data cannot be read
 */
export async function startCognito(options: CognitoOptions): Promise<LocalCognito> {
  const { dataDirectory, port = 0, log } = options;
  const logger = pino({ level: log ? 'warn' : 'silent', base: null }, { write: lineTo(log) });
  const ctx: Context = { logger };
  const stores = await openStores(dataDirectory);
  const services = await openServices(ctx, stores, options);
  const operations: Record<string, Operation> = {
    ...poolOperations(services),
    ...userOperations(services),
    ...authOperations(services),
    ...selfServiceOperations(services),
  };
  const run = oneAtATime(stores);
  const router = routerFor(operations, run);
  const { application, start } = createServer(router, logger, { hostname: '127.0.0.1', port });
  // In any environment but `test`, Express prints bodies that it cannot parse.
  application.set('env', 'test');
  const giveToken = tokenEndpoint(services);
  application.post(
    '/oauth2/token',
    answeringTokens((asked) => run(() => giveToken(ctx, asked))),
  );
  const server = (await start()) as Server;
  // Never close idle connections: under load, a call reuses a connection while it is closed, and fails.
  server.keepAliveTimeout = 0;
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    issuer: services.issuer,
    jwks: publicKeys,
    deploy: (pool, client) => run(() => createOrUpdatePool(services, ctx, pool, client)),
    deployServiceClient: (userPoolId, client) =>
      run(() => createOrUpdateServiceClient(services, ctx, userPoolId, client)),
    connectTokenTrigger(trigger) {
      services.tokenTrigger = trigger;
    },
    async stop() {
      await close(server);
      await run(async () => undefined);
    },
  };
}

/**
 * Creates a pool and its client from the resolved CloudFormation properties of
 * AWS::Cognito::UserPool and UserPoolClient. The client's UserPoolId is ignored. A pool and client
 * of an earlier run with the same data directory are updated and keep their ids.
 */
export function createUserPool(
  cognito: LocalCognito,
  pool: Properties,
  client: Properties,
): Promise<{ userPoolId: string; clientId: string }> {
  return cognito.deploy(pool, client);
}

async function openServices(
  ctx: Context,
  stores: Stores,
  { dataDirectory, region = 'me-south-1', now = Date.now }: CognitoOptions,
): Promise<LocalServices> {
  const clock = { get: () => new Date(now()) };
  const pools = new UserPoolServiceFactoryImpl(clock, stores);
  const cognito = await new CognitoServiceFactoryImpl(dataDirectory, stores, pools).create(ctx, {});
  const issuer = (id: string) => `https://cognito-idp.${region}.amazonaws.com/${id}`;
  return { clock, cognito, region, issuer };
}

type Run = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Runs one operation after the other, because each reads a user and saves it whole. An operation
 * resolves when its changes are on disk. Parallel requests share a write.
 */
function oneAtATime(stores: Stores): Run {
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      // Save after a refusal too: it may have counted a wrong password.
      await stores.flush();
    }
  };
}

function routerFor(operations: Record<string, Operation>, run: Run): Router {
  return (target) => {
    const operation = Object.hasOwn(operations, target) ? operations[target] : undefined;
    if (!operation) return () => Promise.reject(new UnsupportedError(target));
    return (ctx, req) => run(() => operation(ctx, req as never));
  };
}

/** An Express handler. Express has parsed the form already. */
const answeringTokens =
  (answer: (asked: TokenRequest) => Promise<TokenAnswer>) =>
  async (
    request: { headers: { authorization?: string }; body?: TokenRequest['form'] },
    response: { status(code: number): { json(body: object): void } },
  ): Promise<void> => {
    const { headers, body = {} } = request;
    const { status, body: said } = await answer({
      authorization: headers.authorization,
      form: body,
    });
    response.status(status).json(said);
  };

function lineTo(log: CognitoOptions['log']) {
  return (line: string) => log?.(line.trimEnd());
}

async function close(server: Server) {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
