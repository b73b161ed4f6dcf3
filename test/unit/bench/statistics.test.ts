import { expect, it } from 'vitest';
import { mannWhitney, median, quantile, slope, spreadOf } from '../../bench/report/statistics.ts';

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

it('quartiles lie between values, and a single value is its own quartiles', () => {
  expect(spreadOf([4, 1, 3, 2, 5])).toEqual({ median: 3, q1: 2, q3: 4 });
  expect(spreadOf([7])).toEqual({ median: 7, q1: 7, q3: 7 });
  expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9);
});

it('the slope is that of a line, and 0 for a flat or a single point', () => {
  const line = (rise: number) => [0, 1, 2, 3].map((x) => ({ x, y: 5 + rise * x }));
  expect(slope(line(2))).toBeCloseTo(2);
  expect(slope(line(0))).toBe(0);
  expect(slope([{ x: 1, y: 9 }])).toBe(0);
});
