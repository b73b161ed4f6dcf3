import * as z from 'zod';
import type { Flow, RouteKey } from '#core/model/routes.ts';

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
  'POST /challenges': 50,
  // Pages ask again and again until the SMS is out.
  'GET /challenges/{id}': 80,
  'POST /challenges/{id}/send': 50,
  'POST /challenges/{id}/verify': 80,
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

/** What several calls take together. @param calls all calls by default */
export const throttleOf = (
  of: Throttles,
  calls: readonly ThrottledCall[] = throttledCalls,
): Throttle => ({
  ratePerSecond: calls.reduce((sum, call) => sum + of[call].ratePerSecond, 0),
  burst: calls.reduce((sum, call) => sum + of[call].burst, 0),
});
