import type { Clock } from '../system.ts';

/** Seconds for which a refused device's budget is charged before the directory is asked. */
const refusedSeconds = 300;
/** A stranger can hold a device id too, so the list must not grow without limit. */
const maxRefusedDevices = 1000;

export type RefusedDevices = ReturnType<typeof createRefusedDevices>;

/**
 * Devices on which a login was just refused, in the memory of one sandbox (docs/decisions/0018).
 * On any other device the directory is asked in parallel with the budget, which saves a round. On a
 * refused device the budget comes first: repeated failures must not cause calls to the directory
 * for nothing.
 */
export function createRefusedDevices(clock: Clock) {
  const refusedUntil = new Map<string, number>();
  return {
    refused(deviceId: string): void {
      if (refusedUntil.size >= maxRefusedDevices) refusedUntil.clear();
      refusedUntil.set(deviceId, clock() + refusedSeconds);
    },
    isRefused: (deviceId: string): boolean => (refusedUntil.get(deviceId) ?? 0) > clock(),
  };
}
