import type { KeyObject } from 'node:crypto';
import { equalSecrets } from './equal.ts';
import { deriveKey, type Keyring, type Keys, type VersionMaterial } from './keyring.ts';
import { macWith } from './secret-key.ts';
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
  readonly recognition: Buffer;
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

/**
 * Computes the lookup values of data that must not be readable in the table.
 *
 * Each version of the secret adds a level: a tag of level 2 is the MAC, under key 2, of the tag of level 1. So a stored tag
 * can be wrapped to the next level without the value it was made of (docs/decisions/0039). A tag names its level.
 */
export interface Tagger {
  /**
   * @returns the tag of the newest level that has begun: base64url HMAC-SHA-256 of the kind and the values, 43 characters,
   *   behind `<level>.` from level 2 on
   */
  tag(kind: TagKind, ...values: string[]): string;
  /**
   * @returns the tags of all accepted levels, ascending: where an item may stand while a rotation runs. Otherwise one
   */
  everyTag(kind: TagKind, ...values: string[]): readonly string[];
  /**
   * Where the item that a stored tag named may stand now. Items move to newer levels only.
   * @returns the tag and what it becomes under newer levels, ascending, without the levels that are no longer accepted
   */
  laterTags(tag: string): readonly string[];
  /** A stored tag, wrapped to the newest level that has begun. The same before and after its item moves there. */
  newest(tag: string): string;
  /** Whether two stored tags are of the same value, whatever their levels. */
  isSame(a: string, b: string): boolean;
}

/** Reads the tagger of this moment. */
export type Tags = () => Promise<Tagger>;

/** The tags of one national ID. */
export interface IdentityTag {
  readonly newest: string;
  /** Those of all accepted levels, ascending. */
  readonly every: readonly string[];
}

/**
 * Computes the tags of a national ID. It has keys of its own: there are so few IDs that a key alone would find all of
 * them in a copy of the table.
 */
export type IdentityTags = (nationalId: string) => Promise<IdentityTag>;

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
  recognition: deriveKey(material, 'recognition'),
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

export const taggerOf =
  (keys: Keys<VersionedKey>): Tags =>
  async () =>
    taggerWith(await keys());

export function taggerWith(keyring: Keyring<VersionedKey>): Tagger {
  const levels = levelsOf(keyring);
  const every = (kind: string, values: readonly string[]) =>
    levels.from(macOf(levels.first, [kind, ...values]));
  return {
    tag: (kind, ...values) => levels.newest(macOf(levels.first, [kind, ...values])),
    everyTag: (kind, ...values) => every(kind, values),
    laterTags: levels.from,
    newest: levels.newest,
    isSame: (a, b) => equalSecrets(levels.last(a), levels.last(b)),
  };
}

export const identityTagsOf =
  (keys: Keys<VersionedKey>): IdentityTags =>
  async (nationalId) => {
    const levels = levelsOf(await keys());
    const first = macOf(levels.first, ['national-id', nationalId]);
    return { newest: levels.newest(first), every: levels.from(first) };
  };

/** Tells the level of a tag. Level 1 is not written out. */
export const levelOf = (tag: string): number => Number(/^(\d+)\./.exec(tag)?.[1] ?? 1);

/** What the keys of tags do to a tag. */
interface Levels {
  readonly first: Buffer;
  /** The tag and its later forms at all accepted levels, also at one that is entered and has not begun. */
  from(tag: string): readonly string[];
  newest(tag: string): string;
  last(tag: string): string;
}

/** @throws Error if a version is missing: the levels above it could not be computed */
export function levelsOf({ withRetired, current, oldest }: Keyring<VersionedKey>): Levels {
  const [first] = withRetired;
  if (!first || withRetired.some(({ version }, index) => version !== index + 1)) {
    throw new Error('The keys of tags lack a version');
  }
  /** @returns the tag under each level from its own to `until`, ascending */
  const wrapped = (tag: string, until: number): string[] => {
    const tags = [tag];
    for (const { version, bytes } of withRetired.slice(levelOf(tag), until)) {
      tags.push(`${version}.${macOf(bytes, ['wrap', tags.at(-1) ?? ''])}`);
    }
    return tags;
  };
  const lastOf = (tag: string, until: number): string => wrapped(tag, until).at(-1) ?? tag;
  return {
    first: first.bytes,
    from: (tag) => wrapped(tag, withRetired.length).filter((one) => levelOf(one) >= oldest.version),
    newest: (tag) => lastOf(tag, current.version),
    last: (tag) => lastOf(tag, withRetired.length),
  };
}

/** JSON, because plain concatenation would give ("a", "bc") and ("ab", "c") the same tag. */
const macOf = (key: Buffer, fields: readonly string[]): string =>
  macWith(key).update(JSON.stringify(fields)).digest('base64url');
