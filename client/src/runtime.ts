import { Aborted } from './problem.ts';

/** What the client needs of the machine it runs on. For tests; the defaults are right everywhere else. */
export interface Runtime {
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Waits so many milliseconds; rejects as soon as the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly uuid: () => string;
  /** The Web Locks of a browser, where it has them: one lock for all tabs. */
  readonly locks: Locks | undefined;
}

interface Locks {
  request<T>(name: string, options: { signal: AbortSignal }, run: () => Promise<T>): Promise<T>;
}

export const machine = (): Runtime => ({
  now: () => performance.now(),
  random: Math.random,
  sleep: (milliseconds, signal) => {
    let timer: ReturnType<typeof setTimeout>;
    const slept = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    return abortable('wait', slept, signal).finally(() => clearTimeout(timer));
  },
  uuid: () => crypto.randomUUID(),
  locks: (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks,
});

/**
 * Waits for a promise as long as the signal lets it; what it waits for goes on, for others may wait too.
 * @throws Aborted
 */
export async function abortable<T>(
  operation: string,
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return promise;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Aborted(operation, signal.reason));
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
