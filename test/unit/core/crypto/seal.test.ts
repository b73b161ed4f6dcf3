import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derivedKeys } from '#core/crypto/keyring.ts';
import { sealKey } from '#core/crypto/keys.ts';
import { heldKey, seal, unseal } from '#core/crypto/seal.ts';
import {
  beginOf,
  countingEntropy,
  flippedBits,
  foreignMaterial,
  holding,
  materialTo,
  ring,
  ringOf,
} from './keys.ts';

const entropy = countingEntropy();
const context = 'phone:tag';
const foreign = ringOf(sealKey, foreignMaterial);
const sealed = seal(ring().current, entropy, context, '+966551234567');
const open = (text: string, keyring = ring()) => unseal(holding(keyring), context, text, 0);

describe('a seal', () => {
  it('opens to the sealed text, whatever the text and the context', async () => {
    const text = fc.string({ unit: 'grapheme' });
    await fc.assert(
      fc.asyncProperty(text, text, async (place, secret) => {
        const closed = seal(ring(2).current, entropy, place, secret);
        expect(await unseal(holding(ring(2)), place, closed, 0)).toBe(secret);
      }),
    );
  });

  it('does not show its contents', () => {
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('966551234567');
  });

  it('of the same text is different each time', () => {
    const seals = Array.from({ length: 50 }, () =>
      seal(ring().current, entropy, context, 'one text'),
    );
    expect(new Set(seals).size).toBe(50);
  });

  it('does not open with any one bit flipped', async () => {
    const opened = await Promise.allSettled(flippedBits(sealed).map((text) => open(text, ring(2))));
    expect(opened.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  });

  it('does not open when it is cut off anywhere', async () => {
    const bytes = Buffer.from(sealed, 'base64url');
    const cut = Array.from({ length: bytes.length }, (_, i) => bytes.toString('base64url', 0, i));
    const opened = await Promise.allSettled(cut.map((text) => open(text)));
    expect(opened.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  });

  it('needs its whole authentication tag: a short one could be guessed', async () => {
    await expect(open(Buffer.of(1, 2, 3, 4).toString('base64url'))).rejects.toThrow('tag length');
  });

  it('does not open in another context', async () => {
    await expect(unseal(holding(ring()), 'phone:other', sealed, 0)).rejects.toThrow();
    await expect(unseal(holding(ring()), '', sealed, 0)).rejects.toThrow();
  });

  it('does not open with other key material of the same version', async () => {
    await expect(open(sealed, foreign)).rejects.toThrow();
  });

  it('of version 1 opens after a rotation, and new seals have the new version', async () => {
    expect(await open(sealed, ring(2))).toBe('+966551234567');
    const after = seal(ring(2).current, entropy, context, 'new');
    await expect(open(after, ring(1))).rejects.toThrow('key version');
  });

  it('of a replaced version does not open for an item that was made later', async () => {
    const opened = (madeAt: number) => unseal(holding(ring(2)), context, sealed, madeAt);
    expect(await opened(beginOf(2) - 1)).toBe('+966551234567');
    await expect(opened(beginOf(2) + 60)).rejects.toThrow('not accepted');
  });

  it('of a version below the minimum never opens', async () => {
    await expect(open(sealed, ringOf(sealKey, materialTo(2, 2)))).rejects.toThrow('not accepted');
  });

  it.each(['', 'A', 'AQ', 'not base64url!', '{}'])('%j is no seal', async (text) => {
    await expect(open(text)).rejects.toThrow();
  });
});

describe('a seal that also needs a secret of its holder', () => {
  const held = Buffer.from('the id of a challenge');
  const kept = seal(heldKey(ring().current, held), entropy, context, 'a refresh token');
  const openKept = (with_: Buffer, place = context, keyring = ring()) =>
    unseal(
      derivedKeys(holding(keyring), (key) => heldKey(key, with_)),
      place,
      kept,
      0,
    );

  it('opens with that secret and our keys, also after a rotation', async () => {
    expect(await openKept(held)).toBe('a refresh token');
    expect(await openKept(held, context, ring(2))).toBe('a refresh token');
  });

  it('does not open with our keys alone, with another secret, or in another context', async () => {
    await expect(open(kept)).rejects.toThrow();
    await expect(openKept(Buffer.from('the id of another one'))).rejects.toThrow();
    await expect(openKept(Buffer.alloc(0))).rejects.toThrow();
    await expect(openKept(held, 'phone:other')).rejects.toThrow();
    await expect(openKept(held, context, foreign)).rejects.toThrow();
  });
});
