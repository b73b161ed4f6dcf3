import * as z from 'zod';
import { callPaths, type Flow, type Route, type RouteKey, routes } from '#core/model/routes.ts';
import { takesReceipts } from './sms.ts';

/** A call of the API. The providers' receipts are no route of a flow: not every stage has them. */
export type ThrottledCall = RouteKey<Flow> | 'POST /receipts/{provider}';

const throttle = z.strictObject({
  /** Requests that API Gateway accepts. It never answers more than 10,000 in a region. */
  ratePerSecond: z.int().positive().max(10_000),
  /** Requests at once on top. */
  burst: z.int().positive().max(10_000),
});

export type Throttle = z.output<typeof throttle>;

/**
 * Requests a second of each call, by default. A day of 100,000 codes has some ten of the busiest call a second in its
 * worst hour. The sums leave room below the account's quotas that calls share (test/infra/throttles.test.ts): Cognito's
 * authentication, user creation and account recovery, and the requests of a region.
 */
const rates: Record<ThrottledCall, number> = {
  'POST /registrations': 35,
  'POST /registrations/complete': 10,
  'POST /password-resets': 35,
  'POST /password-resets/complete': 5,
  'POST /username-reminders': 5,
  'POST /challenges': 50,
  // Pages ask again and again until the SMS is out.
  'GET /challenges/{id}': 80,
  'POST /challenges/{id}/send': 50,
  'POST /challenges/{id}/verify': 80,
  // Forms that take their time, a few times each.
  'POST /tickets/extend': 20,
  'POST /tickets/introspect': 50,
  'POST /sessions': 50,
  'POST /sessions/complete': 30,
  // Apps ask every quarter of an hour, and pages when they open.
  'POST /sessions/refresh': 80,
  'POST /sessions/revoke': 30,
  'GET /account': 50,
  'GET /account/sessions': 20,
  'DELETE /account/sessions': 10,
  'DELETE /account/sessions/{id}': 10,
  'GET /account/export': 5,
  'POST /account/password': 5,
  'POST /account/phone': 10,
  'POST /account/phone/complete': 10,
  // All at once, after new terms.
  'POST /account/terms': 20,
  'POST /account/close': 5,
  'POST /account/close/complete': 5,
  'POST /account/authenticators/totp': 5,
  'DELETE /account/authenticators/totp': 5,
  'POST /account/authenticators/totp/confirm': 10,
  'POST /account/recovery-codes': 5,
  'GET /terms': 50,
  // Answers of people to a question that follows a flow; what is above is not counted.
  'POST /feedback': 10,
  'GET /health': 10,
  'GET /openapi.json': 10,
  'POST /receipts/{provider}': 80,
};

export const throttledCalls = Object.keys(rates) as ThrottledCall[];

const perSecond = (ratePerSecond: number) =>
  throttle.default({ ratePerSecond, burst: 2 * ratePerSecond });

/** How many requests of each call API Gateway accepts. A stage names only the calls that it changes. */
export const throttles = z
  .strictObject(
    Object.fromEntries(throttledCalls.map((call) => [call, perSecond(rates[call])])) as Record<
      ThrottledCall,
      ReturnType<typeof perSecond>
    >,
  )
  .prefault({});

export type Throttles = z.output<typeof throttles>;

/** One throttle for every call. */
export const throttlesOfAll = (one: Throttle): Throttles =>
  Object.fromEntries(throttledCalls.map((call) => [call, one])) as Throttles;

/** What several calls take together. */
export const throttleOf = (of: Throttles, calls: readonly ThrottledCall[]): Throttle =>
  sumOf(calls.map((call) => of[call]));

export const sumOf = (all: readonly Throttle[]): Throttle => ({
  ratePerSecond: all.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0),
  burst: all.reduce((sum, { burst }) => sum + burst, 0),
});

/** The methods by which a call is answered: where GET is, HEAD is too (RFC 9110 §9.1). */
export const methodsOf = ({ method }: Pick<Route, 'method'>): readonly string[] =>
  method === 'GET' ? ['GET', 'HEAD'] : [method];

/**
 * The throttle of each method of a stage's API, by `/path/METHOD`. A HEAD takes as many as its GET, and the preflights of a
 * path as many as its calls.
 */
export function methodThrottles(config: ThrottledStage): Readonly<Record<string, Throttle>> {
  const { throttles, appOrigins } = config;
  const found: Record<string, Throttle> = {};
  for (const { method, path } of routes) {
    const throttle = throttles[`${method} ${path}` as ThrottledCall];
    for (const each of methodsOf({ method })) found[`${path}/${each}`] = throttle;
  }
  for (const path of appOrigins.length > 0 ? callPaths : []) {
    const calls = throttledCalls.filter((call) => call.endsWith(` ${path}`));
    found[`${path}/OPTIONS`] = throttleOf(throttles, calls);
  }
  const receipts = 'POST /receipts/{provider}';
  if (takesReceipts(config)) found['/receipts/{provider}/POST'] = throttles[receipts];
  return found;
}

/** The part of a stage that its throttles follow. */
type ThrottledStage = Parameters<typeof takesReceipts>[0] & {
  readonly throttles: Throttles;
  readonly appOrigins: readonly string[];
};
