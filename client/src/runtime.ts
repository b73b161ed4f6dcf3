import { Aborted, HawiyaError } from './problem.ts';

/** The parts of the platform that the client uses. Tests replace them; the defaults are right everywhere else. */
export interface Runtime {
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** From 0 (included) to 1 (excluded). */
  readonly random: () => number;
  /** Waits so many milliseconds. Rejects as soon as the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** The Web Locks of a browser, if it has them: one lock for all tabs. */
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
  locks: (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks,
});

/**
 * A random UUID (RFC 9562, version 4). Made from `getRandomValues`, because `crypto.randomUUID` is missing in older WebViews
 * and in pages without TLS.
 * @throws HawiyaError where there is no Web Crypto
 */
export function randomUuid(): string {
  const { crypto } = globalThis as { crypto?: { getRandomValues(bytes: Uint8Array): Uint8Array } };
  if (!crypto?.getRandomValues) {
    throw new HawiyaError('No crypto.getRandomValues here: pass the option `uuid`');
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte, index) => {
    const marked = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, '0');
  }).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/**
 * Waits for a promise until the signal is aborted. The promise itself goes on, because other calls may wait for it too.
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
