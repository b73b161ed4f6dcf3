import { createHash } from 'node:crypto';
import type { Entropy } from '../system.ts';

/** 160 random bits: ASVS 5.0 §7.2.3 asks for 128. */
const randomBytes = 20;

/** What a claimant holds: base64url of key version ‖ random. Only its hash is stored. */
export interface ChallengeId {
  readonly id: string;
  readonly bytes: Buffer;
  /** base64url SHA-256 of the id: the key of the item, and what the code is derived from. */
  readonly hash: string;
  /**
   * Version of the keys its code and ticket are made with. It travels in the id because verify derives the code
   * before it has read anything: a rotation in the middle of a challenge must not fail a right code.
   */
  readonly keyVersion: number;
}

export function mintChallengeId(entropy: Entropy, keyVersion: number): ChallengeId {
  return describe(Buffer.concat([Buffer.of(keyVersion), entropy(randomBytes)]));
}

/** @returns the parts of an id, or undefined for a text that this service never handed out */
export function readChallengeId(id: string): ChallengeId | undefined {
  const bytes = Buffer.from(id, 'base64url');
  if (bytes.length !== 1 + randomBytes || bytes.toString('base64url') !== id) return undefined;
  return describe(bytes);
}

export function describe(bytes: Buffer): ChallengeId {
  const id = bytes.toString('base64url');
  const hash = createHash('sha256').update(id).digest('base64url');
  return { id, bytes, hash, keyVersion: bytes.readUInt8(0) };
}

export const challengeIdBytes = 1 + randomBytes;
