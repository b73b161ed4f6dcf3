import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveCode } from '#core/crypto/derive-code.ts';
import { type CodeKey, codeKey, sealKey } from '#core/crypto/keys.ts';
import { materialTo, ringOf } from './keys.ts';

const keys = ringOf(codeKey, materialTo(1)).current;
const newer = ringOf(codeKey, materialTo(2)).current;
const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');
const idHashes = Array.from({ length: 5000 }, (_, i) => hashOf(`id ${i}`));

/** RFC 4226 §5.3, implemented from the RFC with hexadecimal text and big integers. */
function reference({ bytes }: CodeKey, idHash: string, length: number): string {
  const hex = createHmac('sha256', bytes).update(idHash, 'utf8').digest('hex');
  const offset = Number.parseInt(hex.slice(-1), 16);
  const fourBytes = BigInt(`0x${hex.slice(offset * 2, offset * 2 + 8)}`) % 2n ** 31n;
  const digits = fourBytes.toString().slice(-length);
  return '0'.repeat(length - digits.length) + digits;
}

describe('the code of a challenge', () => {
  it('is the RFC 4226 truncation of the HMAC over the hash of its id', () => {
    const id = fc.string({ minLength: 1 }).map(hashOf);
    fc.assert(
      fc.property(id, fc.integer({ min: 6, max: 8 }), (idHash, length) => {
        expect(deriveCode(keys, idHash, length)).toBe(reference(keys, idHash, length));
      }),
      { numRuns: 1000 },
    );
  });

  // Computed in Python: a deployment in the middle of a challenge must not change its code.
  it('equals the fixed test value', () => {
    const current = codeKey({ version: 1, secret: '0123456789abcdef'.repeat(4), from: 0 });
    expect(deriveCode(current, hashOf('a challenge id'), 6)).toBe('218721');
    expect(deriveCode(current, hashOf('a challenge id'), 8)).toBe('70218721');
  });

  it('has its full length, with leading zeros when the number is short', () => {
    const codes = idHashes.map((idHash) => deriveCode(keys, idHash, 6));
    expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true);
    expect(codes.some((code) => code.startsWith('00'))).toBe(true);
  });

  it('has each of the ten digits in every position about equally often', () => {
    const codes = idHashes.map((idHash) => deriveCode(keys, idHash, 6));
    for (let place = 0; place < 6; place++) {
      const counts = new Map<string, number>();
      for (const code of codes) {
        const digit = code.charAt(place);
        counts.set(digit, (counts.get(digit) ?? 0) + 1);
      }
      expect([...counts.keys()].sort().join(''), `place ${place}`).toBe('0123456789');
      // Chi squared with 9 degrees of freedom: 33.7 is the 0.01 % point. The ids are always the
      // same.
      const chi = [...counts.values()].reduce((sum, n) => sum + (n - 500) ** 2 / 500, 0);
      expect(chi, `place ${place}`).toBeLessThan(33.7);
    }
  });

  it('differs for another id, another key version and another key', () => {
    const differ = (other: (idHash: string) => string) =>
      idHashes.slice(0, 100).filter((idHash) => other(idHash) !== deriveCode(keys, idHash, 8));
    expect(differ((idHash) => deriveCode(keys, hashOf(idHash), 8)).length).toBe(100);
    expect(differ((idHash) => deriveCode(newer, idHash, 8)).length).toBe(100);
    const other = ringOf(sealKey, materialTo(1)).current;
    expect(differ((idHash) => deriveCode(other, idHash, 8)).length).toBe(100);
  });
});
