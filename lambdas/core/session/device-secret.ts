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
 * Finds the secret of one person among those that a browser holds. Each fails by its HMAC, before any AWS call.
 * @param username in lower case
 * @param secrets as the client sent them
 * @param now epoch seconds
 * @returns the device that the first secret of this username names; undefined where all are forged, expired or of
 *   other usernames
 */
export async function findOwnDevice(
  keys: Keys<SessionKey>,
  username: string,
  secrets: readonly string[],
  now: number,
): Promise<ReadDevice | undefined> {
  const ring = await keys();
  for (const secret of secrets) {
    const named = namedBy(secret);
    // The device is not read yet: how old it is, the caller checks.
    const key = named && ring.version(named.keyVersion, 0);
    const genuine = key && equalSecrets(mintDeviceSecret(key, username, named), secret);
    if (genuine && named.expiresAt > now) return named;
  }
  return undefined;
}

/**
 * What a secret says of itself. Nobody has checked that Hawiya made it.
 * @returns undefined for a text that has not the form of a secret
 */
export function namedBy(secret: string): ReadDevice | undefined {
  const bytes = Buffer.from(secret, 'base64url');
  if (bytes.length !== 1 + 2 * idBytes + 4 + macBytes) return undefined;
  return {
    keyVersion: bytes.readUInt8(0),
    userId: uuidFrom(bytes.subarray(1, 1 + idBytes)),
    deviceId: bytes.subarray(1 + idBytes, 1 + 2 * idBytes).toString('base64url'),
    expiresAt: bytes.readUInt32BE(1 + 2 * idBytes),
  };
}
