import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mintChallengeId, readChallengeId } from '#core/challenge/id.ts';
import { countingEntropy } from '../crypto/keys.ts';

const entropy = countingEntropy();
/** An id whose base64url holds both `-` and `_`. */
const { id } = mintChallengeId(() => Buffer.alloc(20, 0xfb).fill(0xff, 10), 1);

describe('the id of a challenge', () => {
  it('reads back as it was minted, with its key version', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 255 }), (keyVersion) => {
        const minted = mintChallengeId(entropy, keyVersion);
        expect(minted.keyVersion).toBe(keyVersion);
        expect(readChallengeId(minted.id)).toEqual(minted);
      }),
    );
  });

  it('takes 160 bits from the given entropy', () => {
    const asked: number[] = [];
    mintChallengeId((bytes) => {
      asked.push(bytes);
      return Buffer.alloc(bytes);
    }, 1);
    expect(asked).toEqual([20]);
  });

  it('is stored only as its SHA-256', () => {
    const { id, hash } = mintChallengeId(entropy, 1);
    expect(hash).toBe(createHash('sha256').update(id).digest('base64url'));
  });

  it('is never minted twice', () => {
    const ids = Array.from({ length: 200 }, () => mintChallengeId(entropy, 1).id);
    expect(new Set(ids).size).toBe(200);
  });

  it('is never read from text of another length', () => {
    const text = fc
      .oneof(fc.string(), fc.base64String())
      .filter((typed) => !/^[\w-]{28}$/.test(typed));
    fc.assert(
      fc.property(text, (typed) => {
        expect(readChallengeId(typed)).toBeUndefined();
      }),
    );
  });

  it('has one spelling: other encodings of the same bytes are no id', () => {
    expect(id).toMatch(/-.*_/);
    expect(readChallengeId(id)).toBeDefined();
    const others = [
      id.replaceAll('-', '+').replaceAll('_', '/'),
      `${id}=`,
      `${id}\n`,
      ` ${id}`,
      `${id.slice(0, 9)}.${id.slice(9)}`,
      `${id}A`,
    ];
    for (const other of others) expect(readChallengeId(other), other).toBeUndefined();
  });
});
