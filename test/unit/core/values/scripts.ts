import fc from 'fast-check';

/**
 * Code point of the zero of each digit script people type: ASCII, Arabic-Indic, Persian,
 * full-width.
 */
const zeros = [0x30, 0x660, 0x6f0, 0xff10];

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
