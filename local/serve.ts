import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { StageConfig } from '../lib/config/stage-config.ts';
import { local } from '../lib/config/stages/local.ts';
import { createClock, type LocalClock } from './clock.ts';
import { type Cloud, type CloudOptions, startCloud } from './cloud.ts';
import { createApiGateway } from './gateway/api-gateway.ts';
import { sendJson } from './pages/local-answers.ts';
import { createLocalRoutes, type Directory } from './pages/local-routes.ts';
import { createPortalRoutes } from './pages/portal-routes.ts';
import { createInbox, type Inbox, type Sms } from './pages/sms-inbox.ts';
import { localReviewCodes } from './review-codes.ts';
import type { Log } from './terminal-log.ts';

type CloudPart = 'bundle' | 'codeCache' | 'config' | 'dataDir' | 'dynamodb' | 'hooks' | 'templates';

export interface ServeOptions extends Pick<CloudOptions, CloudPart> {
  /** Port on 127.0.0.1; 0 takes a free port. */
  readonly port: number;
  /** Silent by default. */
  readonly log?: Log;
  /** What started it, for the message about a port that is taken; `npm start` by default. */
  readonly command?: string;
}

/** A running local cloud with its HTTP server. */
export interface Serving {
  /** Base address, without a slash at the end: `http://localhost:3000`. */
  readonly url: string;
  readonly directory: Directory;
  readonly inbox: Inbox;
  /** The clock of the whole cloud. */
  readonly clock: LocalClock;
  readonly cloud: Cloud;
  /** Builds the portal now. Without this call, the first request for the portal builds it. */
  portalReady(): Promise<void>;
  /** Stops everything. A second call waits for the first. */
  stop(): Promise<void>;
}

const silent: Log = { entry: () => {}, sms: () => {} };

/**
 * Starts the local cloud and its HTTP server: API, portal, inbox, clock and directory. `npm start`
 * and the end-to-end tests run it.
 * @throws Error with a message for the developer; then nothing is left running
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { port, log = silent, command = 'npm start', ...cloudOptions } = options;
  const clock = createClock();
  const inbox = createInbox(clock);
  const onSms = (sms: Sms) => {
    inbox.deliver(sms);
    log.sms(sms);
  };

  // Open the port first, so that a taken port is reported at once.
  let listener: RequestListener = answerStarting;
  const server = createServer((request, response) => listener(request, response));
  const url = await listen(server, port, command);
  let cloud: Cloud | undefined;
  try {
    cloud = await startCloud({ ...cloudOptions, clock, onSms, onLog: log.entry });
    const directory = directoryOf(url, cloud);
    const config = options.config ?? local;
    const portal = createPortalRoutes(config);
    listener = listenerFor({ cloud, config, clock, log, inbox, portal, directory });
    const started = cloud;
    const stop = onlyOnce(() => stopAll(server, started));
    return { url, directory, inbox, clock, cloud, portalReady: portal.ready, stop };
  } catch (error) {
    close(server);
    await cloud?.stop();
    throw error;
  }
}

interface Parts {
  readonly cloud: Cloud;
  readonly config: StageConfig;
  readonly clock: LocalClock;
  readonly log: Log;
  readonly inbox: Inbox;
  readonly portal: ReturnType<typeof createPortalRoutes>;
  readonly directory: Directory;
}

function listenerFor({
  cloud,
  config,
  clock,
  log,
  inbox,
  portal,
  directory,
}: Parts): RequestListener {
  const { resources, invoke, cognito, userPoolId, buses } = cloud;
  const issuer = cognito.issuer(userPoolId);
  const gateway = createApiGateway({
    resources,
    invoke,
    issuer,
    jwks: cognito.jwks(),
    now: clock.now,
    onLog: log.entry,
  });
  const besides = createLocalRoutes({
    inbox,
    portal,
    clock,
    buses,
    directory,
    reviewCodes: () => localReviewCodes(cloud, config),
  });
  return (request, response) => {
    if (gateway.serves(request)) gateway.handle(request, response);
    else besides(request, response);
  };
}

function directoryOf(url: string, cloud: Cloud): Directory {
  const { endpoints, tables, userPoolId, clientId, serviceClients, cognito } = cloud;
  return {
    portal: `${url}/`,
    demo: `${url}/local/demo`,
    api: `${url}/v1`,
    reference: `${url}/reference/`,
    inbox: `${url}/local/inbox`,
    clock: `${url}/local/clock`,
    events: `${url}/local/events`,
    reviewNumbers: `${url}/local/review-numbers`,
    dynamodb: endpoints.dynamodb,
    cognito: endpoints.cognito,
    tables,
    userPoolId,
    clientId,
    tokenEndpoint: `${endpoints.cognito}/oauth2/token`,
    serviceClients,
    issuer: cognito.issuer(userPoolId),
    jwksUri: `${endpoints.cognito}/${userPoolId}/.well-known/jwks.json`,
  };
}

const answerStarting: RequestListener = (_, response) => {
  response.setHeader('retry-after', '2');
  sendJson(response, 503, { message: 'The local cloud is starting' });
};

/** Only this machine may ask: the inbox shows every code. */
async function listen(server: Server, port: number, command: string): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error) => {
    throw portError(error, port, command);
  });
  const address = server.address();
  return `http://localhost:${typeof address === 'object' ? address?.port : port}`;
}

function portError(error: NodeJS.ErrnoException, port: number, command: string): Error {
  const problem = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${error.code})`;
  const other = port < 65_535 ? Math.max(port + 1, 3000) : 3000;
  return new Error(`Port ${port} ${problem}. Stop what uses it, or run PORT=${other} ${command}.`);
}

async function stopAll(server: Server, cloud: Cloud): Promise<void> {
  close(server);
  await cloud.stop();
}

function close(server: Server): void {
  server.close();
  server.closeAllConnections();
}

function onlyOnce(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= stop();
    return stopped;
  };
}
