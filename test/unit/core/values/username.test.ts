import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUsername, usernameFault } from '#core/values/username.ts';

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

  it.each([
    ['a blank before, a line break behind', ' nora\n', 'nora'],
    ['direction marks around it', '\u200enora.s\u200e', 'nora.s'],
    ['the blank that a keyboard adds after a dot', 'nora. s', 'nora.s'],
    ['the blank of words that were swiped', 'Nora saleh ', 'norasaleh'],
    ['a zero-width space inside', 'no\u200bra', 'nora'],
    ['a dash of a phone for its hyphen', 'nora–s', 'nora-s'],
    ['a minus', 'nora\u2212s', 'nora-s'],
    ['Arabic digits', 'nora١٢', 'nora12'],
    ['full-width digits', 'nora１２', 'nora12'],
  ])('are the same with %s', (_what, typed, username) => {
    expect(readUsername(typed)).toBe(username);
  });

  it('are themselves in every valid spelling: no two names are read as one', () => {
    const unit = fc.constantFrom(...'abz09._-');
    const valid = fc.string({ unit, minLength: 3, maxLength: 31 }).map((rest) => `n${rest}`);
    fc.assert(
      fc.property(valid, (name) => {
        expect(readUsername(name)).toBe(name);
      }),
    );
    // A phone makes one long dash of two hyphens.
    expect(readUsername('nora--s')).toBe('nora--s');
    expect(readUsername('nora—s')).toBeUndefined();
  });

  it.each([
    ['nora@moh', 'characters'],
    ['نورة', 'characters'],
    ['1ñ', 'characters'],
    ['nora—s', 'characters'],
    ['nora\u2e3as', 'characters'],
    ['1nora', 'start'],
    ['-nora', 'start'],
    ['nor', 'length'],
    ['a'.repeat(33), 'length'],
    ['', 'length'],
    [' \u200e', 'length'],
  ])('that cannot be read have one thing to correct: %j', (typed, fault) => {
    expect(readUsername(typed)).toBeUndefined();
    expect(usernameFault(typed)).toBe(fault);
  });

  it.each([
    ['3 characters', 'abc'],
    ['33 characters', 'a'.repeat(33)],
    ['nothing', ''],
    ['a digit first', '1nora'],
    ['a dot first', '.nora'],
    ['an e-mail address', 'nora@moh'],
    ['Arabic letters', 'نورة_سالم'],
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
