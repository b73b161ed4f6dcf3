import { createHash } from 'node:crypto';
import { equalSecrets } from '../crypto/equal.ts';
import type { Commitment } from '../model/challenge.ts';
import { byteOfPurpose, type Purpose, purposeOfByte } from '../model/purpose.ts';
import type { Entropy } from '../system.ts';

/** 128 random bits, as ASVS 5.0 §7.2.3 asks. */
const randomBytes = 16;
/** A second input with the same commitment takes 2¹²⁸ tries. */
const commitmentBytes = 16;

export const challengeIdBytes = 1 + randomBytes + commitmentBytes;

/**
 * A challenge's id, which only the claimant holds: base64url of purpose ‖ random bytes ‖ commitment.
 * The table stores only its hash. The commitment is a hash over purpose, account and phone, so that
 * none of them can be changed in the table afterwards (docs/decisions/0030).
 */
export interface ChallengeId {
  readonly id: string;
  readonly bytes: Buffer;
  readonly purpose: Purpose;
  /** The commitment, base64url. */
  readonly subject: string;
  /**
   * `<purpose>.<base64url SHA-256 of the id>`: the item's key, and the input from which the code is
   * derived. The purpose stands in front, so that a role can be limited to the challenges of its own
   * flows.
   */
  readonly hash: string;
}

/** Makes the id of a new challenge. */
export function mintChallengeId(entropy: Entropy, commitment: Commitment): ChallengeId {
  const random = entropy(randomBytes);
  return challengeIdFrom(commitment.purpose, random, commit(commitment, random));
}

/** @returns the parts of an id; undefined for a text that does not have the form of an id */
export function readChallengeId(id: string): ChallengeId | undefined {
  const bytes = Buffer.from(id, 'base64url');
  if (bytes.length !== challengeIdBytes || bytes.toString('base64url') !== id) return undefined;
  const purpose = purposeOfByte(bytes.readUInt8(0));
  if (!purpose) return undefined;
  return challengeIdFrom(purpose, randomOf(bytes), bytes.subarray(1 + randomBytes));
}

/** The id of a challenge that does not exist. @param random at least 32 bytes */
export const nonexistentChallengeId = (purpose: Purpose, random: Buffer): ChallengeId =>
  challengeIdFrom(
    purpose,
    random.subarray(0, randomBytes),
    random.subarray(randomBytes, randomBytes + commitmentBytes),
  );

/** Tells whether an id was made for this purpose, account and phone. */
export function commitsTo({ bytes, subject }: ChallengeId, commitment: Commitment): boolean {
  return equalSecrets(commit(commitment, randomOf(bytes)).toString('base64url'), subject);
}

const randomOf = (bytes: Buffer): Buffer => bytes.subarray(1, 1 + randomBytes);

function challengeIdFrom(purpose: Purpose, random: Buffer, commitment: Buffer): ChallengeId {
  const bytes = Buffer.concat([Buffer.of(byteOfPurpose(purpose)), random, commitment]);
  const id = bytes.toString('base64url');
  const hash = `${purpose}.${createHash('sha256').update(id).digest('base64url')}`;
  return { id, bytes, purpose, subject: commitment.toString('base64url'), hash };
}

/** The random bytes keep the table's tags from being tried against an id that leaked. */
function commit({ purpose, accountTag, phoneTag }: Commitment, random: Buffer): Buffer {
  const fields = JSON.stringify([purpose, accountTag ?? null, phoneTag]);
  return createHash('sha256').update(random).update(fields).digest().subarray(0, commitmentBytes);
}
