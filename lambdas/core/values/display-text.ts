import { typedText } from './typed-text.ts';

/**
 * Letters of Arabic and Latin script, digits, and the signs between them. The pattern excludes links, addresses, line
 * breaks and characters that change the direction of the text. A dot is allowed only as in `12.50`: phones turn any
 * other dot into a link, also the ones of `45.9.20.1`.
 */
const plain =
  /^(?:[[\p{Script=Arabic}\p{Script=Latin}]&&\p{L}]|[0-9 ,،\(\)\-]|(?<=\d)\.(?=\d{1,2}(?![.\d])))+$/v;
const letter = /\p{L}/u;

/** Most digits of one text: fewer than a national ID has, or a mobile number of any country that Hawiya sends to. */
export const mostDigits = 7;
/** Most digits in a row, also with separators between them: one more, and they could pass for a code of Hawiya. */
export const mostDigitsInARow = 5;
const longNumbers = new RegExp(`\\d(?:[ .,،()-]*\\d){${mostDigitsInARow},}`, 'g');
/** The only long number that cannot pass for a code: `1250.00`. */
const amount = /^\d+\.\d\d$/;
/** Line breaks and control characters: they would be dropped or become a blank, and the text would be another one. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}]/u;
/** Letters that look like punctuation, such as an exclamation mark or a dot. */
const disguised = /[\u01c0-\u01c3\ua78c\ua78f]/;

/**
 * Reads a text that a relying service wants to show a person in an SMS of Hawiya.
 * @returns the text as it is shown, in NFKC with Western digits and single spaces; undefined for a text that is not allowed
 */
export function readDisplayText(text: string): string | undefined {
  if (unprintable.test(text.trim())) return undefined;
  const shown = typedText(text.normalize('NFKC')).replace(/ +/g, ' ');
  const digits = shown.replace(/\D/g, '').length;
  const isPlain = plain.test(shown) && letter.test(shown) && !disguised.test(shown);
  const hasCode = (shown.match(longNumbers) ?? []).some((number) => !amount.test(number));
  return isPlain && digits <= mostDigits && !hasCode ? shown : undefined;
}
