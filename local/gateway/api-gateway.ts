import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod';
import type { LogEntry } from '../functions/function-definition.ts';
import type { Outcome } from '../functions/function-sandbox.ts';
import { type AuthorizerOptions, createAuthorizer } from './authorizer.ts';
import { pathOf, proxyEvent } from './gateway-event.ts';
import { GatewayFault } from './gateway-fault.ts';
import { type Resources, read } from './gateway-resources.ts';
import { type Answer, createGatewayResponses } from './gateway-responses.ts';
import { matchRoute, type Route, routesOf } from './gateway-routes.ts';
import { proxyAnswer } from './proxy-answer.ts';
import { createThrottle } from './throttle.ts';

const BODY_LIMIT_BYTES = 10 * 1024 * 1024;
const INTEGRATION_LIMIT_MS = 29_000;

export interface ApiGatewayOptions extends AuthorizerOptions {
  readonly resources: Resources;
  readonly invoke: (functionName: string, event: APIGatewayProxyEvent) => Promise<Outcome>;
  /** Gets the cause when the gateway answers because the function could not. */
  readonly onLog?: ((entry: LogEntry) => void) | undefined;
}

export interface ApiGateway {
  /** Path of the stage: `/v1`. */
  readonly basePath: string;
  /** Whether the request's path is below the stage. */
  serves(request: IncomingMessage): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/**
 * Serves the template's REST API the way API Gateway's Lambda proxy integration does.
 * @throws Error at once if the template uses what the local gateway does not support
 */
export function createApiGateway({
  resources,
  invoke,
  now,
  onLog,
  ...keys
}: ApiGatewayOptions): ApiGateway {
  const { apiId, stage } = stageOf(resources);
  const basePath = `/${stage}`;
  const routes = routesOf(resources);
  const authorize = createAuthorizer({ ...keys, now });
  const throttle = createThrottle(resources, now);
  const faultAnswer = createGatewayResponses(resources);

  const integrate = async (request: IncomingMessage, requestId: string): Promise<Answer> => {
    const path = pathOf(request).slice(basePath.length) || '/';
    const { route, pathParameters } = matchRoute(routes, request.method ?? '', path);
    throttle(route);
    const claims = await claimsFor(route, request);
    const body = await readBody(request);
    route.checkBody?.(request.headers['content-type'], body);
    const event = proxyEvent({
      request,
      requestId,
      apiId,
      stage,
      path,
      resourcePath: route.resourcePath,
      pathParameters,
      claims,
      body,
      at: now(),
    });
    return proxyAnswer(await withinLimit(invoke(route.functionName, event)));
  };

  const claimsFor = async ({ authorization }: Route, { headers }: IncomingMessage) => {
    if (!authorization) return undefined;
    const value = headers[authorization.header.toLowerCase()];
    return authorize(value?.toString(), authorization.scopes);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const requestId = randomUUID();
    try {
      send(response, requestId, await integrate(request, requestId), now());
    } catch (error) {
      const fault = asFault(error);
      if (fault.cause) onLog?.(logEntry(request, fault));
      const context = { requestId, apiId, stage, httpMethod: request.method };
      send(response, requestId, faultAnswer(fault, context), now());
    }
  };

  return { basePath, serves: (request) => isBelow(basePath, pathOf(request)), handle };
}

const stageSchema = z.object({ RestApiId: z.string(), StageName: z.string() });

function stageOf(resources: Resources) {
  const [found, ...others] = read(resources, 'AWS::ApiGateway::Stage', stageSchema);
  if (!found || others.length > 0) {
    throw new Error(
      `The local gateway serves one stage, the template has ${found ? 'more' : 'none'}`,
    );
  }
  return { apiId: found.properties.RestApiId, stage: found.properties.StageName };
}

function isBelow(basePath: string, path: string): boolean {
  return path === basePath || path.startsWith(`${basePath}/`);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Destroying the request would close the connection before the 413 is sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) throw new GatewayFault('REQUEST_TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function withinLimit(invocation: Promise<Outcome>): Promise<Outcome> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => limit.reject(new GatewayFault('INTEGRATION_TIMEOUT')),
    INTEGRATION_LIMIT_MS,
  );
  return Promise.race([invocation, limit.promise]).finally(() => clearTimeout(timer));
}

/** Hides an unexpected error's message from the client: it may repeat the request's content. */
function asFault(error: unknown): GatewayFault {
  if (error instanceof GatewayFault) return error;
  return new GatewayFault('DEFAULT_5XX', undefined, String(error));
}

function logEntry(request: IncomingMessage, { cause }: GatewayFault): LogEntry {
  const message = `${request.method} ${pathOf(request)}: ${cause}`;
  return { functionName: 'api-gateway', line: JSON.stringify({ level: 'ERROR', message }) };
}

/** @throws TypeError before anything is sent if a header holds a character HTTP does not allow */
function send(
  response: ServerResponse,
  requestId: string,
  { status, headers, body }: Answer,
  now: number,
) {
  // An earlier answer that could not be sent may have set some headers already.
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('x-amzn-RequestId', requestId);
  // Pages count down by this header, so it follows the cloud's clock.
  response.setHeader('date', new Date(now).toUTCString());
  response.statusCode = status;
  response.end(body);
}
