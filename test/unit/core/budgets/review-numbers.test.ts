import { describe, expect, it } from 'vitest';
import {
  limitsOfPhone,
  reviewCode,
  reviewedWith,
  reviewNumberOf,
} from '#core/budgets/review-numbers.ts';
import { codeKey, taggerWith, tagKey } from '#core/crypto/keys.ts';
import { printReviewCodes } from '../../../../tools/review-codes/print-review-codes.ts';
import { reviewCodes } from '../../../../tools/review-codes/review-codes.ts';
import { limits } from '../../../support/fakes/builders.ts';
import { foreignMaterial, materialTo, ringOf, secretOf } from '../crypto/keys.ts';

const number = {
  phone: '+966500000001',
  from: '2026-12-01',
  until: '2027-01-31',
  sendsPerDay: 20,
};
const codes = ringOf(codeKey, materialTo(1));
const tagger = taggerWith(ringOf(tagKey, materialTo(1)));
const at = (instant: string, reviewNumbers = [number]) => ({
  limits,
  reviewNumbers,
  tags: async () => tagger,
  clock: () => Date.parse(instant) / 1000,
});
const tag = tagger.tag('phone', number.phone);

describe('a review number', () => {
  it.each([
    ['2026-11-30T23:59:59Z', false],
    ['2026-12-01T00:00:00Z', true],
    ['2027-01-31T23:59:59Z', true],
    ['2027-02-01T00:00:00Z', false],
  ])('is valid on its days of UTC and on no other: %s %s', async (instant, listed) => {
    const ports = at(instant);
    expect((await reviewNumberOf(ports)(tag)) !== undefined).toBe(listed);
    const since = Date.parse('2026-12-01') / 1000;
    expect(reviewedWith(ports, { codes, tagger }, reviewCode(codes, number, 6))).toEqual(
      listed ? { phoneTags: [tag], since } : undefined,
    );
    const { sendsPerPhoneAndHour, sendsPerPhoneAndDay } = await limitsOfPhone(ports)(tag);
    expect([sendsPerPhoneAndHour, sendsPerPhoneAndDay]).toEqual(listed ? [20, 20] : [3, 6]);
  });

  it('is recognised by the tag of the phone: the decoy of a made-up number does not match', async () => {
    const ports = at('2026-12-24T00:00:00Z');
    expect(await reviewNumberOf(ports)(tagger.tag('decoy', 'somebody', 'an ID'))).toBeUndefined();
    expect(await limitsOfPhone(ports)(tagger.tag('phone', '+966500000002'))).toBe(limits);
  });

  it('needs no key when the stage lists none', async () => {
    const ports = { ...at('2026-12-24T00:00:00Z', []), tags: () => Promise.reject(new Error()) };
    expect(await reviewNumberOf(ports)(tag)).toBeUndefined();
  });
});

describe('the code of a review number', () => {
  it('has as many digits as any other code and stays the same after a rotation', () => {
    expect(reviewCode(codes, number, 6)).toMatch(/^\d{6}$/);
    const rotated = ringOf(codeKey, materialTo(2));
    expect(reviewCode(rotated, number, 6)).toBe(reviewCode(codes, number, 6));
  });

  it('changes when the key that made it is retired', () => {
    const retired = ringOf(codeKey, materialTo(2, 2));
    expect(reviewCode(retired, number, 8)).not.toBe(reviewCode(codes, number, 8));
  });

  it('changes with the days, the number and the secret', () => {
    const others = [
      reviewCode(codes, { ...number, until: '2027-02-01' }, 7),
      reviewCode(codes, { ...number, from: '2026-12-02' }, 7),
      reviewCode(codes, { ...number, phone: '+966500000002' }, 7),
      reviewCode(ringOf(codeKey, foreignMaterial), number, 7),
    ];
    // With seven digits, two of them agree by chance once in a million runs.
    expect(new Set([reviewCode(codes, number, 7), ...others]).size).toBe(5);
  });

  it('is printed for the holder of the secret, and the secret is not printed', () => {
    const secret = JSON.stringify({ 1: secretOf(1) });
    const config = { stage: 'qa', limits, reviewNumbers: [number] } as never;
    const code = reviewCode(codes, number, 6);
    expect(printReviewCodes(secret, config)).toBe(
      `+966500000001  2026-12-01 to 2027-01-31  ${code}`,
    );
    expect(reviewCodes(undefined, { limits, reviewNumbers: [] }, 0)).toEqual([]);
    expect(() => printReviewCodes(`{"1":"secret"}`, config)).toThrow(
      /^The key secret is malformed$/,
    );
  });
});
