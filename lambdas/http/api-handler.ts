import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type * as z from 'zod/mini';
import { Problem } from '#core/model/problems.ts';
import type { Flow, RouteKey } from '#core/model/routes.ts';
import { runRequest } from '../adapters/call-time.ts';
import { readBody } from './body.ts';
import { type Call, callOf, routeOf } from './call.ts';
import { problemDetails } from './problem-details.ts';
import { requestLog } from './request-log.ts';
import { responseHeaders } from './response-headers.ts';
import { refuseOtherSites } from './same-site.ts';

/** Answers one route. */
export type Route = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/** The settings of every API function. */
interface ApiSettings {
  readonly PORTAL_HOST: string;
  readonly APP_ORIGINS: readonly string[];
}

/**
 * The handler of some routes, by `METHOD /resource`, behind the one middleware stack. `after` and `onError` run
 * in reverse: first the problem is made, then it gets its headers, then the request is logged. A HEAD is answered as its
 * GET, without the content (RFC 9110 §9.3.2).
 */
export const apiHandler = (
  { PORTAL_HOST: portalHost, APP_ORIGINS: appOrigins }: ApiSettings,
  routes: Readonly<Record<string, Route>>,
) =>
  middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(requestLog())
    .use(responseHeaders({ appOrigins }))
    .use(problemDetails({ portalHost }))
    .handler((event) =>
      runRequest(async () => {
        const route = routes[routeOf(event).replace(/^HEAD /, 'GET ')];
        if (!route) throw new Problem('not_found');
        refuseOtherSites(event, { portalHost, appOrigins });
        return route(event);
      }),
    );

/**
 * The handler of one flow of the API. A route that is missing, or that the flow does not have, does not compile.
 * @param besides routes that are no call of the API: preflights
 */
export const flowHandler = <F extends Flow>(
  settings: ApiSettings,
  flowRoutes: Readonly<Record<RouteKey<F>, Route>>,
  besides: Readonly<Record<string, Route>> = {},
) => apiHandler(settings, { ...flowRoutes, ...besides });

/** A route with a JSON body. */
export const withBody =
  <Schema extends z.ZodMiniType>(
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

/** @param headers those that differ from the headers of every answer */
export function reply(
  statusCode: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyResult {
  if (body === undefined) return { statusCode, headers, body: '' };
  return {
    statusCode,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
