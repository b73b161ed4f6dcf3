import { expect, it } from 'vitest';
import { mannWhitney, median } from '../../bench/report/statistics.ts';

const sample = (shift: number) =>
  Array.from({ length: 500 }, (_, i) => ((i * 7919) % 500) / 100 + shift);

it('the test for a difference finds a real one, and none between like samples', () => {
  expect(mannWhitney(sample(0), sample(0))).toBeGreaterThan(0.9);
  expect(mannWhitney(sample(0), sample(0.5))).toBeLessThan(0.001);
});

it('the median is the middle value, or lies between the two middle values of an even count', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
