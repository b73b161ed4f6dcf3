import { createHmac } from 'node:crypto';
import { equalSecrets } from '../crypto/equal.ts';
import type { KeySet, Keys } from '../crypto/keyring.ts';
import { type ChallengeId, challengeIdBytes, describe } from './id.ts';

const macBytes = 24;

/**
 * The ticket of a verified challenge: its id and an HMAC over it, base64url. Nothing is stored: whether it
 * still counts is the challenge's own status.
 */
export function mintTicket(keys: KeySet, challenge: ChallengeId): string {
  return Buffer.concat([challenge.bytes, mac(keys, 'ticket', challenge.id)]).toString('base64url');
}

/** @returns the challenge a ticket is for and its keys; undefined for a ticket this service never made */
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
 * Recognises the same request when it comes again with the same ticket, without keeping what it said: keyed,
 * and over the id that only the claimant holds, so a dump with the key says nothing about the password in it.
 */
export function fingerprint(keys: KeySet, challenge: ChallengeId, ...inputs: string[]): string {
  return mac(keys, 'use', challenge.id, ...inputs).toString('base64url');
}

function mac(keys: KeySet, ...parts: string[]): Buffer {
  const whole = createHmac('sha256', keys.ticket).update(JSON.stringify(parts)).digest();
  return whole.subarray(0, macBytes);
}
