import { hkdfSync } from 'node:crypto';

/**
 * What the keys of a secret are for. Each purpose has a secret of its own, which only the functions that need it may
 * read (docs/decisions/0031).
 */
export const keyPurposes = [
  /** The codes of challenges. */
  'codes',
  /** The signatures of proofs. */
  'proofs',
  /** Refresh tokens, device secrets, and the seals of the directory's tokens. */
  'sessions',
  /** The tags of usernames, phones and addresses. */
  'tags',
  /** The tags of national IDs. */
  'identity-tags',
  /** The seals of phones. */
  'phone-seals',
  /** The seals of usernames in accounts. */
  'username-seals',
  /** All other seals. */
  'seals',
] as const;

export type KeyPurpose = (typeof keyPurposes)[number];

/** One version of a secret. */
export interface VersionMaterial {
  readonly version: number;
  /** The random text that the version's keys are derived from. */
  readonly secret: string;
  /** Epoch seconds from which new things are made with this version. 0 for the first one. */
  readonly from: number;
}

/** A secret as it is stored. */
export interface KeyMaterial {
  /** Ascending, at least one. */
  readonly versions: readonly VersionMaterial[];
  /** The oldest version that is still accepted. */
  readonly minimum: number;
}

/** The keys of one purpose. */
export interface Keyring<Key> {
  /** The key that new things are made with. */
  readonly current: Key;
  /** The oldest key that is still accepted. */
  readonly oldest: Key;
  /** Every accepted key, ascending by version. */
  readonly all: readonly Key[];
  /**
   * Every key, ascending by version, also those that are no longer accepted. Only the levels of tags go through them: a
   * newer tag is made of an older one.
   */
  readonly withRetired: readonly Key[];
  /**
   * Finds the key of a version for something that was made at an instant. A version that was replaced before then is
   * refused: only an attacker who holds a leaked key would still have used it.
   * @param madeAt epoch seconds
   * @returns undefined for a version that is unknown, no longer accepted, or was replaced before `madeAt`
   */
  version(version: number, madeAt: number): Key | undefined;
}

/**
 * Reads the keys of one purpose, as they are at this moment. Reading them again makes no AWS call, except that a
 * function fetches its secrets anew every few minutes.
 */
export type Keys<Key> = () => Promise<Keyring<Key>>;

/** Seconds that the clocks of two sandboxes may differ while one of them changes to a new version. */
const toleranceSeconds = 30;

/**
 * Derives the keys of one purpose.
 * @param derive makes the key of one version
 * @param now epoch seconds
 * @throws Error if no accepted version has begun
 */
export function createKeyring<Key>(
  { versions, minimum }: KeyMaterial,
  derive: (material: VersionMaterial) => Key,
  now: number,
): Keyring<Key> {
  const accepted = versions.filter(({ version }) => version >= minimum);
  const withRetired = versions.map(derive);
  const keys = new Map(
    versions.flatMap(({ version }, index) => {
      const key = withRetired[index];
      return version >= minimum && key !== undefined ? [[version, key] as const] : [];
    }),
  );
  const begun = accepted.filter(({ from }) => from <= now);
  const current = keys.get(begun.at(-1)?.version ?? Number.NaN);
  const oldest = keys.get(accepted[0]?.version ?? Number.NaN);
  if (!current || !oldest) throw new Error('The key secret has no version that is in use');

  const replacedAt = (version: number): number =>
    versions.find((next) => next.version > version)?.from ?? Number.POSITIVE_INFINITY;
  return {
    current,
    oldest,
    all: [...keys.values()],
    withRetired,
    version: (version, madeAt) =>
      madeAt < replacedAt(version) + toleranceSeconds ? keys.get(version) : undefined,
  };
}

/**
 * Derives a key of 32 bytes by HKDF-SHA-256 (RFC 5869). Each use has its own `info`, so that a tag can never pass for a
 * code or a token.
 * @param use `code`, `tag`, …
 */
export function deriveKey({ secret, version }: VersionMaterial, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `hawiya/${use}/${version}`, 32));
}

/**
 * The keys that are derived from others.
 * @param derive makes one key of another
 */
export const derivedKeys =
  <From, To>(keys: Keys<From>, derive: (key: From) => To): Keys<To> =>
  async () => {
    const { current, oldest, all, withRetired, version } = await keys();
    const derived = (key: From | undefined) => (key === undefined ? undefined : derive(key));
    return {
      current: derive(current),
      oldest: derive(oldest),
      all: all.map(derive),
      withRetired: withRetired.map(derive),
      version: (number, madeAt) => derived(version(number, madeAt)),
    };
  };
