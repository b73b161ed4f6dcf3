import type { Clock } from '../system.ts';

export interface CircuitOptions {
  /** Consecutive failures that open the circuit. */
  readonly failuresToOpen: number;
  /** Seconds until an open circuit admits a trial request. */
  readonly openSeconds: number;
}

export type Circuit = ReturnType<typeof createCircuit>;

/**
 * Creates the circuit breaker of one dependency: an SMS provider, or one operation of the directory. It opens after consecutive failures. After `openSeconds` it is half-open
 * and admits one trial request at a time.
 */
export function createCircuit(clock: Clock, { failuresToOpen, openSeconds }: CircuitOptions) {
  let failures = 0;
  let openUntil: number | undefined;
  let trying = false;
  return {
    admits(): boolean {
      return openUntil === undefined || (!trying && clock() >= openUntil);
    },
    /** Seconds until an open circuit may admit a trial request, at least 1. */
    secondsLeft: (): number => Math.max(1, (openUntil ?? 0) - clock()),
    /** Announces a request. Its caller must report the result by `succeeded`, `failed` or `passed`. */
    asked(): void {
      trying = true;
    },
    succeeded(): void {
      failures = 0;
      openUntil = undefined;
      trying = false;
    },
    /** The result says nothing about the dependency's health. */
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
