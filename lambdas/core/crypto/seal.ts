import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Entropy } from '../system.ts';
import type { Keys } from './keyring.ts';
import type { SealKey } from './keys.ts';
import { secretKey } from './secret-key.ts';

const nonceBytes = 12;
const authTagBytes = 16;

/**
 * Seals a short text with AES-256-GCM. Nonces are random, which allows 2³² seals for each key version
 * (NIST SP 800-38D §8.3).
 * @param context authenticated with the text, so that a seal copied to another item or attribute does not open
 * @returns base64url of version ‖ nonce ‖ ciphertext ‖ authentication tag
 */
export function seal(
  { version, bytes: key }: SealKey,
  entropy: Entropy,
  context: string,
  text: string,
): string {
  const nonce = entropy(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', secretKey(key), nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(version), nonce, sealed, cipher.getAuthTag()]).toString(
    'base64url',
  );
}

/**
 * Opens a text that {@link seal} sealed.
 * @param madeAt epoch seconds: when the item of the seal was made. A key version that was replaced before is refused
 * @throws Error if the key version is unknown or refused, the context differs or a bit was changed
 */
export async function unseal(
  keys: Keys<SealKey>,
  context: string,
  sealed: string,
  madeAt: number,
): Promise<string> {
  const bytes = Buffer.from(sealed, 'base64url');
  const key = (await keys()).version(versionOf(sealed), madeAt);
  if (!key) throw new Error('Sealed with a key version that is not accepted');
  return decrypt(key.bytes, context, bytes);
}

/** The key version of a seal. */
export const versionOf = (sealed: string): number => Buffer.from(sealed, 'base64url').readUInt8(0);

/**
 * A key for seals that also takes a value which only the claimant holds. An attacker who reads both the table and the
 * secret still cannot open them. HKDF-SHA-256 (RFC 5869) with the claimant's value as the salt.
 * @param held the claimant's value, at least 128 random bits
 */
export const heldKey = ({ bytes, version }: SealKey, held: Buffer): SealKey => ({
  version,
  bytes: Buffer.from(hkdfSync('sha256', bytes, held, `hawiya/seal-under/${version}`, 32)),
});

function decrypt(key: Buffer, context: string, bytes: Buffer): string {
  const nonce = bytes.subarray(1, 1 + nonceBytes);
  const body = bytes.subarray(1 + nonceBytes, -authTagBytes);
  // Without this length, Node also accepts authentication tags of 4 bytes, which an attacker can guess.
  const decipher = createDecipheriv('aes-256-gcm', secretKey(key), nonce, {
    authTagLength: authTagBytes,
  })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-authTagBytes));
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
