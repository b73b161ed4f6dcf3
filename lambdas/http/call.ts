import type { APIGatewayProxyEvent } from 'aws-lambda';
import { chooseLanguage, type Language } from '#core/values/language.ts';
import { readIdempotencyKey } from './idempotency-key.ts';

/** What a route needs to know of a request besides its body. */
export interface Call {
  readonly language: Language;
  /** IP address of whom API Gateway got it from: the caller, or the edge (`edge.ts` tells whom that one names). */
  readonly peer: string;
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /**
   * What the caller knows this request by, where it may send it again.
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

/** Whom the access token of a call speaks for. A claim that is missing opens nothing. */
export function subjectOf({ claims }: Pick<Call, 'claims'>) {
  const { username = '', sub: userId = '', origin_jti: sessionId = '', auth_time } = claims;
  return { username, userId, sessionId, signedInAt: Number(auth_time) };
}

export const languageOf = (event: APIGatewayProxyEvent): Language =>
  chooseLanguage(header(event, 'accept-language'));

/** Characters of the longest id of ours, with room to spare. */
const longestId = 128;

/** What is longer is nobody's id, and left out: DynamoDB refuses a key of more than 1,024 bytes, which would be a 503. */
const idsOf = (parameters: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(
    Object.entries(parameters).filter(([, value = '']) => value.length <= longestId),
  );

/** Header names arrive in any case. */
export function header(event: APIGatewayProxyEvent, name: string): string | undefined {
  const found = Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return found?.[1];
}

/** `POST /challenges/{id}/verify`: as it stands in `lib/routes.ts`, never the path with somebody's id in it. */
export const routeOf = (event: APIGatewayProxyEvent): string =>
  `${event.httpMethod} ${event.resource}`;
