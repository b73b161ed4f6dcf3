import { expect, it } from 'vitest';
import {
  createServerClock,
  minutesAndSeconds,
  secondsUntil,
  serverDate,
} from '../../../portal/src/state/server-clock.ts';

const at = Date.parse('2026-11-23T07:00:00Z');

it("a countdown follows the server's clock, whatever the person's clock says", () => {
  let monotonic = 5_000;
  let wall = Date.parse('2019-01-01T00:00:00Z');
  const clock = createServerClock(
    () => monotonic,
    () => wall,
  );
  clock.heard('Mon, 23 Nov 2026 07:00:00 GMT');
  expect(clock.now()).toBe(at);
  wall -= 86_400_000;
  monotonic += 15_000;
  expect(secondsUntil('2026-11-23T07:01:00.000Z', clock.now())).toBe(45);
});

it('a phone that slept keeps the right time, although its monotonic clock stood still', () => {
  let monotonic = 5_000;
  let wall = at + 3_600_000;
  const clock = createServerClock(
    () => monotonic,
    () => wall,
  );
  clock.heard('Mon, 23 Nov 2026 07:00:00 GMT');
  wall += 45_000;
  monotonic += 100;
  expect(secondsUntil('2026-11-23T07:01:00.000Z', clock.now())).toBe(15);
});

it('an answer without a date changes nothing', () => {
  const clock = createServerClock(
    () => 0,
    () => at,
  );
  clock.heard(null);
  clock.heard('soon');
  expect(clock.now()).toBe(at);
});

it('a countdown ends at zero and is written in minutes and seconds', () => {
  expect(secondsUntil('2026-11-23T06:59:00.000Z', at)).toBe(0);
  expect(secondsUntil('2026-11-23T07:00:00.100Z', at)).toBe(1);
  expect([0, 5, 65, 600].map(minutesAndSeconds)).toEqual(['0:00', '0:05', '1:05', '10:00']);
});

it('an answer out of a cache does not set the clock: its date is as old as its age', () => {
  const date = 'Mon, 23 Nov 2026 07:00:00 GMT';
  expect(serverDate(new Headers({ date }))).toBe(date);
  expect(serverDate(new Headers({ date, age: '40' }))).toBeNull();
});
