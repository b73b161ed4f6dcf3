import type { Clock } from '#core/system.ts';

/** A clock that stands still until a test moves it. Epoch seconds. */
export interface FakeClock extends Clock {
  advance(seconds: number): void;
}

export function fakeClock(startsAt = Date.UTC(2026, 10, 23, 7, 30) / 1000): FakeClock {
  let now = startsAt;
  const clock = () => now;
  return Object.assign(clock, {
    advance(seconds: number) {
      now += seconds;
    },
  });
}
