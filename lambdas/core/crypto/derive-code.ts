import { createHmac } from 'node:crypto';
import type { KeySet } from './keyring.ts';

/**
 * The code of a challenge: RFC 4226 §5.3 dynamic truncation of HMAC-SHA-256 over the hash of its id. Nothing is
 * stored, so whoever can derive it (verification, sms-sender) always gets the same one.
 * 2³¹ mod 10⁶ makes the lowest 483,648 codes likelier by 1 in 2,147: no help to a guesser.
 * @param idHash base64url SHA-256 of the challenge id
 * @param length digits
 * @returns zero-padded digits
 */
export function deriveCode(keys: KeySet, idHash: string, length: number): string {
  const mac = createHmac('sha256', keys.code).update(idHash).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0xf;
  const truncated = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(truncated % 10 ** length).padStart(length, '0');
}
