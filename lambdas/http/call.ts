import type { APIGatewayProxyEvent } from 'aws-lambda';
import { chooseLanguage, type Language } from '../core/language.ts';

/** What a route needs to know of a request besides its body. */
export interface Call {
  readonly language: Language;
  /** The caller's IP address as API Gateway saw it: the peer, never a header a caller can write. */
  readonly address: string;
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** Claims of the access token, on routes behind the authorizer. */
  readonly claims: Readonly<Record<string, string | undefined>>;
}

export const callOf = (event: APIGatewayProxyEvent): Call => ({
  language: languageOf(event),
  address: event.requestContext.identity.sourceIp,
  header: (name) => header(event, name),
  pathParameters: event.pathParameters ?? {},
  claims: event.requestContext.authorizer?.['claims'] ?? {},
});

/** Whom the access token of a call speaks for. A claim that is missing opens nothing. */
export function subjectOf({ claims }: Pick<Call, 'claims'>) {
  const { username = '', sub: userId = '', origin_jti: sessionId = '', auth_time } = claims;
  return { username, userId, sessionId, signedInAt: Number(auth_time) };
}

export const languageOf = (event: APIGatewayProxyEvent): Language =>
  chooseLanguage(header(event, 'accept-language'));

/** Header names arrive in any case. */
export function header(event: APIGatewayProxyEvent, name: string): string | undefined {
  const found = Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return found?.[1];
}

/** `POST /challenges/{id}/verify`: as it stands in `lib/routes.ts`, never the path with somebody's id in it. */
export const routeOf = (event: APIGatewayProxyEvent): string =>
  `${event.httpMethod} ${event.resource}`;
