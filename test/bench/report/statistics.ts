/** The median of a sample, and its quartiles: half of the sample lies between these. */
export interface Spread {
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
}

/** The median. */
export const median = (values: readonly number[]) => quantile(values, 0.5);

/** Median and quartiles. */
export function spreadOf(values: readonly number[]): Spread {
  return {
    median: quantile(values, 0.5),
    q1: quantile(values, 0.25),
    q3: quantile(values, 0.75),
  };
}

/**
 * The value below which that share of the sample lies, interpolated between two values.
 * @param share from 0 to 1
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return below + (above - below) * (place - Math.floor(place));
}

/** The slope of the line that fits points best by least squares, in units of y for one of x. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  const together = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return spread === 0 ? 0 : together / spread;
}

/**
 * Two-sided Mann–Whitney U test by normal approximation with a correction for ties.
 * @returns the chance of a difference like this one, or larger, between two samples of one
 * distribution
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const all = [
    ...a.map((value) => ({ value, a: true })),
    ...b.map((value) => ({ value, a: false })),
  ];
  all.sort((x, y) => x.value - y.value);
  let rankSum = 0;
  let ties = 0;
  for (let i = 0; i < all.length; ) {
    let j = i;
    while (j < all.length && all[j]?.value === all[i]?.value) j++;
    const rank = (i + j + 1) / 2;
    ties += (j - i) ** 3 - (j - i);
    for (let k = i; k < j; k++) if (all[k]?.a) rankSum += rank;
    i = j;
  }
  const [n, m] = [a.length, b.length];
  const total = n + m;
  const u = rankSum - (n * (n + 1)) / 2;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  const z = Math.abs(u - (n * m) / 2) / Math.sqrt(variance);
  return 2 * (1 - normalCdf(z));
}

/** Abramowitz and Stegun 26.2.17; good to 7.5e-8. */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const poly =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
}
