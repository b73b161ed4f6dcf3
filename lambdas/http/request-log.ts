import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { Problem } from '#core/model/problems.ts';
import { log } from '../observability/log.ts';
import { routeOf } from './call.ts';

/** One line a request: route, status, problem, milliseconds. */
export function requestLog(): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  type HttpRequest = Request<APIGatewayProxyEvent, APIGatewayProxyResult>;
  const startedAt = new WeakMap<APIGatewayProxyEvent, number>();
  function write({ event, response, error }: HttpRequest): void {
    log('INFO', 'request', {
      requestId: event.requestContext.requestId,
      route: routeOf(event),
      status: response?.statusCode ?? 500,
      ...(error instanceof Problem && { problem: error.code }),
      ms: Math.round(performance.now() - (startedAt.get(event) ?? Number.NaN)),
    });
  }
  return {
    before: function requestLogBefore({ event }) {
      startedAt.set(event, performance.now());
    },
    after: function requestLogAfter(request) {
      write(request);
    },
    onError: function requestLogOnError(request) {
      write(request);
    },
  };
}
