import { callPaths } from '#core/model/routes.ts';
import { type Route, reply } from './api-handler.ts';

/**
 * Answers preflights, by `OPTIONS /resource`. None where the stage lists no app. Every answer names the origin of an app
 * that asks, and other sites are refused before: so this is the same for all calls.
 */
export const preflights = (appOrigins: readonly string[]): Readonly<Record<string, Route>> =>
  appOrigins.length === 0
    ? {}
    : Object.fromEntries(callPaths.map((path) => [`OPTIONS ${path}`, preflight]));

/** Without `X-Hawiya-Client`: a page of an app cannot even ask for cookies. */
const preflight: Route = async () =>
  reply(204, undefined, {
    'Access-Control-Allow-Methods': 'DELETE, GET, HEAD, POST',
    'Access-Control-Allow-Headers':
      'Accept-Language, Authorization, Content-Type, Idempotency-Key, User-Agent',
    // Seconds: Chromium keeps no preflight for longer.
    'Access-Control-Max-Age': '7200',
  });
