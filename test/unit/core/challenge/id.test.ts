import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitsTo, mintChallengeId, readChallengeId } from '#core/challenge/id.ts';
import type { Commitment } from '#core/model/challenge.ts';
import { purposes } from '#core/model/purpose.ts';
import { countingEntropy } from '../crypto/keys.ts';

const entropy = countingEntropy();
const reset: Commitment = { purpose: 'password-reset', accountTag: 'account', phoneTag: 'phone' };
const mint = (commitment: Commitment = reset) => mintChallengeId(entropy, commitment);

/** An id whose base64url holds both `-` and `_`. */
function idWithBoth(): string {
  for (;;) {
    const { id } = mint();
    if (/-.*_/.test(id)) return id;
  }
}

describe('the id of a challenge', () => {
  it('reads back as it was minted, with its purpose', () => {
    for (const purpose of purposes) {
      const minted = mint({ ...reset, purpose });
      expect(minted.purpose).toBe(purpose);
      expect(readChallengeId(minted.id)).toEqual(minted);
    }
  });

  it('takes 128 bits from the given entropy', () => {
    const asked: number[] = [];
    mintChallengeId((bytes) => {
      asked.push(bytes);
      return Buffer.alloc(bytes);
    }, reset);
    expect(asked).toEqual([16]);
  });

  it('is stored only as its SHA-256, behind its purpose', () => {
    const { id, hash } = mint();
    expect(hash).toBe(`password-reset.${createHash('sha256').update(id).digest('base64url')}`);
  });

  it('is never minted twice', () => {
    expect(new Set(Array.from({ length: 200 }, () => mint().id)).size).toBe(200);
  });

  it('commits to its purpose, account and phone, and to nothing else', () => {
    const minted = mint();
    expect(commitsTo(minted, reset)).toBe(true);
    const others: Commitment[] = [
      { ...reset, purpose: 'login' },
      { ...reset, accountTag: 'another account' },
      { ...reset, accountTag: undefined },
      { ...reset, phoneTag: 'another phone' },
      { ...reset, accountTag: 'phone', phoneTag: 'account' },
    ];
    for (const other of others) expect(commitsTo(minted, other), JSON.stringify(other)).toBe(false);
  });

  it('of another purpose is another id, even with the same commitment', () => {
    const bytes = Buffer.from(mint().bytes);
    bytes.writeUInt8(1);
    const moved = readChallengeId(bytes.toString('base64url'));
    expect(moved?.purpose).toBe('registration');
    expect(moved && commitsTo(moved, { ...reset, purpose: 'registration' })).toBe(false);
  });

  it('tells nothing about the account that a table without the id could be searched for', () => {
    expect(mint().subject).not.toBe(mint().subject);
  });

  it('is never read from text of another length, or of an unknown purpose', () => {
    const text = fc
      .oneof(fc.string(), fc.base64String())
      .filter((typed) => !/^[\w-]{44}$/.test(typed));
    fc.assert(
      fc.property(text, (typed) => {
        expect(readChallengeId(typed)).toBeUndefined();
      }),
    );
    const unknown = Buffer.from(mint().bytes);
    unknown.writeUInt8(99);
    expect(readChallengeId(unknown.toString('base64url'))).toBeUndefined();
  });

  it('has one spelling: other encodings of the same bytes are no id', () => {
    const id = idWithBoth();
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
