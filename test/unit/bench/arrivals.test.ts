import { describe, expect, it } from 'vitest';
import { poissonArrivals, seededRandom, weighted } from '../../bench/load/arrivals.ts';

describe('arrivals at random', () => {
  it('are the same for the same seed, and others for another seed', () => {
    const arrivals = (seed: number) => poissonArrivals(seededRandom(seed), 5, 10);
    expect(arrivals(1)).toEqual(arrivals(1));
    expect(arrivals(1)).not.toEqual(arrivals(2));
  });

  it('ascend within the time, as many as the rate says', () => {
    const arrivals = poissonArrivals(seededRandom(7), 50, 200);
    expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b));
    expect(arrivals.every((at) => at > 0 && at < 200)).toBe(true);
    // The deviation of a Poisson count of 10,000 is 100.
    expect(Math.abs(arrivals.length - 10_000)).toBeLessThan(500);
  });

  it('vary as those of people who do not know of each other: the gaps deviate by their mean', () => {
    const arrivals = poissonArrivals(seededRandom(3), 50, 200);
    const gaps = arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1);
  });

  it('each kind comes as often as its weight says', () => {
    const random = seededRandom(5);
    const kinds = Array.from({ length: 10_000 }, () => weighted(random, { often: 9, seldom: 1 }));
    const seldom = kinds.filter((kind) => kind === 'seldom').length;
    expect(seldom / kinds.length).toBeCloseTo(0.1, 1);
  });
});
