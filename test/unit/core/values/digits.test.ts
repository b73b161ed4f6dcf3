import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { westernDigits } from '#core/values/digits.ts';
import { digits, inAnyScript, strewnWith } from './scripts.ts';

describe('digits as people type them', () => {
  it.each([
    ['Arabic-Indic', '٠١٢٣٤٥٦٧٨٩'],
    ['Persian', '۰۱۲۳۴۵۶۷۸۹'],
    ['full-width', '０１２３４５６７８９'],
    ['Western', '0123456789'],
  ])('%s digits are read as 0 to 9', (_script, typed) => {
    expect(westernDigits(typed)).toBe('0123456789');
  });

  it('marks that a keyboard or a paste adds are dropped', () => {
    const marks = '\u200b\u200e\u200f\u061c\u202a\u202e\u2066\u2069\ufeff';
    expect(westernDigits(`${marks}1${marks}2${marks}`)).toBe('12');
  });

  it('every mixture of scripts gives the same number', () => {
    const typed = digits(10).chain((number) =>
      fc
        .tuple(fc.constant(number), inAnyScript(number))
        .chain(([, mixed]) =>
          fc.tuple(fc.constant(number), strewnWith(mixed, '\u200f\u200e\u2069\ufeff')),
        ),
    );
    fc.assert(
      fc.property(typed, ([number, text]) => {
        expect(westernDigits(text)).toBe(number);
      }),
    );
  });

  it('text without digits or marks stays as it is, except for outer space', () => {
    const text = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(text, (typed) => {
        expect(westernDigits(typed)).toBe(typed.trim());
      }),
    );
    expect(westernDigits(' رقم ٥ الجوال ')).toBe('رقم 5 الجوال');
  });
});
