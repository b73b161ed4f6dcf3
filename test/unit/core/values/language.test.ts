import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseLanguage } from '#core/values/language.ts';

describe('the language of an answer', () => {
  it.each([
    ['nothing is said', undefined],
    ['the header is empty', ''],
    ['any will do', '*'],
    ['neither is offered', 'fr-FR, de;q=0.7'],
    ['Arabic comes first', 'ar, en'],
    ['Arabic of a country', 'ar-SA'],
    ['Arabic weighs more', 'en;q=0.8, ar;q=0.9'],
    ['English is refused', 'en;q=0'],
    ['English is refused with decimals', 'en;q=0.000, fr'],
    ['both weigh the same and Arabic is first', 'ar;q=0.5,en;q=0.5'],
    ['the weight is no number', 'en;q=1.2.3'],
    ['a language only starts like English', 'enm'],
    ['a language only starts like English before a digit', 'en1-US'],
    ['it is the locale of an Arabic system', 'ar_SA.UTF-8'],
  ])('is Arabic when %s', (_where, header) => {
    expect(chooseLanguage(header)).toBe('ar');
  });

  it.each([
    ['it is the only one', 'en'],
    ['of a country', 'en-GB'],
    ['in capitals', 'EN-us'],
    ['it is a locale as Java and Python write it', 'en_US'],
    ['it is a locale as POSIX systems write it', 'en_US.UTF-8'],
    ['it is a locale with a modifier', 'en@posix'],
    ['a locale weighs more', 'ar_SA;q=0.3, en_GB;q=0.8'],
    ['it weighs more', 'ar;q=0.3, en;q=0.8'],
    ['a weight of 1 is left out', 'ar;q=0.9, en'],
    ['what weighs more is not offered', 'fr, en;q=0.1'],
    ['Arabic is refused', 'ar;q=0, en;q=0.1'],
    ['both weigh the same and English is first', 'en,ar'],
    ['there is space around the parameters (RFC 9110 §12.4.2)', 'ar ; q=0.3 , en ; q=0.8'],
  ])('is English when %s', (_where, header) => {
    expect(chooseLanguage(header)).toBe('en');
  });

  it('is one of the two, whatever is sent', () => {
    const unit = fc.constantFrom('ar', 'en', 'q', '=', ';', ',', '.', '0', '9', ' ', '-', '*');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit })), (header) => {
        expect(['ar', 'en']).toContain(chooseLanguage(header));
      }),
    );
  });
});
