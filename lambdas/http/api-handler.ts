import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type * as z from 'zod';
import { Problem } from '#core/model/problems.ts';
import { readBody } from './body.ts';
import { type Call, callOf, routeOf } from './call.ts';
import { problemDetails } from './problem-details.ts';
import { requestLog } from './request-log.ts';
import { responseHeaders } from './response-headers.ts';
import { refuseOtherSites } from './same-site.ts';

/** Answers one route. */
export type Route = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/**
 * The handler of a flow: its routes, by `METHOD /resource`, behind the one middleware stack. `after` and `onError` run
 * in reverse: first the problem is made, then it gets its headers, then the request is logged.
 */
export const apiHandler = (env: { readonly PORTAL_HOST: string }, routes: Record<string, Route>) =>
  middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(requestLog())
    .use(responseHeaders())
    .use(problemDetails({ portalHost: env.PORTAL_HOST }))
    .handler(async (event) => {
      const route = routes[routeOf(event)];
      if (!route) throw new Problem('not_found');
      refuseOtherSites(event, env.PORTAL_HOST);
      return route(event);
    });

/** A route with a JSON body. */
export const withBody =
  <Schema extends z.ZodType>(
    schema: Schema,
    run: (body: z.output<Schema>, call: Call) => Promise<APIGatewayProxyResult>,
  ): Route =>
  async (event) =>
    run(readBody(schema, event), callOf(event));

/** A route without a body. */
export const withoutBody =
  (run: (call: Call) => Promise<APIGatewayProxyResult>): Route =>
  async (event) =>
    run(callOf(event));

export function reply(statusCode: number, body?: unknown): APIGatewayProxyResult {
  if (body === undefined) return { statusCode, body: '' };
  return {
    statusCode,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
}
