import { createHash } from 'node:crypto';
import { createKeyring, type Keyring, type Keys } from '#core/crypto/keyring.ts';
import type { Entropy } from '#core/system.ts';

/** Key material of a version, the same in every test. */
export const material = (version: number) => `material-of-version-${version}`.padEnd(64, '=');

/** A keyring with versions 1 to `current`. */
export function ring(current = 1): Keyring {
  const numbers = Array.from({ length: current }, (_, i) => i + 1);
  return createKeyring({
    current,
    versions: Object.fromEntries(numbers.map((version) => [version, material(version)])),
  });
}

export const holding =
  (keyring: Keyring): Keys =>
  async () =>
    keyring;

/** Bytes that differ from call to call and are the same in every run. */
export function countingEntropy(): Entropy {
  let calls = 0;
  return (bytes) => {
    calls++;
    return createHash('sha512').update(String(calls)).digest().subarray(0, bytes);
  };
}

/** Every text that differs from a base64url text by one flipped bit. */
export function flippedBits(text: string): string[] {
  const bytes = Buffer.from(text, 'base64url');
  return Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return copy.toString('base64url');
  });
}
