/** Wakes the readers of streams when there may be something to read. */
export interface Bell {
  /** Aborts when the readers are to stop. */
  readonly signal: AbortSignal;
  ring(): void;
  /** How often it has rung. */
  rings(): number;
  /**
   * Waits for a ring.
   * @param rings how often it had rung before the last read: a ring during the read ends the wait at once
   * @returns after the ring, after the time, or at the abort
   */
  waitForRing(rings: number, milliseconds: number): Promise<void>;
}

export function createBell(signal: AbortSignal): Bell {
  const waiting = new Set<() => void>();
  let count = 0;

  function ring() {
    count += 1;
    for (const wake of waiting) wake();
  }

  signal.addEventListener('abort', ring, { once: true });
  return {
    signal,
    ring,
    rings: () => count,
    waitForRing(rings, milliseconds) {
      if (count !== rings || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, milliseconds);
        waiting.add(wake);
      });
    },
  };
}
