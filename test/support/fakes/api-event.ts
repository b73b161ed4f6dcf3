import type { APIGatewayProxyEvent, Context } from 'aws-lambda';

interface Shape {
  readonly body?: unknown;
  readonly rawBody?: string | null;
  readonly headers?: APIGatewayProxyEvent['headers'] | null;
  readonly pathParameters?: Record<string, string>;
  readonly claims?: Record<string, string>;
  readonly sourceIp?: string;
  readonly isBase64Encoded?: boolean;
}

export const requestId = '2f1d2b7e-0000-4000-8000-request00001';

/**
 * The event that API Gateway hands a function (REST API, proxy integration).
 * @param route as in `lib/routes.ts`: `POST /challenges/{id}/verify`
 */
export function apiEvent(route: string, shape: Shape = {}): APIGatewayProxyEvent {
  const [httpMethod = '', resource = ''] = route.split(' ');
  const { body, rawBody = body === undefined ? null : JSON.stringify(body) } = shape;
  const parameters = shape.pathParameters ?? null;
  const path = resource.replace(/\{(\w+)\}/g, (_all, name: string) => parameters?.[name] ?? '');
  const event = {
    httpMethod,
    resource,
    path,
    body: rawBody,
    isBase64Encoded: shape.isBase64Encoded ?? false,
    headers: shape.headers === undefined ? {} : shape.headers,
    multiValueHeaders: {},
    pathParameters: parameters,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    stageVariables: null,
    requestContext: {
      requestId,
      identity: { sourceIp: shape.sourceIp ?? '192.0.2.1' },
      ...(shape.claims && { authorizer: { claims: shape.claims } }),
    },
  };
  // The context has thirty fields that no handler here reads.
  return event as unknown as APIGatewayProxyEvent;
}

/** The part of Lambda's context that middy reads. */
export const lambdaContext = {
  awsRequestId: requestId,
  getRemainingTimeInMillis: () => 10_000,
} as Context;
