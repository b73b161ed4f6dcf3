/** What one round of requests took. */
export interface Round {
  readonly perSecond: number;
  /** Milliseconds of each request. */
  readonly latencies: readonly number[];
}

/**
 * Sends all requests, some at once: each answer starts the next request (a closed model).
 * @throws Error of the first request that fails
 */
export async function closedLoop<Item>(
  items: readonly Item[],
  atOnce: number,
  request: (item: Item) => Promise<unknown>,
): Promise<Round> {
  const left = items.values();
  const latencies: number[] = [];
  const startedAt = performance.now();
  const worker = async () => {
    for (const item of left) {
      const sentAt = performance.now();
      await request(item);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { perSecond: (items.length / (performance.now() - startedAt)) * 1000, latencies };
}
