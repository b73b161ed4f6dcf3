import { typedNumber } from './typed-text.ts';

/** Crockford's base32 without I, L, O and U: no letter looks like a digit, and no code spells a word. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codePattern = /^[0-9A-HJKMNP-TV-Z]{16}$/;

/**
 * Random bytes of one code: 80 bits. NIST SP 800-63B-4 §3.1.2 asks 20 bits of a look-up secret whose wrong guesses are
 * limited, and a wrong recovery code counts like any other wrong code.
 */
export const recoveryCodeBytes = 10;
/** Number of codes in one set. */
export const recoveryCodesPerSet = 10;

/**
 * Writes random bytes as a recovery code.
 * @param bytes `recoveryCodeBytes` bytes of a CSPRNG
 * @returns 16 characters, the canonical form in which codes are compared
 */
export function recoveryCode(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{5}/g) ?? [];
  return groups.map((group) => alphabet[Number.parseInt(group, 2)]).join('');
}

/** Writes a code as it is shown: four groups of four characters. */
export const shownRecoveryCode = (code: string): string => code.replace(/.{4}(?=.)/g, '$&-');

/**
 * Reads a recovery code as people type it: in upper or lower case, with O for 0, with I or L for 1, in groups or not.
 * @returns the canonical form; undefined for any other text
 */
export function readRecoveryCode(text: string): string | undefined {
  // NFKC for full-width letters. They are part of a secret and name nobody.
  const code = typedNumber(text)
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return codePattern.test(code) ? code : undefined;
}
