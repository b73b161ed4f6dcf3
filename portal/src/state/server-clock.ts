/** What time it is at the server, told by its answers: people's clocks are wrong, and are set while a code runs out. */
export interface ServerClock {
  /** Takes the `Date` of an answer. @param date an HTTP date, precise to the second */
  readonly heard: (date: string | null) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * @param monotonic milliseconds of a clock that never jumps
 * @param wall epoch milliseconds: the person's clock, until the first answer
 */
export function createServerClock(monotonic: () => number, wall: () => number): ServerClock {
  let offset = wall() - monotonic();
  return {
    heard(date) {
      const at = Date.parse(date ?? '');
      if (!Number.isNaN(at)) offset = at - monotonic();
    },
    now: () => monotonic() + offset,
  };
}

/** Whole seconds until an instant, none where it is past. @param until ISO 8601; @param now epoch milliseconds */
export const secondsUntil = (until: string, now: number): number =>
  Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));

/** `1:05`. @param seconds whole, not negative */
export const minutesAndSeconds = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
