import { createHash } from 'node:crypto';
import type { Entropy } from '../system.ts';

/** 160 random bits: ASVS 5.0 §7.2.3 asks for 128. */
const randomBytes = 20;

/**
 * A challenge's id, which only the claimant holds: base64url of key version ‖ random bytes. The
 * table stores only its hash.
 */
export interface ChallengeId {
  readonly id: string;
  readonly bytes: Buffer;
  /** base64url SHA-256 of the id: the item's key, and the input from which the code is derived. */
  readonly hash: string;
  /**
   * Version of the keys that make the challenge's code and ticket. The id carries it because the
   * code is derived before anything is read. So a key rotation during a challenge fails no right
   * code.
   */
  readonly keyVersion: number;
}

/**
 * Makes the id of a new challenge.
 * @param keyVersion 0 to 255: one byte
 */
export function mintChallengeId(entropy: Entropy, keyVersion: number): ChallengeId {
  return describe(Buffer.concat([Buffer.of(keyVersion), entropy(randomBytes)]));
}

/** @returns the parts of an id; undefined for a text that does not have the form of an id */
export function readChallengeId(id: string): ChallengeId | undefined {
  const bytes = Buffer.from(id, 'base64url');
  if (bytes.length !== 1 + randomBytes || bytes.toString('base64url') !== id) return undefined;
  return describe(bytes);
}

/**
 * Splits an id into its parts.
 * @param bytes key version ‖ random bytes, {@link challengeIdBytes} in all
 */
export function describe(bytes: Buffer): ChallengeId {
  const id = bytes.toString('base64url');
  const hash = createHash('sha256').update(id).digest('base64url');
  return { id, bytes, hash, keyVersion: bytes.readUInt8(0) };
}

export const challengeIdBytes = 1 + randomBytes;
