import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Entropy } from '../system.ts';
import type { Keyring, KeySet, Keys } from './keyring.ts';

const nonceBytes = 12;
const authTagBytes = 16;

/**
 * Seals a short text with AES-256-GCM under the current key. The context is authenticated with it, so a seal
 * moved to another item or another attribute does not open. Nonces are random: good for 2³² seals a version
 * (NIST SP 800-38D §8.3).
 * @returns base64url of version ‖ nonce ‖ ciphertext ‖ tag
 */
export const seal = (keyring: Keyring, entropy: Entropy, context: string, text: string): string =>
  encrypt(keyring.current.version, keyring.current.seal, entropy, context, text);

/**
 * Opens what {@link seal} made.
 * @throws Error where the key version is unknown, the context differs or a bit was changed
 */
export async function unseal(keys: Keys, context: string, sealed: string): Promise<string> {
  const bytes = Buffer.from(sealed, 'base64url');
  return decrypt((await keysOf(keys, bytes)).seal, context, bytes);
}

/**
 * Seals a text so that it takes our key *and* something only the claimant holds to open it: who reads the table and the
 * key material still cannot.
 * @param held what the claimant holds; 128 random bits or more
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
 * Opens what {@link sealUnder} made.
 * @throws Error where the key version is unknown, something else is held, the context differs or a bit was changed
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

/** HKDF-SHA-256 (RFC 5869) of the seal key, salted with what is held. */
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
  // Without the length, Node takes tags of 4 bytes too, which can be guessed.
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: authTagBytes })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-authTagBytes));
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
