import { createHmac } from 'node:crypto';
import { equalSecrets } from '../crypto/equal.ts';
import type { KeySet, Keys } from '../crypto/keyring.ts';
import { type ChallengeId, challengeIdBytes, describe } from './id.ts';

const macBytes = 24;

/**
 * The ticket of a verified challenge: base64url of its id ‖ an HMAC over the id. Nothing is stored:
 * the challenge's status says whether the ticket is still valid.
 */
export function mintTicket(keys: KeySet, challenge: ChallengeId): string {
  return Buffer.concat([challenge.bytes, mac(keys, 'ticket', challenge.id)]).toString('base64url');
}

/**
 * @returns the challenge of a ticket and its keys; undefined for a ticket that Hawiya did not make
 */
export async function readTicket(
  keys: Keys,
  ticket: string,
): Promise<{ challengeId: ChallengeId; keySet: KeySet } | undefined> {
  const bytes = Buffer.from(ticket, 'base64url');
  if (bytes.length !== challengeIdBytes + macBytes) return undefined;
  const challengeId = describe(bytes.subarray(0, challengeIdBytes));
  const { keyVersion } = challengeId;
  const keySet = (await keys(keyVersion)).version(keyVersion);
  const genuine = keySet && equalSecrets(mintTicket(keySet, challengeId), ticket);
  return genuine ? { challengeId, keySet } : undefined;
}

/**
 * Recognises the same request when it comes again with the same ticket, without storing its fields.
 * It is keyed and covers the id, which only the claimant holds. So a dump of the table reveals
 * nothing about the password in it, even together with the key.
 * @param inputs the fields of the request, in a fixed order
 * @returns base64url of 24 bytes
 */
export function fingerprint(keys: KeySet, challenge: ChallengeId, ...inputs: string[]): string {
  return mac(keys, 'use', challenge.id, ...inputs).toString('base64url');
}

function mac(keys: KeySet, ...parts: string[]): Buffer {
  const whole = createHmac('sha256', keys.ticket).update(JSON.stringify(parts)).digest();
  return whole.subarray(0, macBytes);
}
