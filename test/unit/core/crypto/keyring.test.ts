import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyring, type KeySet, type TagKind } from '#core/crypto/keyring.ts';
import { material, ring } from './keys.ts';

const secrets = ({ code, seal, ticket }: KeySet) =>
  [code, seal, ticket].map((key) => key.toString('base64url'));

describe('the keyring', () => {
  it('holds a key of 32 bytes for each purpose and version, all of them different', () => {
    const keyring = ring(3);
    const keys = [1, 2, 3].flatMap((version) => {
      const set = keyring.version(version);
      return set ? secrets(set) : [];
    });
    expect(new Set(keys).size).toBe(9);
    expect(keys.every((key) => Buffer.from(key, 'base64url').length === 32)).toBe(true);
  });

  it('gives versions of the same material different keys', () => {
    const keyring = createKeyring({
      current: 2,
      versions: { 1: material(1), 2: material(1) },
    });
    const first = keyring.version(1);
    expect(first && secrets(first)).not.toEqual(secrets(keyring.current));
  });

  it('uses the current version for new values, whatever else it holds', () => {
    expect(ring(1).current.version).toBe(1);
    expect(ring(3).current.version).toBe(3);
  });

  it('has no key for a version it does not hold', () => {
    expect(ring(2).version(3)).toBeUndefined();
    expect(ring(2).version(0)).toBeUndefined();
  });

  it.each([
    ['its current version', { current: 2, versions: { 1: material(1) } }],
    ['version 1, which tags are made with', { current: 2, versions: { 2: material(2) } }],
    ['any version', { current: 1, versions: {} }],
  ])('is refused where the secret lacks %s', (_what, secret) => {
    expect(() => createKeyring(secret)).toThrow('lacks its first or its current version');
  });

  // Computed with an independent HKDF (RFC 5869) in Python. A change of these values loses every
  // account.
  it('derives the fixed test values', () => {
    const { current, tag } = createKeyring({
      current: 1,
      versions: { 1: '0123456789abcdef'.repeat(4) },
    });
    expect(secrets(current)).toEqual([
      'M7x-jg89R9QuXYI6Rf2tsQcUDQicwnnpvnLe17WpP3U',
      'fWqy-L47n0u-522ynWZUpCJWb1SHrzWchX5zV5NX2L4',
      '4Dz7oncU11CnTwdhzQH8sPycw9MrBBmV3GS8nJg4VoM',
    ]);
    expect(tag('phone', '+966551234567')).toBe('LEp7itcwoorFwvwQ73eOh5Nm0SetQDrbGIQP2ckEQyU');
  });
});

describe('tags', () => {
  const kinds: TagKind[] = ['address', 'decoy', 'national-id', 'phone', 'username'];

  it('stay the same across a rotation: accounts are found by them', () => {
    const values = fc.array(fc.string(), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...kinds), values, (kind, texts) => {
        expect(ring(3).tag(kind, ...texts)).toBe(ring(1).tag(kind, ...texts));
      }),
    );
  });

  it('differ by kind, so that a phone is never taken for an ID', () => {
    expect(new Set(kinds.map((kind) => ring().tag(kind, '1000000008'))).size).toBe(kinds.length);
  });

  it('keep two values apart wherever the boundary between them lies', () => {
    const tag = (...values: string[]) => ring().tag('decoy', ...values);
    const all = [tag('a', 'bc'), tag('ab', 'c'), tag('abc'), tag('a","bc'), tag('abc', '')];
    expect(new Set(all).size).toBe(all.length);
  });

  it('reveal nothing without the key', () => {
    const other = createKeyring({ current: 1, versions: { 1: material(9) } });
    expect(other.tag('phone', '+966551234567')).not.toBe(ring().tag('phone', '+966551234567'));
  });
});
