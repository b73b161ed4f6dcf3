import { createBuilder, type Fields, operationOf, table } from './build.ts';
import { failingAsHawiyaError, isProblem, UnreadableAnswer } from './problem.ts';
import { exchange } from './request.ts';
import { retrying } from './retry.ts';
import { abortable, machine, randomUuid } from './runtime.ts';
import type { components } from './schema.ts';
import { createSession } from './session.ts';
import type { CallOptions, Client, ClientOptions } from './types.ts';

type TokensAnswer = components['schemas']['TokensAnswer'];
type Run = (name: string, input: Fields, call?: CallOptions) => Promise<unknown>;

/** Milliseconds. */
const defaultTimeout = 15_000;
const longestTimeout = 30_000;
/**
 * Ten seconds after its use, a refresh token that arrives again is treated as stolen and ends the session. So a refresh
 * is retried soon or not at all: its first attempt is cut short, and a retry leaves time to arrive.
 */
const refreshAttempt = 4_000;
const refreshAgainWithin = 6_000;

/**
 * A client of one person. It holds the tokens, so a server that acts for many people makes one client for each.
 * Its calls reject with the errors of `problem.ts`.
 */
export function createClient(options: ClientOptions): Client {
  const {
    accessToken,
    uuid = randomUuid,
    onSessionEnded = () => {},
    onSessionKept = () => {},
  } = options;
  const runtime = { ...machine(), ...options.runtime };
  // Not `options.fetch(…)`: browsers refuse a `fetch` that is called as another object's method.
  const fetch: typeof globalThis.fetch = options.fetch ?? ((...args) => globalThis.fetch(...args));
  const inCookie = options.tokens === 'cookie';
  const build = createBuilder(options);
  const session = createSession({
    store: inCookie ? undefined : (options.store ?? { load: () => undefined, save: () => {} }),
    runtime,
    rotate,
    onEnded: onSessionEnded,
    onKept: onSessionKept,
  });

  const timeoutOf = (call: CallOptions) =>
    Math.min(call.timeout ?? options.timeout ?? defaultTimeout, longestTimeout);

  const run: Run = async (name, input, call = {}) => {
    const { method, keyed, cookies, tries } = operationOf(name);
    if (cookies) await abortable(name, session.settled(), call.signal);
    const key = keyed && (call.idempotencyKey ?? uuid());
    const repeatable = method === 'GET' || key !== undefined;
    // A password or code whose answer was lost may have cost a try, and a repetition may cost another: the person decides.
    // After `unavailable` it was not judged.
    const mayRepeat = (error: unknown) => repeatable && (!tries || isProblem(error, 'unavailable'));
    const answer = await authorised(name, call, (bearer) =>
      retrying(runtime, call.signal, mayRepeat, () =>
        exchange(fetch, build(name, input, { bearer, key }), timeoutOf(call), call.signal),
      ),
    );
    if (cookies && isTokens(answer)) await session.opened(answer.tokens);
    return answer;
  };

  /**
   * Sends with the access token that the operation requires. If the person's token is refused, it sends once more with
   * a fresh one; the refused call had no effect. It wraps the retries, because a failed refresh must not be repeated
   * with each retry of the call.
   */
  async function authorised(
    name: string,
    { signal }: CallOptions,
    send: (bearer?: string) => Promise<unknown>,
  ): Promise<unknown> {
    const { bearer } = operationOf(name);
    if (bearer === 'service') return send(await accessToken?.());
    if (bearer !== 'session') return send();
    const token = await abortable(name, session.accessToken(), signal);
    try {
      return await send(token);
    } catch (error) {
      if (token === undefined || !isProblem(error, 'unauthenticated')) throw error;
      session.refused(token);
      const fresh = await abortable(name, session.accessToken(), signal);
      if (fresh === undefined) throw error;
      return send(fresh);
    }
  }

  async function rotate(refreshToken: string | undefined, signal: AbortSignal) {
    const request = build('refreshSession', inCookie ? {} : { refreshToken });
    const started = runtime.now();
    const answer = await retrying(
      runtime,
      signal,
      (_, wait) => runtime.now() - started + wait < refreshAgainWithin,
      (retry) => {
        const timeout = Math.min(timeoutOf({}), retry ? longestTimeout : refreshAttempt);
        return exchange(fetch, request, timeout, signal);
      },
    );
    if (!isTokens(answer)) throw new UnreadableAnswer('refreshSession', 200, undefined);
    return answer.tokens;
  }

  async function logOut(call: CallOptions = {}): Promise<void> {
    const refreshToken = await session.close();
    if (!inCookie && refreshToken === undefined) return;
    const input = inCookie ? {} : { refreshToken };
    await unlessOver(run('revokeSession', input, call), undefined);
  }

  const methods = Object.keys(table).map((name) => [name, methodOf(name, run)]);
  return {
    ...Object.fromEntries(methods),
    refreshSession: ({ signal }: CallOptions = {}) =>
      answering('refreshSession', () => unlessOver(session.refresh(), false), signal),
    revokeSession: (call) => failingAsHawiyaError('revokeSession', () => logOut(call)),
    forgetSession: session.forget,
    getAccessToken: ({ signal }: CallOptions = {}) =>
      answering('getAccessToken', () => unlessOver(session.accessToken(), undefined), signal),
    getIdToken: ({ signal }: CallOptions = {}) =>
      answering('getIdToken', () => unlessOver(session.idToken(), undefined), signal),
  };
}

const answering = <T>(name: string, ask: () => Promise<T>, signal: AbortSignal | undefined) =>
  failingAsHawiyaError(name, () => abortable(name, ask(), signal));

function methodOf(name: string, run: Run) {
  const { body, path } = operationOf(name);
  const safely: Run = (...call) => failingAsHawiyaError(name, () => run(...call));
  return body || path.includes('{')
    ? (input: Fields, call?: CallOptions) => safely(name, input, call)
    : (call?: CallOptions) => safely(name, {}, call);
}

const unlessOver = <T, U>(promise: Promise<T>, otherwise: U) =>
  promise.catch((error: unknown): U => {
    if (isProblem(error, 'unauthenticated')) return otherwise;
    throw error;
  });

const isTokens = (answer: unknown): answer is TokensAnswer =>
  typeof (answer as TokensAnswer | undefined)?.tokens?.accessToken === 'string';
