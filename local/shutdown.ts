/** The steps that stop what a start has started so far. */
export interface Shutdown {
  add(step: () => unknown): void;
  /** Waits until something has started, and adds its `stop` as a step. */
  addStarted<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T>;
  /**
   * Runs the steps, the last one first. A second call waits for the first.
   * @throws AggregateError of the failed steps, after all steps have run
   */
  run(): Promise<void>;
}

export function createShutdown(): Shutdown {
  const steps: (() => unknown)[] = [];
  let running: Promise<void> | undefined;
  return {
    add: (step) => void steps.push(step),
    async addStarted(starting) {
      const started = await starting;
      steps.push(() => started.stop());
      return started;
    },
    run() {
      running ??= runAll(steps);
      return running;
    },
  };
}

async function runAll(steps: (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps.toReversed()) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length) throw new AggregateError(failures, 'The local cloud did not stop cleanly');
}
