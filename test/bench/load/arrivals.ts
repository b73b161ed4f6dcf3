/**
 * Numbers from 0 to 1 that look random and are the same for the same seed (mulberry32).
 * @param seed a whole number of 32 bits
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Arrivals of an open model: people come independently of each other and of the answers (a Poisson process).
 * @param perSecond mean rate
 * @returns seconds from the start, ascending
 */
export function poissonArrivals(
  random: () => number,
  perSecond: number,
  seconds: number,
): number[] {
  const arrivals: number[] = [];
  // The gaps of a Poisson process are distributed exponentially.
  const gap = () => -Math.log(1 - random()) / perSecond;
  for (let at = gap(); at < seconds; at += gap()) arrivals.push(at);
  return arrivals;
}

/** One of several kinds, each as often as its weight says. */
export function weighted<Kind extends string>(
  random: () => number,
  weights: Readonly<Record<Kind, number>>,
): Kind {
  const entries = Object.entries(weights) as [Kind, number][];
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random() * total;
  for (const [kind, weight] of entries) {
    left -= weight;
    if (left < 0) return kind;
  }
  return entries.at(-1)?.[0] as Kind;
}
