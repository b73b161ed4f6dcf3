import { setTimeout as sleep } from 'node:timers/promises';

/** Seconds after which a wait gives up. A loaded machine needs minutes at times; a green run never waits this long. */
const lastResortSeconds = 300;

/**
 * Waits for progress, not for the clock: looks again until there is something to see.
 * @param look returns undefined while there is nothing yet
 * @param missing what did not come, for the error
 */
export async function waitUntil<Found>(
  look: () => Found | undefined,
  missing: string,
): Promise<Found> {
  const giveUpAt = performance.now() + lastResortSeconds * 1000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAt) throw new Error(missing);
    await sleep(20);
  }
}
