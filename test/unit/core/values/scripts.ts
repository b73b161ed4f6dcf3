import fc from 'fast-check';

/**
 * Code point of the zero of each digit script people type: ASCII, Arabic-Indic, Persian, Devanagari, Bengali,
 * full-width.
 */
const zeros = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xff10];

/** Marks, joiners and selectors that a keyboard, a chat or a page adds. */
export const invisible =
  '\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u202e\u2060\u2066\u2069\u3164\ufe0f\ufeff\ufffc';
export const spaces = ' \t\u00a0\u2007\u2009\u202f\u2800\u3000';

/** The same digits, each in a script of its own. */
export const inAnyScript = (digits: string): fc.Arbitrary<string> =>
  fc
    .tuple(...[...digits].map((digit) => fc.constantFrom(...zeros).map((zero) => zero + +digit)))
    .map((points) => String.fromCodePoint(...points));

/** The text with characters from `between` before, after and inside it. */
export const strewnWith = (text: string, between: string): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom('', ...between), {
      minLength: text.length + 1,
      maxLength: text.length + 1,
    })
    .map(
      (gaps) => [...text].map((character, i) => `${gaps[i]}${character}`).join('') + gaps.at(-1),
    );

/** `count` random ASCII digits. */
export const digits = (count: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...'0123456789'), { minLength: count, maxLength: count })
    .map((all) => all.join(''));
