import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

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

/** Adds the security headers to answers and to problems alike. */
export const responseHeaders = (): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> => ({
  after: function responseHeadersAfter(request) {
    addHeaders(request);
  },
  onError: function responseHeadersOnError(request) {
    addHeaders(request);
  },
});

function addHeaders({ response }: HttpRequest): void {
  if (response) response.headers = { ...headers, ...response.headers };
}
