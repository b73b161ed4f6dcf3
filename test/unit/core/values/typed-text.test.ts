import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNationalId } from '#core/values/national-id.ts';
import { countries, readPhone, tidyPhone } from '#core/values/phone.ts';
import { readRecoveryCode } from '#core/values/recovery-code.ts';
import { typedNumber, typedText } from '#core/values/typed-text.ts';
import { readUsername } from '#core/values/username.ts';
import { digits, inAnyScript, invisible, spaces, strewnWith } from './scripts.ts';

/** Every code point that is no half of a surrogate pair. */
const everyCharacter = Array.from({ length: 0x110000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));

describe('typed text', () => {
  it.each([
    ['Arabic-Indic', '٠١٢٣٤٥٦٧٨٩'],
    ['Persian', '۰۱۲۳۴۵۶۷۸۹'],
    ['full-width', '０１２３４５６７８９'],
    ['Devanagari', '०१२३४५६७८९'],
    ['Bengali', '০১২৩৪৫৬৭৮৯'],
    ['Western', '0123456789'],
  ])('has %s digits as 0 to 9', (_script, typed) => {
    expect(typedText(typed)).toBe('0123456789');
  });

  it('has every mixture of digit scripts, with invisible characters between them, as one number', () => {
    const typed = digits(10).chain((number) =>
      inAnyScript(number)
        .chain((mixed) => strewnWith(mixed, invisible))
        .map((text) => ({ number, text })),
    );
    fc.assert(
      fc.property(typed, ({ number, text }) => {
        expect(typedText(text)).toBe(number);
      }),
    );
  });

  it('has no character that Unicode ignores by default, and no control character', () => {
    const ignored = everyCharacter.filter((one) =>
      /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}]/u.test(one),
    );
    expect(ignored.length).toBeGreaterThan(4000);
    // Tabs and line breaks separate words; a control character does not.
    const kept = ignored.filter((one) => typedText(`a${one}b`) !== 'ab');
    expect(kept).toEqual(['\t', '\n', '\v', '\f', '\r']);
  });

  it('has every dash and minus of Unicode as a hyphen, and every space as a blank', () => {
    const dashes = everyCharacter.filter((one) => /[\p{Dash}\p{Pd}]/u.test(one));
    expect(dashes).toEqual(expect.arrayContaining(['-', '\u2010', '–', '—', '\u2212', '\uff0d']));
    expect(dashes.filter((one) => typedText(`a${one}b`) !== 'a-b')).toEqual([]);
    const blanks = everyCharacter.filter((one) => /\p{Z}/u.test(one));
    expect(blanks).toEqual(expect.arrayContaining([...' \u00a0\u2009\u202f\u3000']));
    expect(blanks.filter((one) => typedText(`a${one}b`) !== 'a b')).toEqual([]);
  });

  it('changes no letter, and joins no two of them into one', () => {
    const letters = everyCharacter.filter((one) => /[\p{L}\p{M}]/u.test(one));
    const visible = letters.filter((one) => !/\p{Default_Ignorable_Code_Point}/u.test(one));
    expect(visible.filter((one) => typedText(one) !== one)).toEqual([]);
    expect(typedText('e\u200d\u0301')).toBe('e\u0301');
  });

  it('is the same when it is read again, whatever was typed', () => {
    const characters = everyCharacter.filter((one) => typedText(typedText(one)) !== typedText(one));
    expect(characters).toEqual([]);
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(text, (typed) => {
        for (const read of [typedText, typedNumber]) expect(read(read(typed))).toBe(read(typed));
      }),
    );
  });

  it('of plain ASCII stays as it is, except for outer space', () => {
    const text = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(text, (typed) => {
        expect(typedText(typed)).toBe(typed.trim());
      }),
    );
    expect(typedText(' رقم ٥ الجوال ')).toBe('رقم 5 الجوال');
  });
});

/** Texts in which a rule may find something: its characters, spelt and separated in every way. */
const odd = fc.string({
  maxLength: 40,
  unit: fc.constantFrom(
    ...'0123456789٠٥۵५০５abzKLОаｎ._-–—−+＋()/,ـ:tel',
    ...invisible,
    ...spaces,
    '\u212a',
    '\u0130',
  ),
});
const mobile = fc
  .tuple(fc.constantFrom('05', '+9665', 'tel:+9665', '009665'), digits(8))
  .map(([prefix, rest]) => prefix + rest);
const name = fc
  .string({ unit: fc.constantFrom(...'abcyz019._-'), minLength: 3, maxLength: 31 })
  .map((rest) => `n${rest}`);
const typed = fc.oneof(
  odd,
  mobile.chain((number) => strewnWith(number, invisible + spaces)),
  name.chain((text) => strewnWith(text, invisible + spaces)),
  fc.constantFrom('1000000008', '2000000006').chain((id) => strewnWith(id, invisible + spaces)),
  fc
    .string({
      unit: fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
      minLength: 16,
      maxLength: 16,
    })
    .chain((code) => strewnWith(code, `${invisible}${spaces}-–`)),
);

const phoneOf = (text: string) => {
  const result = readPhone(text, countries);
  return result.kind === 'phone' ? result.phone : undefined;
};
const rules = {
  readUsername,
  readNationalId,
  readRecoveryCode,
  readPhone: phoneOf,
};

/** The characters of a text that a person sees as digits or ASCII letters, by Unicode's own numbers. */
const seen = (text: string): string =>
  [...text]
    .map((one) => (/\p{Nd}/u.test(one) ? digitValue(one) : one))
    .filter((one) => /[A-Za-z0-9]/.test(one))
    .join('')
    .toLowerCase();

/** Digits of one script follow each other, so the zero is the first of ten neighbours that are digits. */
const digitValue = (digit: string): string => {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
};

describe.each(Object.entries(rules))('%s', (_name, read) => {
  it('reads what it has read as itself: two stored values are never one', () => {
    let found = 0;
    fc.assert(
      fc.property(typed, (text) => {
        const value = read(text);
        if (value === undefined) return;
        found += 1;
        expect(read(value)).toBe(value);
      }),
      { numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it('does not mind what a paste adds around and between the characters', () => {
    const pasted = typed
      .filter((text) => read(text) !== undefined)
      .chain((text) => strewnWith(text, invisible).map((other) => ({ text, other })));
    fc.assert(
      fc.property(pasted, ({ text, other }) => {
        expect(read(other)).toBe(read(text));
      }),
    );
  });
});

it('a username or an ID that is read has the letters and digits that were seen, no others, in their order', () => {
  fc.assert(
    fc.property(typed, (text) => {
      for (const read of [readUsername, readNationalId]) {
        const value = read(text);
        if (value !== undefined) expect(seen(value)).toBe(seen(text));
      }
    }),
    { numRuns: 3000 },
  );
});

it('a phone that is read ends with the digits that were seen', () => {
  fc.assert(
    fc.property(typed, (text) => {
      const phone = phoneOf(text);
      if (phone === undefined) return;
      expect(seen(text).replace(/^tel/, '').slice(-8)).toBe(phone.slice(-8));
      expect(tidyPhone(tidyPhone(text))).toBe(tidyPhone(text));
      expect(phoneOf(tidyPhone(text))).toBe(phone);
    }),
    { numRuns: 2000 },
  );
});
