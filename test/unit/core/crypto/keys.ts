import { createHash } from 'node:crypto';
import {
  createKeyring,
  type KeyMaterial,
  type Keyring,
  type Keys,
  type VersionMaterial,
} from '#core/crypto/keyring.ts';
import { type SealKey, sealKey } from '#core/crypto/keys.ts';
import type { Entropy } from '#core/system.ts';

/** Key material of a version, the same in every test. */
export const secretOf = (version: number) => `material-of-version-${version}`.padEnd(64, '=');

/** Epoch seconds from which a version replaces the one before. */
export const beginOf = (version: number) => (version - 1) * 10_000;

/** A secret with versions 1 to `current`, of which each began 10,000 seconds after the one before. */
export const materialTo = (current: number, minimum = 1): KeyMaterial => ({
  minimum,
  versions: Array.from({ length: current }, (_, i) => i + 1).map((version) => ({
    version,
    secret: secretOf(version),
    from: beginOf(version),
  })),
});

/** A secret of an attacker. */
export const foreignMaterial: KeyMaterial = {
  minimum: 1,
  versions: [{ version: 1, secret: secretOf(9), from: 0 }],
};

/** The keyring of a purpose just after its newest version began. */
export const ringOf = <Key>(
  derive: (material: VersionMaterial) => Key,
  material: KeyMaterial,
): Keyring<Key> => createKeyring(material, derive, material.versions.at(-1)?.from ?? 0);

/** A keyring of seals with versions 1 to `current`. */
export const ring = (current = 1): Keyring<SealKey> => ringOf(sealKey, materialTo(current));

export const holding =
  <Key>(keyring: Keyring<Key>): Keys<Key> =>
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
