import { createHmac, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { macWith, secretKey } from '#core/crypto/secret-key.ts';

it('a MAC is the same as with the bare bytes, at the first use and at later ones', () => {
  const [key, other] = [randomBytes(32), randomBytes(32)];
  for (const bytes of [key, other, key]) {
    const expected = createHmac('sha256', bytes).update('text').digest('hex');
    expect(macWith(bytes).update('text').digest('hex')).toBe(expected);
  }
});

it('the same bytes are prepared once, and equal bytes of another key are not mixed up with them', () => {
  const key = randomBytes(32);
  expect(secretKey(key)).toBe(secretKey(key));
  const copy = Buffer.from(key);
  expect(secretKey(copy)).not.toBe(secretKey(key));
  expect(secretKey(copy).equals(secretKey(key))).toBe(true);
});
