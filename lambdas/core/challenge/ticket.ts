import { createHmac } from 'node:crypto';
import type { Keys } from '../crypto/keyring.ts';
import type { ProofKey } from '../crypto/keys.ts';
import { isSignatureOf, signatureBytes, signText } from '../crypto/signature.ts';
import type { Method } from '../model/challenge.ts';
import type { Limits } from '../model/limits.ts';
import { byteOfMethod, methodOfByte, type Proof, proofText, strengthOf } from '../model/proof.ts';
import type { PublicKeyStore } from '../ports/public-key-store.ts';
import { type ChallengeId, challengeIdBytes, readChallengeId } from './id.ts';

/*
 * The ticket of a verified challenge: base64url of its id ‖ key version ‖ method ‖ instant ‖ extension ‖ Ed25519
 * signature. The signature is the proof that `verification` made it. Nothing of it is stored: the challenge's status only
 * keeps a ticket from being used twice.
 */

const instantBytes = 4;
const extensionBytes = 2;
const ticketBytes = challengeIdBytes + 1 + 1 + instantBytes + extensionBytes + signatureBytes;

/** Seconds after its verification at which the longest ticket ends (docs/decisions/0054). */
export const longestTicketSeconds = 1800;

/** How and when a challenge was verified. */
export interface Verification {
  readonly method: Method;
  /** Epoch seconds. */
  readonly at: number;
}

/**
 * Signs the proof that a challenge was verified. The same verification gives the same ticket, so a request whose answer
 * was lost gets it again.
 * @param extendedSeconds beyond its usual life
 */
export const mintTicket =
  (proofSigningKeys: Keys<ProofKey>) =>
  async (
    challengeId: ChallengeId,
    verification: Verification,
    extendedSeconds = 0,
  ): Promise<string> => {
    const { current } = await proofSigningKeys();
    const { version, privateKey } = current;
    const text = proofText(
      'verification',
      version,
      proofOf(challengeId, verification, extendedSeconds),
    );
    const instant = Buffer.alloc(instantBytes + extensionBytes);
    instant.writeUInt32BE(verification.at);
    instant.writeUInt16BE(extendedSeconds, instantBytes);
    const named = Buffer.of(version, byteOfMethod(verification.method));
    const parts = [challengeId.bytes, named, instant, signText(privateKey, text)];
    return Buffer.concat(parts).toString('base64url');
  };

/** A ticket whose signature is genuine. */
export interface ReadTicket extends Verification {
  readonly challengeId: ChallengeId;
  /** Seconds that it is good beyond its usual life. */
  readonly extendedSeconds: number;
}

/** Epoch seconds from which a ticket is good no more, whatever it says. */
export const endOfTicket = (
  { at, extendedSeconds }: Pick<ReadTicket, 'at' | 'extendedSeconds'>,
  { ticketSeconds }: Pick<Limits, 'ticketSeconds'>,
): number => at + Math.min(ticketSeconds + extendedSeconds, longestTicketSeconds);

/**
 * Reads a ticket and checks its signature, before anything of its challenge is read. A key version that was replaced signs
 * nothing any more: a ticket that it signed later is a forgery.
 * @returns undefined for a ticket that `verification` did not sign
 */
export const readTicket =
  ({ publicKeys }: { readonly publicKeys: Pick<PublicKeyStore, 'find'> }) =>
  async (ticket: string): Promise<ReadTicket | undefined> => {
    const bytes = Buffer.from(ticket, 'base64url');
    if (bytes.length !== ticketBytes || bytes.toString('base64url') !== ticket) return undefined;
    const challengeId = readChallengeId(bytes.subarray(0, challengeIdBytes).toString('base64url'));
    const rest = bytes.subarray(challengeIdBytes);
    const version = rest.readUInt8(0);
    const method = methodOfByte(rest.readUInt8(1));
    if (!challengeId || !method) return undefined;

    const at = rest.readUInt32BE(2);
    const extendedSeconds = rest.readUInt16BE(2 + instantBytes);
    const keys = await publicKeys.find('verification', version);
    const key = keys.find((one) => one.version === version);
    const replacedAt = keys.find((one) => one.version > version)?.from ?? Number.POSITIVE_INFINITY;
    if (!key || at >= replacedAt + toleranceSeconds) return undefined;
    const text = proofText(
      'verification',
      version,
      proofOf(challengeId, { method, at }, extendedSeconds),
    );
    const signature = rest.subarray(2 + instantBytes + extensionBytes);
    const genuine = isSignatureOf(key.publicKey, text, signature);
    return genuine ? { challengeId, method, at, extendedSeconds } : undefined;
  };

/** Seconds that the clocks of two sandboxes may differ while one of them changes to a new key. */
const toleranceSeconds = 30;

const proofOf = (
  { hash, subject }: ChallengeId,
  { method, at }: Verification,
  extendedSeconds: number,
): Proof => ({
  idHash: hash,
  method,
  strength: strengthOf(method),
  subject,
  at,
  extendedSeconds,
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
