import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyring, type KeyMaterial } from '#core/crypto/keyring.ts';
import {
  codeKey,
  identityTagsOf,
  levelOf,
  levelsOf,
  proofKey,
  sealKey,
  sessionKey,
  type TagKind,
  taggerWith,
  tagKey,
} from '#core/crypto/keys.ts';
import { publicKeyOf } from '#core/crypto/signature.ts';
import { beginOf, foreignMaterial, materialTo, ring, ringOf } from './keys.ts';

const oldMaterial = {
  minimum: 1,
  versions: [{ version: 1, secret: '0123456789abcdef'.repeat(4), from: 0 }],
};

describe('the keyring', () => {
  it('holds a key of 32 bytes for each use and version, all of them different', () => {
    const material = materialTo(3);
    const keys = material.versions.flatMap((version) => {
      const session = sessionKey(version);
      return [
        codeKey(version).bytes,
        sealKey(version).bytes,
        tagKey(version).bytes,
        session.refreshToken,
        session.device,
      ];
    });
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(15);
    expect(keys.every((key) => key.length === 32)).toBe(true);
  });

  it('uses the newest version that has begun for new values', () => {
    const at = (now: number) => createKeyring(materialTo(3), sealKey, now).current.version;
    expect(at(beginOf(2) - 1)).toBe(1);
    expect(at(beginOf(2))).toBe(2);
    expect(at(beginOf(3))).toBe(3);
  });

  it('knows a version before it begins, because another clock may be ahead', () => {
    const early = createKeyring(materialTo(2), sealKey, beginOf(2) - 1);
    expect(early.version(2, beginOf(2))?.version).toBe(2);
  });

  it('accepts a version only for what was made before it was replaced', () => {
    const madeAt = (instant: number) => ring(2).version(1, instant)?.version;
    expect(madeAt(0)).toBe(1);
    expect(madeAt(beginOf(2) - 1)).toBe(1);
    // Two clocks may differ by half a minute.
    expect(madeAt(beginOf(2) + 29)).toBe(1);
    expect(madeAt(beginOf(2) + 30)).toBeUndefined();
    expect(ring(2).version(2, Number.MAX_SAFE_INTEGER)?.version).toBe(2);
  });

  it('accepts nothing of a version below the minimum, however old it is', () => {
    const retired = ringOf(sealKey, materialTo(3, 2));
    expect(retired.version(1, 0)).toBeUndefined();
    expect(retired.oldest.version).toBe(2);
    expect(retired.all.map(({ version }) => version)).toEqual([2, 3]);
  });

  it('has no key for a version it does not hold', () => {
    expect(ring(2).version(3, 0)).toBeUndefined();
    expect(ring(2).version(0, 0)).toBeUndefined();
  });

  it('is refused where no accepted version has begun', () => {
    const message = 'no version that is in use';
    expect(() => createKeyring(materialTo(2, 2), sealKey, beginOf(2) - 1)).toThrow(message);
    expect(() => createKeyring({ versions: [], minimum: 1 }, sealKey, 0)).toThrow(message);
    expect(() => createKeyring(materialTo(2, 3), sealKey, beginOf(2))).toThrow(message);
  });

  // Computed with an independent HKDF (RFC 5869) in Python. A change of these values loses every
  // account.
  it('derives the fixed test values', () => {
    const [version] = oldMaterial.versions;
    if (!version) throw new Error('There is no version');
    expect(codeKey(version).bytes.toString('base64url')).toBe(
      'M7x-jg89R9QuXYI6Rf2tsQcUDQicwnnpvnLe17WpP3U',
    );
    expect(sealKey(version).bytes.toString('base64url')).toBe(
      'fWqy-L47n0u-522ynWZUpCJWb1SHrzWchX5zV5NX2L4',
    );
    expect(taggerWith(createKeyring(oldMaterial, tagKey, 0)).tag('phone', '+966551234567')).toBe(
      'LEp7itcwoorFwvwQ73eOh5Nm0SetQDrbGIQP2ckEQyU',
    );
  });

  it('derives a signing key whose public half is the same each time', () => {
    const [version] = oldMaterial.versions;
    if (!version) throw new Error('There is no version');
    const first = publicKeyOf(proofKey(version).privateKey);
    expect(first).toBe(publicKeyOf(proofKey(version).privateKey));
    expect(Buffer.from(first, 'base64url')).toHaveLength(32);
  });
});

describe('tags', () => {
  const kinds: TagKind[] = ['address', 'decoy', 'phone', 'username'];
  const tagger = taggerWith(ringOf(tagKey, materialTo(1)));

  const values = fc.array(fc.string(), { minLength: 1, maxLength: 3 });

  it('are wrapped to what the newer key makes of the value itself: the table holds no values', () => {
    const [second, third] = [2, 3].map((version) =>
      taggerWith(ringOf(tagKey, materialTo(version))),
    );
    if (!second || !third) throw new Error('There is no tagger');
    fc.assert(
      fc.property(fc.constantFrom(...kinds), values, (kind, texts) => {
        const stored = tagger.tag(kind, ...texts);
        expect(second.newest(stored)).toBe(second.tag(kind, ...texts));
        expect(third.newest(stored)).toBe(third.tag(kind, ...texts));
        expect(third.newest(second.newest(stored))).toBe(third.tag(kind, ...texts));
        expect(new Set([stored, second.tag(kind, ...texts), third.tag(kind, ...texts)]).size).toBe(
          3,
        );
      }),
    );
  });

  it('name their level, and do not change before the next one begins', () => {
    const value = ['phone', '+966551234567'] as const;
    const waiting = taggerWith(createKeyring(materialTo(2), tagKey, beginOf(2) - 1));
    const begun = taggerWith(createKeyring(materialTo(2), tagKey, beginOf(2)));
    expect([tagger, waiting, begun].map((of) => levelOf(of.tag(...value)))).toEqual([1, 1, 2]);
    expect(waiting.tag(...value)).toBe(tagger.tag(...value));
    expect(waiting.newest(tagger.tag(...value))).toBe(tagger.tag(...value));
  });

  it('of all accepted levels are looked up from the entry of a new one until the former is retired', () => {
    const levels = (material: KeyMaterial, at: number) =>
      taggerWith(createKeyring(material, tagKey, at))
        .everyTag('username', 'sara')
        .map(levelOf);
    expect(levels(materialTo(1), beginOf(1))).toEqual([1]);
    // A function whose clock is ahead may have written the new level already.
    expect(levels(materialTo(2), beginOf(2) - 1)).toEqual([1, 2]);
    expect(levels(materialTo(2), beginOf(2))).toEqual([1, 2]);
    expect(levels(materialTo(2, 2), beginOf(2))).toEqual([2]);
  });

  it('that a session or a challenge holds lead to where the account stands, also after the former level is retired', () => {
    const stored = tagger.tag('username', 'sara');
    expect(tagger.laterTags(stored)).toEqual([stored]);
    const during = taggerWith(ringOf(tagKey, materialTo(2)));
    const moved = during.tag('username', 'sara');
    expect(during.laterTags(stored)).toEqual([stored, moved]);
    expect(during.laterTags(moved)).toEqual([moved]);
    const after = taggerWith(ringOf(tagKey, materialTo(2, 2)));
    expect(after.laterTags(stored)).toEqual([moved]);
    const next = taggerWith(ringOf(tagKey, materialTo(3, 2)));
    expect(next.laterTags(stored)).toEqual([moved, next.tag('username', 'sara')]);
  });

  it('are the same if they are of one value, whatever their levels', () => {
    const during = taggerWith(ringOf(tagKey, materialTo(2)));
    const [old, moved] = [tagger.tag('phone', '1'), during.tag('phone', '1')];
    for (const [a, b] of [
      [old, moved],
      [moved, old],
      [old, old],
      [moved, moved],
    ] as const) {
      expect(during.isSame(a, b)).toBe(true);
    }
    expect(during.isSame(old, during.tag('phone', '2'))).toBe(false);
    expect(during.isSame(old, during.tag('username', '1'))).toBe(false);
    // Before the second level is known, nothing equals it.
    expect(tagger.isSame(old, moved)).toBe(false);
  });

  it('of the newer level are not found with the former key', () => {
    const stolen = taggerWith(ringOf(tagKey, materialTo(1)));
    const moved = taggerWith(ringOf(tagKey, materialTo(2, 2))).tag('username', 'sara');
    expect(stolen.everyTag('username', 'sara')).not.toContain(moved);
    expect(stolen.laterTags(stolen.tag('username', 'sara'))).not.toContain(moved);
  });

  it('are refused where a version is missing, because they cannot be wrapped past the gap', () => {
    const { versions, minimum } = materialTo(3, 3);
    for (const gap of [1, 2]) {
      const kept = versions.filter(({ version }) => version !== gap);
      const ring = ringOf(tagKey, { versions: kept, minimum });
      expect(() => taggerWith(ring)).toThrow('lack a version');
    }
  });

  it('of national IDs have the same levels', async () => {
    const tagOf = (material: KeyMaterial) =>
      identityTagsOf(async () => ringOf(tagKey, material))('1000000008');
    const [first, during, after] = await Promise.all([
      tagOf(materialTo(1)),
      tagOf(materialTo(2)),
      tagOf(materialTo(2, 2)),
    ]);
    expect(first.every).toEqual([first.newest]);
    expect(during.every).toEqual([first.newest, during.newest]);
    expect(after).toEqual({ newest: during.newest, every: [during.newest] });
    const { newest } = levelsOf(ringOf(tagKey, materialTo(2)));
    expect(newest(first.newest)).toBe(during.newest);
  });

  it('differ by kind, so that a phone is never taken for a username', () => {
    expect(new Set(kinds.map((kind) => tagger.tag(kind, '1000000008'))).size).toBe(kinds.length);
  });

  it('keep two values apart wherever the boundary between them lies', () => {
    const tag = (...values: string[]) => tagger.tag('decoy', ...values);
    const all = [tag('a', 'bc'), tag('ab', 'c'), tag('abc'), tag('a","bc'), tag('abc', '')];
    expect(new Set(all).size).toBe(all.length);
  });

  it('reveal nothing without the key', () => {
    const other = taggerWith(ringOf(tagKey, foreignMaterial));
    expect(other.tag('phone', '+966551234567')).not.toBe(tagger.tag('phone', '+966551234567'));
  });
});
