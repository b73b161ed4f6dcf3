import { securityEvent } from '../audit/compose-records.ts';
import type { Origin, SecurityEvent } from '../model/records.ts';
import type { Device, Tokens } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { mintDeviceSecret } from './device-secret.ts';
import { readClaims } from './open-session.ts';

/*
 * A login on the person's own device remembers it: for some days it is the second factor.
 */

const day = 86_400;

/** What the client stores to be remembered. `expiresAt`: epoch seconds. */
export interface RememberedDevice {
  readonly secret: string;
  readonly expiresAt: number;
}

/** A device counts from the sign-in, as its session does: a reset in between has forgotten it. */
export function newDevice(
  { clock, entropy, sessionLimits }: Pick<Ports, 'clock' | 'entropy' | 'sessionLimits'>,
  of: { readonly userId: string; readonly signedInAt: number; readonly origin: Origin },
): Device {
  return {
    userId: of.userId,
    deviceId: entropy(16).toString('base64url'),
    createdAt: of.signedInAt,
    expiresAt: clock() + sessionLimits.deviceDays * day,
    label: of.origin.device,
  };
}

/** The event that tells of it. */
export const remembered = (
  ports: Pick<Ports, 'clock' | 'entropy'>,
  { userId, deviceId: device }: Device,
  origin: Origin,
): SecurityEvent => securityEvent(ports, 'device.remembered', userId, origin, { device });

/** The secret by which a device is remembered. @param accessToken the directory's, of which the username is read */
export async function rememberedAs(
  { sessionKeys }: Pick<Ports, 'sessionKeys'>,
  { accessToken }: Pick<Tokens, 'accessToken'>,
  device: Pick<Device, 'userId' | 'deviceId' | 'expiresAt'>,
): Promise<RememberedDevice> {
  const { username } = readClaims(accessToken);
  const secret = mintDeviceSecret((await sessionKeys()).current, username, device);
  return { secret, expiresAt: device.expiresAt };
}
