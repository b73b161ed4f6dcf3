/** What time it is at the server, told by its answers: people's clocks are wrong, and are set back while a code runs out. */
export interface ServerClock {
  /** Takes the `Date` of an answer. @param date an HTTP date, precise to the second */
  readonly heard: (date: string | null) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * As long as either clock says has passed: in many browsers the monotonic one stands still while the phone sleeps, and the
 * person's may be set back. Set forward it ends a countdown too early: the server then says how long is left.
 * @param monotonic milliseconds of a clock that never jumps
 * @param wall epoch milliseconds: the person's clock, which is believed until the first answer
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

/** Whole seconds until an instant, none where it is past. @param until ISO 8601; @param now epoch milliseconds */
export const secondsUntil = (until: string, now: number): number =>
  Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));

/** `1:05`. @param seconds whole, not negative */
export const minutesAndSeconds = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
