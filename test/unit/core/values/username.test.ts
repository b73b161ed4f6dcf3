import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUsername } from '#core/values/username.ts';

describe('usernames', () => {
  it('are one for one person, whatever the case', () => {
    expect(readUsername('Nora.Al-Harbi_7')).toBe('nora.al-harbi_7');
    const unit = fc.constantFrom(...'abcxyz019._-ABCXYZ');
    const typed = fc.string({ unit, minLength: 3, maxLength: 31 }).map((rest) => `n${rest}`);
    fc.assert(
      fc.property(typed, (text) => {
        expect(readUsername(text)).toBeDefined();
        expect(readUsername(text.toUpperCase())).toBe(readUsername(text));
      }),
    );
  });

  it('do not include outer space', () => {
    expect(readUsername(' nora\n')).toBe('nora');
  });

  it.each([
    ['3 characters', 'abc'],
    ['33 characters', 'a'.repeat(33)],
    ['nothing', ''],
    ['a digit first', '1nora'],
    ['a dot first', '.nora'],
    ['space inside', 'nora saleh'],
    ['an e-mail address', 'nora@moh'],
    ['Arabic letters', 'نورة_سالم'],
    ['Arabic digits', 'nora١٢'],
    ['a line break inside', 'nora\nx'],
    ['a homograph (Cyrillic o)', 'nоra'],
  ])('%s is refused', (_what, typed) => {
    expect(readUsername(typed)).toBeUndefined();
  });

  it('have 4 to 32 characters', () => {
    expect(readUsername('abcd')).toBe('abcd');
    expect(readUsername('a'.repeat(32))).toBe('a'.repeat(32));
  });

  it.each([
    ['KELVIN SIGN', '\u212aarim'],
    ['LATIN SMALL LETTER LONG S', 'na\u017fer'],
    ['CAPITAL I WITH DOT', 'al\u0130a'],
    ['full-width letters', 'ｎｏｒａ'],
  ])('%s never folds into another person’s username', (_name, typed) => {
    expect(readUsername(typed)).toBeUndefined();
  });
});
