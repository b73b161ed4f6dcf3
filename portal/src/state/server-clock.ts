/**
 * The server's time, read from its answers. A device's clock is often wrong, and may be set back while a code is
 * running out.
 */
export interface ServerClock {
  /** Takes the `Date` header of an answer. @param date an HTTP date, precise to the second */
  readonly heard: (date: string | null) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Adds to the last server time whatever the faster of two clocks says has passed. In many browsers the monotonic clock
 * stops while the phone sleeps; the device's clock may be set back. A clock that is set forward ends a countdown too
 * early: the server then answers how long is left.
 * @param monotonic milliseconds of a clock that never jumps
 * @param wall epoch milliseconds of the device's clock, which counts as the server's until the first answer
 */
export function createServerClock(monotonic: () => number, wall: () => number): ServerClock {
  const mark = (server: number) => ({ server, monotonic: monotonic(), wall: wall() });
  let last = mark(wall());
  return {
    heard(date) {
      const at = Date.parse(date ?? '');
      if (!Number.isNaN(at)) last = mark(at);
    },
    now: () => last.server + Math.max(monotonic() - last.monotonic, wall() - last.wall),
  };
}

/** The server's time in an answer. An answer out of a cache has an age, and the time it was made. */
export const serverDate = (headers: Headers): string | null =>
  headers.has('age') ? null : headers.get('date');

/** Whole seconds until an instant; 0 for a past one. @param until ISO 8601; @param now epoch milliseconds */
export const secondsUntil = (until: string, now: number): number =>
  Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));

/** `1:05`. @param seconds whole, not negative */
export const minutesAndSeconds = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
