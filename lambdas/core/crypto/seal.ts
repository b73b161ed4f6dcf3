import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Entropy } from '../system.ts';
import type { Keyring, KeySet, Keys } from './keyring.ts';

const nonceBytes = 12;
const authTagBytes = 16;

/**
 * Seals a short text with AES-256-GCM under the current key. Nonces are random, which allows 2³² seals for each key
 * version (NIST SP 800-38D §8.3).
 * @param context authenticated with the text, so that a seal copied to another item or attribute does not open
 * @returns base64url of version ‖ nonce ‖ ciphertext ‖ authentication tag
 */
export const seal = (keyring: Keyring, entropy: Entropy, context: string, text: string): string =>
  encrypt(keyring.current.version, keyring.current.seal, entropy, context, text);

/**
 * Opens a text that {@link seal} sealed.
 * @throws Error if the key version is unknown, the context differs or a bit was changed
 */
export async function unseal(keys: Keys, context: string, sealed: string): Promise<string> {
  const bytes = Buffer.from(sealed, 'base64url');
  return decrypt((await keysOf(keys, bytes)).seal, context, bytes);
}

/**
 * Seals a text so that opening it takes the seal key and also a value that only the claimant holds. An attacker who
 * reads both the table and the key material still cannot open it.
 * @param held the claimant's value, at least 128 random bits
 * @returns the same format as {@link seal}
 */
export const sealUnder = (
  keyring: Keyring,
  entropy: Entropy,
  held: Buffer,
  context: string,
  text: string,
): string =>
  encrypt(keyring.current.version, heldKey(keyring.current, held), entropy, context, text);

/**
 * Opens a text that {@link sealUnder} sealed.
 * @throws Error if the key version is unknown, the claimant's value or the context differs, or a bit was changed
 */
export async function unsealUnder(
  keys: Keys,
  held: Buffer,
  context: string,
  sealed: string,
): Promise<string> {
  const bytes = Buffer.from(sealed, 'base64url');
  return decrypt(heldKey(await keysOf(keys, bytes), held), context, bytes);
}

/** HKDF-SHA-256 (RFC 5869) of the seal key, with the claimant's value as the salt. */
const heldKey = ({ seal: key, version }: KeySet, held: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', key, held, `hawiya/seal-under/${version}`, 32));

async function keysOf(keys: Keys, sealed: Buffer): Promise<KeySet> {
  const version = sealed.readUInt8(0);
  const keySet = (await keys(version)).version(version);
  if (!keySet) throw new Error('Sealed under a key version this function does not hold');
  return keySet;
}

function encrypt(
  version: number,
  key: Buffer,
  entropy: Entropy,
  context: string,
  text: string,
): string {
  const nonce = entropy(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(version), nonce, sealed, cipher.getAuthTag()]).toString(
    'base64url',
  );
}

function decrypt(key: Buffer, context: string, bytes: Buffer): string {
  const nonce = bytes.subarray(1, 1 + nonceBytes);
  const body = bytes.subarray(1 + nonceBytes, -authTagBytes);
  // Without this length, Node also accepts authentication tags of 4 bytes, which an attacker can guess.
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: authTagBytes })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-authTagBytes));
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
