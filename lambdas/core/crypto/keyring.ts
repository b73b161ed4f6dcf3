import { createHmac, hkdfSync } from 'node:crypto';

/** What each derived key is for. One purpose, one key: a tag can never pass for a code or a ticket. */
type Purpose = 'code' | 'device' | 'seal' | 'session' | 'tag' | 'ticket';

/** The secret as it is kept: which version new things are made with, and the material of each. */
export interface KeyMaterial {
  readonly current: number;
  readonly versions: Readonly<Record<number, string>>;
}

/** Keys of one version; 32 bytes each. */
export interface KeySet {
  readonly version: number;
  readonly code: Buffer;
  /** Of the secrets that remembered devices hold. */
  readonly device: Buffer;
  readonly seal: Buffer;
  readonly session: Buffer;
  readonly ticket: Buffer;
}

export interface Keyring {
  /** What new challenges and seals are made with. */
  readonly current: KeySet;
  /** The keys of one version, or undefined where this keyring does not hold it. */
  version(version: number): KeySet | undefined;
  /** Keyed lookup value of something that must not be readable in the table. */
  tag(kind: TagKind, ...values: string[]): string;
}

/** What is looked up by tag. The kind goes into the HMAC: a phone's tag is never an ID's. */
export type TagKind =
  | 'address'
  | 'decoy'
  | 'national-id'
  | 'phone'
  | 'recovery-code'
  | 'request'
  | 'username';

/**
 * Derives all keys from the secret by HKDF-SHA-256 (RFC 5869), each with its own `info`.
 * Tags are made with version 1 for ever: they are what accounts are found by, so a rotation cannot move them.
 * @throws Error where the secret lacks version 1 or its current version
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
    // JSON keeps ("a", "bc") and ("ab", "c") apart.
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
 * @param version a version the keyring should hold; an unknown one makes the adapter read the secret again,
 *   at most once a second, because ids come from strangers
 * @returns the keyring; it may still lack that version
 */
export type Keys = (version?: number) => Promise<Keyring>;
