import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { account } from '../template/physical-ids.ts';

/** What the gateway knows about a request that it passes on to a function. */
export interface GatewayRequest {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly apiId: string;
  readonly stage: string;
  /** The path as sent, without the stage. */
  readonly path: string;
  readonly resourcePath: string;
  readonly pathParameters: Record<string, string>;
  /** Claims of the token, if the method has an authorizer. */
  readonly claims: Record<string, string> | undefined;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

type Pair = readonly [name: string, value: string];

/** The event that a REST API's proxy integration sends to a function (payload 1.0). */
export function proxyEvent(from: GatewayRequest): APIGatewayProxyEvent {
  const { request, path, resourcePath, body } = from;
  const headers = headerPairs(request);
  const query = [...new URLSearchParams(queryOf(request))];
  const httpMethod = request.method ?? '';
  return {
    resource: resourcePath,
    path,
    httpMethod,
    headers: lastValues(headers) ?? {},
    multiValueHeaders: allValues(headers) ?? {},
    queryStringParameters: lastValues(query),
    multiValueQueryStringParameters: allValues(query),
    pathParameters: lastValues(Object.entries(from.pathParameters)),
    stageVariables: null,
    requestContext: requestContext(from, httpMethod),
    // Without binary media types, API Gateway passes every body on as text.
    body: body === '' ? null : body,
    isBase64Encoded: false,
  };
}

/** The path of a request as it was sent, without its query. */
export function pathOf(request: IncomingMessage): string {
  return request.url?.split('?', 1)[0] ?? '/';
}

function queryOf(request: IncomingMessage): string {
  return request.url?.slice(pathOf(request).length + 1) ?? '';
}

function requestContext(
  { request, requestId, apiId, stage, path, resourcePath, claims, at }: GatewayRequest,
  httpMethod: string,
): APIGatewayProxyEvent['requestContext'] {
  return {
    accountId: account,
    apiId,
    stage,
    requestId,
    authorizer: claims && { claims },
    identity: { ...anonymous, sourceIp: sourceIp(request), userAgent: userAgent(request) },
    resourceId: resourcePath,
    resourcePath,
    httpMethod,
    path: `/${stage}${path}`,
    protocol: `HTTP/${request.httpVersion}`,
    requestTimeEpoch: at,
  };
}

/**
 * The caller's address. API Gateway takes the peer's address. The local gateway trusts
 * `X-Forwarded-For`, so that one machine can act as many clients.
 */
function sourceIp(request: IncomingMessage): string {
  const forwarded = request.headers['x-forwarded-for'];
  const [first = ''] = String(forwarded ?? '').split(',');
  const address = first.trim();
  return isIP(address) ? address : (request.socket.remoteAddress ?? '127.0.0.1');
}

const userAgent = (request: IncomingMessage) => request.headers['user-agent'] ?? null;

/** Keeps header names in the case that the client sent: functions must accept any case. */
function headerPairs({ rawHeaders }: IncomingMessage): Pair[] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  );
}

function lastValues(pairs: readonly Pair[]): Record<string, string> | null {
  return pairs.length === 0 ? null : Object.fromEntries(pairs);
}

function allValues(pairs: readonly Pair[]): Record<string, string[]> | null {
  if (pairs.length === 0) return null;
  const groups = Map.groupBy(pairs, ([name]) => name);
  return Object.fromEntries(
    [...groups].map(([name, group]) => [name, group.map(([, value]) => value)] as const),
  );
}

const anonymous = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};
