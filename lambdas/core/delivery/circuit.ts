import type { Clock } from '../system.ts';

export interface CircuitOptions {
  /** Failures one after the other that open it. */
  readonly failuresToOpen: number;
  /** Seconds until an open one lets somebody try. */
  readonly openSeconds: number;
}

export type Circuit = ReturnType<typeof createCircuit>;

/**
 * Remembers of a provider whether it is worth asking: closed, open after failures in a row, half open when its
 * time is over, for one try at a time.
 */
export function createCircuit(clock: Clock, { failuresToOpen, openSeconds }: CircuitOptions) {
  let failures = 0;
  let openUntil: number | undefined;
  let trying = false;
  return {
    admits(): boolean {
      return openUntil === undefined || (!trying && clock() >= openUntil);
    },
    /** Whoever asks says so, and reports back by `succeeded`, `failed` or `passed`. */
    asked(): void {
      trying = true;
    },
    succeeded(): void {
      failures = 0;
      openUntil = undefined;
      trying = false;
    },
    /** The answer says nothing of the provider. */
    passed(): void {
      trying = false;
    },
    failed(): void {
      failures += 1;
      trying = false;
      if (failures >= failuresToOpen) openUntil = clock() + openSeconds;
    },
  };
}
