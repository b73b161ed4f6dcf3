import { AsyncLocalStorage } from 'node:async_hooks';

/*
 * How long calls of AWS may take. A dependency that hangs must not use up the caller's time: the caller gets 503 within six
 * seconds, and what was charged is returned before that (docs/decisions/0042).
 */

/**
 * Milliseconds that each attempt of a call waits for its answer. The first is long, because a slow answer is better than a
 * second call. A call without an answer fails after 4.5 s and the SDK's pauses.
 */
export const attemptMs = [2500, 1500, 500] as const;

/**
 * Milliseconds from the start of a request to the end of its last call, once one of its calls got no answer. What follows
 * returns what the request was charged.
 */
export const requestMs = 5500;

/** The time of one request. */
interface RequestTime {
  /** Milliseconds of `performance.now()`. */
  readonly startedAt: number;
  /** Whether a call of this request got no answer. */
  unanswered: boolean;
}

const requests = new AsyncLocalStorage<RequestTime>();

/** Runs one request: its calls share {@link requestMs} from now on. */
export const runRequest = <Result>(run: () => Promise<Result>): Promise<Result> =>
  requests.run({ startedAt: performance.now(), unanswered: false }, run);

/** The request has no time for a further call. Nothing was sent. */
export class NoTimeLeft extends Error {
  override readonly name = 'NoTimeLeft';
}

interface SentRequest {
  readonly headers: Readonly<Record<string, string>>;
}

/** The part of the SDK's HTTP handler that is used here. `requestTimeout` in milliseconds. */
interface HttpHandler {
  handle(request: SentRequest, options?: { requestTimeout?: number }): Promise<unknown>;
}

/** A client of the SDK. */
export interface Timed {
  readonly config: { readonly requestHandler: object };
}

/** Limits the time of every attempt that a client makes. */
export function limitTime<Client extends Timed>(client: Client): Client {
  const handler = client.config.requestHandler as HttpHandler;
  const handle = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    const time = requests.getStore();
    const requestTimeout = timeLeft(attemptOf(request), time);
    if (requestTimeout <= 0) throw new NoTimeLeft('The request has no time for a further call');
    try {
      return await handle(request, { ...options, requestTimeout });
    } catch (error) {
      if (time && error instanceof Error && error.name === 'TimeoutError') time.unanswered = true;
      throw error;
    }
  };
  return client;
}

/** Milliseconds that an attempt may take. */
function timeLeft(attempt: number, time: RequestTime | undefined): number {
  const own = attemptMs[attempt - 1] ?? 0;
  if (!time?.unanswered) return own;
  return Math.min(own, time.startedAt + requestMs - performance.now());
}

/** The SDK numbers its attempts in a header, from 1. */
const attemptOf = ({ headers }: SentRequest): number =>
  Number(/attempt=(\d+)/.exec(headers['amz-sdk-request'] ?? '')?.[1] ?? 1);
