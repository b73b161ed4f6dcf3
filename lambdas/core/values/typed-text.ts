/*
 * What people type, paste or have filled in, before a rule reads it. Every step replaces one character by one or none,
 * so reading the result again changes nothing. No step changes what a letter is: a Cyrillic о, a full-width ａ and the
 * Kelvin sign stay, and the rules refuse them.
 */

/**
 * Zero-width characters, direction marks, variation selectors and soft hyphens (`Default_Ignorable_Code_Point`), control
 * characters, and what dictation leaves.
 */
const invisible = /\ufeff|(?!\s)[\p{DI}\p{Cc}\ufff9-\ufffc]/gu;
/** Every space, the blank of Braille included. */
const blanks = /[\s\u2800]/g;
/** Every hyphen, dash and minus, also the bullet and the modifier that look like one. */
const dashes = /[\p{Dash}\u02d7\u2043]/gu;
/** Arabic-Indic, Persian and Urdu, Devanagari and Bengali digits. */
const foreignDigits = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef]/g;
/** Full-width digits and signs, superscript and small plus. The letters stay: a username must not have two spellings. */
const wideSigns = /[\uff01-\uff20\uff3b-\uff40\uff5b-\uff5e\u207a\ufe62]/g;

/**
 * Writes every space as a blank, every dash as a hyphen, and digits as 0–9. Invisible characters and outer blanks are
 * removed.
 */
export const typedText = (text: string): string =>
  text
    .replace(invisible, '')
    .replace(blanks, ' ')
    .replace(dashes, '-')
    .replace(foreignDigits, westernDigit)
    .replace(wideSigns, (sign) => sign.normalize('NFKC'))
    .trim();

/** The Arabic and Persian blocks start on a multiple of 16, those of India on a multiple of 16 and six. */
function westernDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  return String((code - (code < 0x900 ? 0 : 6)) & 0xf);
}

/** Blanks, dots, commas, slashes, brackets, hyphens, and the Arabic comma, thousands separator and elongation. */
const separators = /[ .,/()\-\u060c\u066c\u0640]/g;

/** Writes a number or code without what stands between its digits. */
export const typedNumber = (text: string): string => typedText(text).replace(separators, '');
