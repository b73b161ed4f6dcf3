import { createHmac, type KeyObject } from 'node:crypto';
import { deriveKey, type Keys, type VersionMaterial } from './keyring.ts';
import { signingKey } from './signature.ts';

/** A key of 32 bytes with the version of its secret. */
export interface VersionedKey {
  readonly version: number;
  readonly bytes: Buffer;
}

export type CodeKey = VersionedKey;
export type SealKey = VersionedKey;

/** The keys of what clients hold to stay logged in. */
export interface SessionKey {
  readonly version: number;
  readonly refreshToken: Buffer;
  readonly device: Buffer;
  /** Seals the directory's tokens. */
  readonly seal: SealKey;
}

/** An Ed25519 private key. */
export interface ProofKey {
  readonly version: number;
  /** Epoch seconds from which it signs. */
  readonly from: number;
  readonly privateKey: KeyObject;
}

/** The kinds of data that are looked up by tag. The HMAC covers the kind: a phone's tag never equals a username's. */
export type TagKind = 'address' | 'decoy' | 'phone' | 'recovery-code' | 'request' | 'username';

/** Computes the lookup values of data that must not be readable in the table. */
export interface Tagger {
  /** @returns base64url HMAC-SHA-256 of the kind and the values, 43 characters */
  tag(kind: TagKind, ...values: string[]): string;
}

/** Reads the tagger of this moment. */
export type Tags = () => Promise<Tagger>;

/**
 * Computes the tag of a national ID. It has a key of its own: there are so few IDs that the key alone would find all of
 * them in a copy of the table.
 * @returns base64url of 32 bytes
 */
export type IdentityTags = (nationalId: string) => Promise<string>;

export const codeKey = (material: VersionMaterial): CodeKey => ({
  version: material.version,
  bytes: deriveKey(material, 'code'),
});

export const sealKey = (material: VersionMaterial): SealKey => ({
  version: material.version,
  bytes: deriveKey(material, 'seal'),
});

export const sessionKey = (material: VersionMaterial): SessionKey => ({
  version: material.version,
  refreshToken: deriveKey(material, 'session'),
  device: deriveKey(material, 'device'),
  seal: sealKey(material),
});

export const proofKey = (material: VersionMaterial): ProofKey => ({
  version: material.version,
  from: material.from,
  privateKey: signingKey(deriveKey(material, 'proof')),
});

export const tagKey = (material: VersionMaterial): VersionedKey => ({
  version: material.version,
  bytes: deriveKey(material, 'tag'),
});

/**
 * Tags have one version, the oldest: accounts are found by tag, and the table does not hold what a tag is made of
 * (docs/decisions/0039).
 */
export const taggerOf =
  (keys: Keys<VersionedKey>): Tags =>
  async () => {
    const { oldest } = await keys();
    return taggerWith(oldest);
  };

export const taggerWith = ({ bytes }: VersionedKey): Tagger => ({
  tag: (kind, ...values) => tagOf(bytes, kind, values),
});

export const identityTagsOf =
  (keys: Keys<VersionedKey>): IdentityTags =>
  async (nationalId) =>
    tagOf((await keys()).oldest.bytes, 'national-id', [nationalId]);

/** JSON, because plain concatenation would give ("a", "bc") and ("ab", "c") the same tag. */
const tagOf = (key: Buffer, kind: string, values: readonly string[]): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([kind, ...values]))
    .digest('base64url');
