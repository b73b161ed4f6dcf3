import type { APIGatewayProxyEvent } from 'aws-lambda';
import { chooseLanguage, type Language } from '#core/values/language.ts';
import { readIdempotencyKey } from './idempotency-key.ts';

/** The parts of a request that a route needs, besides its body. */
export interface Call {
  readonly language: Language;
  /**
   * IP address that API Gateway saw: the caller's, or that of the edge. `edge.ts` finds the caller's behind the edge.
   */
  readonly peer: string;
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /**
   * The caller's idempotency key, if the caller may send this request again.
   * @throws Problem invalid_request
   */
  readonly idempotencyKey: () => string | undefined;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** Claims of the access token, on routes behind the authorizer. */
  readonly claims: Readonly<Record<string, string | undefined>>;
}

export const callOf = (event: APIGatewayProxyEvent): Call => ({
  language: languageOf(event),
  peer: event.requestContext.identity.sourceIp,
  header: (name) => header(event, name),
  idempotencyKey: () => readIdempotencyKey(header(event, 'idempotency-key')),
  pathParameters: idsOf(event.pathParameters ?? {}),
  claims: event.requestContext.authorizer?.['claims'] ?? {},
});

/** The subject of a call's access token. A missing claim becomes a value that matches nothing. */
export function subjectOf({ claims }: Pick<Call, 'claims'>) {
  const { username = '', sub: userId = '', origin_jti: sessionId = '', auth_time } = claims;
  return { username, userId, sessionId, signedInAt: Number(auth_time) };
}

export const languageOf = (event: APIGatewayProxyEvent): Language =>
  chooseLanguage(header(event, 'accept-language'));

/** Characters of the longest id that is read. Every id of ours is shorter. */
const longestId = 128;

/**
 * Leaves out ids that are too long to be ours. DynamoDB refuses a key of more than 1,024 bytes, which would become a
 * 503.
 */
const idsOf = (parameters: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(
    Object.entries(parameters).filter(([, value = '']) => value.length <= longestId),
  );

/** Header names arrive in any case. */
export function header(event: APIGatewayProxyEvent, name: string): string | undefined {
  const found = Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return found?.[1];
}

/** The route as `lib/routes.ts` has it: `POST /challenges/{id}/verify`. It never contains an id. */
export const routeOf = (event: APIGatewayProxyEvent): string =>
  `${event.httpMethod} ${event.resource}`;
