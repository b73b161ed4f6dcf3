const foreignDigits = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g;
/** Bidirectional controls and zero-width characters that a phone's keyboard or a paste adds. */
const invisible = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]/g;

/**
 * Writes Arabic-Indic (٠–٩), Persian (۰–۹) and full-width digits as 0–9. Invisible characters and outer white space
 * are removed.
 */
export function westernDigits(text: string): string {
  // All three Unicode blocks start on a multiple of 16, so the low four bits are the digit itself.
  return text
    .replace(foreignDigits, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replace(invisible, '')
    .trim();
}
