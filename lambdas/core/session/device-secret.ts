import { equalSecrets } from '../crypto/equal.ts';
import type { Keys } from '../crypto/keyring.ts';
import type { SessionKey } from '../crypto/keys.ts';
import { macWith } from '../crypto/secret-key.ts';
import type { Device } from '../model/session.ts';
import { uuidBytes, uuidFrom } from '../values/uuid.ts';

const idBytes = 16;
const macBytes = 24;

type Named = Pick<Device, 'userId' | 'deviceId' | 'expiresAt'>;

/** The device that a genuine secret names. */
export interface ReadDevice extends Named {
  /** Version of the key that made the secret. */
  readonly keyVersion: number;
}

/**
 * The secret that a remembered device holds: base64url of key version ‖ user ‖ device ‖ expiry ‖
 * HMAC, 82 characters.
 * The HMAC also covers the username. A secret tried with another name fails before it costs that
 * account anything. It covers the name itself and not its tag, so that devices outlive a rotation of
 * the keys of tags.
 * @param username in lower case
 * @param device ids as UUID and base64url of 16 bytes, `expiresAt` in epoch seconds
 */
export function mintDeviceSecret(key: SessionKey, username: string, device: Named): string {
  const expiry = Buffer.alloc(4);
  expiry.writeUInt32BE(device.expiresAt);
  const named = Buffer.concat([
    Buffer.of(key.version),
    uuidBytes(device.userId),
    Buffer.from(device.deviceId, 'base64url'),
    expiry,
  ]);
  const mac = macWith(key.device).update(named).update(username).digest();
  return Buffer.concat([named, mac.subarray(0, macBytes)]).toString('base64url');
}

/**
 * @param username in lower case
 * @param now epoch seconds
 * @returns the device of a secret; undefined for a secret that is forged, expired or another
 *   username's
 */
export async function readDeviceSecret(
  keys: Keys<SessionKey>,
  username: string,
  secret: string,
  now: number,
): Promise<ReadDevice | undefined> {
  const bytes = Buffer.from(secret, 'base64url');
  if (bytes.length !== 1 + 2 * idBytes + 4 + macBytes) return undefined;
  const version = bytes.readUInt8(0);
  // The device is not read yet: how old it is, the caller checks.
  const key = (await keys()).version(version, 0);
  const named = {
    userId: uuidFrom(bytes.subarray(1, 1 + idBytes)),
    deviceId: bytes.subarray(1 + idBytes, 1 + 2 * idBytes).toString('base64url'),
    expiresAt: bytes.readUInt32BE(1 + 2 * idBytes),
  };
  const genuine = key && equalSecrets(mintDeviceSecret(key, username, named), secret);
  return genuine && named.expiresAt > now ? { ...named, keyVersion: version } : undefined;
}
