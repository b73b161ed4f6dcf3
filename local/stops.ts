/** What undoes a start, piece by piece. */
export interface Stops {
  add(stop: () => unknown): void;
  /** Waits for something to start, and stops it with the rest. */
  with<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T>;
  /**
   * Stops what was started last first. A second call waits for the first.
   * @throws AggregateError of what failed, after everything else is stopped
   */
  all(): Promise<void>;
}

export function openStops(): Stops {
  const stops: (() => unknown)[] = [];
  let stopping: Promise<void> | undefined;
  return {
    add: (stop) => void stops.push(stop),
    async with(starting) {
      const started = await starting;
      stops.push(() => started.stop());
      return started;
    },
    all() {
      stopping ??= stopAll(stops);
      return stopping;
    },
  };
}

async function stopAll(stops: (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const stop of stops.toReversed()) {
    try {
      await stop();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length) throw new AggregateError(failures, 'The local cloud did not stop cleanly');
}
