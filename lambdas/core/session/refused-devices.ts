import type { Clock } from '../system.ts';

/** Seconds for which a device that was refused is asked about first. */
const rememberedSeconds = 300;
/** Device ids come from strangers who have one: a list of them must not grow without end. */
const rememberedDevices = 1000;

export type RefusedDevices = ReturnType<typeof createRefusedDevices>;

/**
 * Devices on which a login was just refused, in the memory of a sandbox. On a good one the directory is asked along with
 * the budget, to save a round; whoever keeps failing on one must not have it asked for nothing, again and again.
 */
export function createRefusedDevices(clock: Clock) {
  const refusedUntil = new Map<string, number>();
  return {
    refused(deviceId: string): void {
      if (refusedUntil.size >= rememberedDevices) refusedUntil.clear();
      refusedUntil.set(deviceId, clock() + rememberedSeconds);
    },
    isRefused: (deviceId: string): boolean => (refusedUntil.get(deviceId) ?? 0) > clock(),
  };
}
