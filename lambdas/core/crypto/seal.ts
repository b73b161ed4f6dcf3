import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Entropy, Keys } from '../ports.ts';
import type { Keyring } from './keyring.ts';

const nonceBytes = 12;
const authTagBytes = 16;

/**
 * Seals a short text with AES-256-GCM under the current key. The context is authenticated with it, so a seal
 * moved to another item or another attribute does not open. Nonces are random: good for 2³² seals a version
 * (NIST SP 800-38D §8.3).
 * @returns base64url of version ‖ nonce ‖ ciphertext ‖ tag
 */
export function seal(keyring: Keyring, entropy: Entropy, context: string, text: string): string {
  const { version, seal: key } = keyring.current;
  const nonce = entropy(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(version), nonce, sealed, cipher.getAuthTag()]).toString(
    'base64url',
  );
}

/**
 * Opens what {@link seal} made.
 * @throws Error where the key version is unknown, the context differs or a bit was changed
 */
export async function unseal(keys: Keys, context: string, sealed: string): Promise<string> {
  const bytes = Buffer.from(sealed, 'base64url');
  const version = bytes.readUInt8(0);
  const key = (await keys(version)).version(version)?.seal;
  if (!key) throw new Error('Sealed under a key version this function does not hold');
  const nonce = bytes.subarray(1, 1 + nonceBytes);
  const body = bytes.subarray(1 + nonceBytes, -authTagBytes);
  // Without the length, Node takes tags of 4 bytes too, which can be guessed.
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: authTagBytes })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-authTagBytes));
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
