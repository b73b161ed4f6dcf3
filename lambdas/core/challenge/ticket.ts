import { createHmac } from 'node:crypto';
import type { Keys } from '../crypto/keyring.ts';
import type { ProofKey } from '../crypto/keys.ts';
import { isSignatureOf, signatureBytes, signText } from '../crypto/signature.ts';
import type { Method } from '../model/challenge.ts';
import { byteOfMethod, methodOfByte, type Proof, proofText, strengthOf } from '../model/proof.ts';
import type { Ports } from '../ports/index.ts';
import { type ChallengeId, challengeIdBytes, readChallengeId } from './id.ts';

/*
 * The ticket of a verified challenge: base64url of its id ‖ key version ‖ method ‖ instant ‖ Ed25519 signature. The
 * signature is the proof that `verification` made it. Nothing of it is stored: the challenge's status only keeps a ticket
 * from being used twice.
 */

const instantBytes = 4;
const ticketBytes = challengeIdBytes + 1 + 1 + instantBytes + signatureBytes;

/** How and when a challenge was verified. */
export interface Verification {
  readonly method: Method;
  /** Epoch seconds. */
  readonly at: number;
}

/**
 * Signs the proof that a challenge was verified. The same verification gives the same ticket, so a request whose answer
 * was lost gets it again.
 */
export const mintTicket =
  (proofSigningKeys: Keys<ProofKey>) =>
  async (challengeId: ChallengeId, verification: Verification): Promise<string> => {
    const { current } = await proofSigningKeys();
    const { version, privateKey } = current;
    const text = proofText('verification', version, proofOf(challengeId, verification));
    const instant = Buffer.alloc(instantBytes);
    instant.writeUInt32BE(verification.at);
    const named = Buffer.of(version, byteOfMethod(verification.method));
    const parts = [challengeId.bytes, named, instant, signText(privateKey, text)];
    return Buffer.concat(parts).toString('base64url');
  };

/** A ticket whose signature is genuine. */
export interface ReadTicket extends Verification {
  readonly challengeId: ChallengeId;
}

/**
 * Reads a ticket and checks its signature, before anything of its challenge is read. A key version that was replaced signs
 * nothing any more: a ticket that it signed later is a forgery.
 * @returns undefined for a ticket that `verification` did not sign
 */
export const readTicket =
  ({ publicKeys }: Pick<Ports, 'publicKeys'>) =>
  async (ticket: string): Promise<ReadTicket | undefined> => {
    const bytes = Buffer.from(ticket, 'base64url');
    if (bytes.length !== ticketBytes || bytes.toString('base64url') !== ticket) return undefined;
    const challengeId = readChallengeId(bytes.subarray(0, challengeIdBytes).toString('base64url'));
    const rest = bytes.subarray(challengeIdBytes);
    const version = rest.readUInt8(0);
    const method = methodOfByte(rest.readUInt8(1));
    if (!challengeId || !method) return undefined;

    const at = rest.readUInt32BE(2);
    const keys = await publicKeys.find('verification', version);
    const key = keys.find((one) => one.version === version);
    const replacedAt = keys.find((one) => one.version > version)?.from ?? Number.POSITIVE_INFINITY;
    if (!key || at >= replacedAt + toleranceSeconds) return undefined;
    const text = proofText('verification', version, proofOf(challengeId, { method, at }));
    const signature = rest.subarray(2 + instantBytes);
    return isSignatureOf(key.publicKey, text, signature) ? { challengeId, method, at } : undefined;
  };

/** Seconds that the clocks of two sandboxes may differ while one of them changes to a new key. */
const toleranceSeconds = 30;

const proofOf = ({ hash, subject }: ChallengeId, { method, at }: Verification): Proof => ({
  idHash: hash,
  method,
  strength: strengthOf(method),
  subject,
  at,
});

/**
 * Recognises the same request when it comes again with the same ticket, without storing its fields.
 * Its key is the id, which only the claimant holds. So a dump of the table reveals nothing about the
 * password in it.
 * @param inputs the fields of the request, in a fixed order
 * @returns base64url of 24 bytes
 */
export const fingerprint = ({ bytes }: ChallengeId, ...inputs: string[]): string =>
  createHmac('sha256', bytes)
    .update(JSON.stringify(['use', ...inputs]))
    .digest()
    .subarray(0, 24)
    .toString('base64url');
