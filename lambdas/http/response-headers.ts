import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { appOriginOf, readableBy } from './app-origins.ts';

type HttpRequest = Request<APIGatewayProxyEvent, APIGatewayProxyResult>;

/**
 * On every answer: it must not be sniffed, framed or fetched over plain HTTP, and not be cached unless it says so
 * itself.
 */
const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  Vary: 'Accept-Language',
};

/** Adds the headers of every answer to answers and to problems alike, and leaves the content out after a HEAD. */
export function responseHeaders({
  appOrigins,
}: {
  readonly appOrigins: readonly string[];
}): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  function complete({ event, response }: HttpRequest): void {
    if (!response) return;
    response.headers = { ...headers, ...corsHeaders(event, appOrigins), ...response.headers };
    if (event.httpMethod === 'HEAD') response.body = '';
  }
  return {
    after: function responseHeadersAfter(request) {
      complete(request);
    },
    onError: function responseHeadersOnError(request) {
      complete(request);
    },
  };
}

/** None where the stage lists no app. */
function corsHeaders(
  event: APIGatewayProxyEvent,
  appOrigins: readonly string[],
): Readonly<Record<string, string>> {
  if (appOrigins.length === 0) return {};
  const origin = appOriginOf(event, appOrigins);
  return { Vary: 'Accept-Language, Origin', ...(origin !== undefined && readableBy(origin)) };
}
