import type { CodeKey } from './keys.ts';
import { macWith } from './secret-key.ts';

/**
 * Derives the code of a challenge: HMAC-SHA-256 over the hash of its id, with the dynamic truncation of RFC 4226 §5.3.
 * No code is stored: verification and `sms-sender` both derive it. With six digits, 2³¹ mod 10⁶ makes the lowest
 * 483,648 codes likelier by 1 in 2,147, which does not help an attacker.
 * @param idHash the key of the challenge's item
 * @param length number of digits
 * @returns zero-padded digits
 */
export function deriveCode({ bytes }: CodeKey, idHash: string, length: number): string {
  const mac = macWith(bytes).update(idHash).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0xf;
  const truncated = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(truncated % 10 ** length).padStart(length, '0');
}
