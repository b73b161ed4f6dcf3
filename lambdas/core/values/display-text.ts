import { westernDigits } from './digits.ts';

/**
 * Letters of the two scripts people here read, digits and what stands between them: nothing that is a link, an address, a
 * second line or turns the direction of the text. A dot only as in `12.50`, because phones make a link of any other, of
 * `45.9.20.1` too.
 */
const plain =
  /^(?:[[\p{Script=Arabic}\p{Script=Latin}]&&\p{L}]|[0-9 ,،\(\)\-]|(?<=\d)\.(?=\d{1,2}(?![.\d])))+$/v;
const letter = /\p{L}/u;

/** In all: fewer than a mobile number of any country that we send to, or a national ID, has. */
const mostDigits = 7;
/** As long as a code of ours, also where something stands between its digits. */
const longNumbers = /\d(?:[ .,،()-]*\d){5,}/g;
/** The only long number that is no code: 1250.00. */
const amount = /^\d+\.\d\d$/;
/** Letters that look like an exclamation mark or a dot. */
const disguised = /[\u01c0-\u01c3\ua78c\ua78f]/;

/**
 * Reads a text that strangers to us have a person shown in our SMS.
 * @returns it as it will be shown: NFKC, Western digits, single spaces; undefined where it is no such text
 */
export function readDisplayText(text: string): string | undefined {
  const shown = westernDigits(text.normalize('NFKC')).trim().replace(/ +/g, ' ');
  const digits = shown.replace(/\D/g, '').length;
  const isPlain = plain.test(shown) && letter.test(shown) && !disguised.test(shown);
  const hasCode = (shown.match(longNumbers) ?? []).some((number) => !amount.test(number));
  return isPlain && digits <= mostDigits && !hasCode ? shown : undefined;
}
