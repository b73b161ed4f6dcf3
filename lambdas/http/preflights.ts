import { callPaths } from '#core/model/routes.ts';
import { type Route, reply } from './api-handler.ts';
import { readableBy } from './app-origins.ts';

/**
 * Answers preflights, by `OPTIONS /resource`. None where the stage lists no app. Every answer names the origin of an app
 * that asks, and other sites are refused before: so this is the same for all calls.
 */
export const preflights = (appOrigins: readonly string[]): Readonly<Record<string, Route>> =>
  appOrigins.length === 0
    ? {}
    : Object.fromEntries(callPaths.map((path) => [`OPTIONS ${path}`, preflightOf(path)]));

/** CloudFront asks for these without the caller's origin, and gives all callers the same answer. */
const forEverybody: ReadonlySet<string> = new Set(['/terms', '/openapi.json']);

const preflightOf = (path: string): Route =>
  forEverybody.has(path)
    ? async () => reply(204, undefined, { ...asked, ...readableBy('*') })
    : preflight;

/** Without `X-Hawiya-Client`: a page of an app cannot even ask for cookies. */
const asked = {
  'Access-Control-Allow-Methods': 'DELETE, GET, HEAD, POST',
  'Access-Control-Allow-Headers':
    'Accept-Language, Authorization, Content-Type, Idempotency-Key, User-Agent',
  // Seconds: Chromium keeps no preflight for longer.
  'Access-Control-Max-Age': '7200',
};

const preflight: Route = async () => reply(204, undefined, asked);
