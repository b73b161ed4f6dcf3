import { HawiyaProblem, NoAnswer, UnreadableAnswer } from './problem.ts';
import type { Runtime } from './runtime.ts';

const retries = 2;
/** Milliseconds; doubled with each retry. */
const firstWait = 1_000;
/** Seconds. A person should not wait longer for an answer without being told. */
const longestRetryAfter = 10;

/**
 * Retries, twice at most, if no answer came or the API is unavailable. Never after a limit (429): the person decides
 * then.
 * @param mayRepeat whether the call may be repeated after this error and so many milliseconds
 * @throws the error of the last attempt
 */
export async function retrying<T>(
  { random, sleep }: Runtime,
  signal: AbortSignal | undefined,
  mayRepeat: (error: unknown, milliseconds: number) => boolean,
  attempt: (retry: number) => Promise<T>,
): Promise<T> {
  for (let retry = 0; ; retry++) {
    try {
      return await attempt(retry);
    } catch (error) {
      const most = firstWait * 2 ** retry;
      const least = retry < retries ? leastWait(error) : undefined;
      if (least === undefined) throw error;
      // Full jitter on top of the server's own delay: clients that failed together must not come back together.
      const wait = least + random() * most;
      if (!mayRepeat(error, wait)) throw error;
      await sleep(wait, signal);
    }
  }
}

/** Milliseconds; undefined if a retry is of no use. */
function leastWait(error: unknown): number | undefined {
  if (error instanceof NoAnswer) return 0;
  if (!(error instanceof HawiyaProblem || error instanceof UnreadableAnswer)) return undefined;
  if (![502, 503, 504].includes(error.status)) return undefined;
  const { retryAfter = 0 } = error;
  return retryAfter > longestRetryAfter ? undefined : retryAfter * 1_000;
}
