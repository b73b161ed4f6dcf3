import { createHmac, hkdfSync } from 'node:crypto';

/** The purpose of a derived key. Each purpose has its own key, so that a tag can never pass for a code or a ticket. */
type Purpose = 'code' | 'device' | 'seal' | 'session' | 'tag' | 'ticket';

/** The stored secret: the key material of each version, and the version that new challenges and seals use. */
export interface KeyMaterial {
  readonly current: number;
  readonly versions: Readonly<Record<number, string>>;
}

/** The keys of one version, 32 bytes each. */
export interface KeySet {
  readonly version: number;
  readonly code: Buffer;
  /** Derives the secrets that remembered devices hold. */
  readonly device: Buffer;
  readonly seal: Buffer;
  readonly session: Buffer;
  readonly ticket: Buffer;
}

export interface Keyring {
  /** The keys of new challenges and seals. */
  readonly current: KeySet;
  /** @returns the keys of one version; undefined for a version that this keyring lacks */
  version(version: number): KeySet | undefined;
  /**
   * Computes the lookup value of data that must not be readable in the table.
   * @returns base64url HMAC-SHA-256 of the kind and the values, 43 characters
   */
  tag(kind: TagKind, ...values: string[]): string;
}

/**
 * The kinds of data that are looked up by tag. The HMAC covers the kind: the tag of a phone never equals that of an
 * ID.
 */
export type TagKind =
  | 'address'
  | 'decoy'
  | 'national-id'
  | 'phone'
  | 'recovery-code'
  | 'request'
  | 'username';

/**
 * Derives all keys from the secret by HKDF-SHA-256 (RFC 5869), each key with its own `info`.
 * Tags always use version 1: accounts are found by tag, so a key rotation must not change them.
 * @throws Error if the secret lacks version 1 or its current version
 */
export function createKeyring(material: KeyMaterial): Keyring {
  const sets = new Map(
    Object.entries(material.versions).map(([version, secret]) => [
      Number(version),
      keySet(Number(version), secret),
    ]),
  );
  const current = sets.get(material.current);
  const first = material.versions[1];
  if (!current || !first) throw new Error('The key secret lacks its first or its current version');
  const tagKey = derive(first, 'tag', 1);
  return {
    current,
    version: (version) => sets.get(version),
    // JSON, because plain concatenation would give ("a", "bc") and ("ab", "c") the same tag.
    tag: (kind, ...values) =>
      createHmac('sha256', tagKey)
        .update(JSON.stringify([kind, ...values]))
        .digest('base64url'),
  };
}

function keySet(version: number, secret: string): KeySet {
  return {
    version,
    code: derive(secret, 'code', version),
    device: derive(secret, 'device', version),
    seal: derive(secret, 'seal', version),
    session: derive(secret, 'session', version),
    ticket: derive(secret, 'ticket', version),
  };
}

function derive(secret: string, purpose: Purpose, version: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `hawiya/${purpose}/${version}`, 32));
}

/**
 * Reads the keyring.
 * @param version a version that the keyring should hold. For an unknown version the adapter reads the secret again, at
 *   most once a second, because anyone can send an id with an invented version.
 * @returns the keyring, which may still lack that version
 */
export type Keys = (version?: number) => Promise<Keyring>;
