import { westernDigits } from './digits.ts';

/** Crockford's base32: no I, L, O and U, so that nothing is mistaken for a digit and nothing spells a word. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codePattern = /^[0-9A-HJKMNP-TV-Z]{16}$/;

/**
 * 80 bits: with a wrong one counted as any other code is, far above the 20 that NIST SP 800-63B-4 §3.1.2 asks of a
 * look-up secret.
 */
export const recoveryCodeBytes = 10;
/** Codes of one set. */
export const recoveryCodesPerSet = 10;

/** @returns 16 characters, the one form a code is compared in */
export function recoveryCode(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{5}/g) ?? [];
  return groups.map((group) => alphabet[Number.parseInt(group, 2)]).join('');
}

/** As it is shown: four groups of four. */
export const shownRecoveryCode = (code: string): string => code.replace(/.{4}(?=.)/g, '$&-');

/** @returns the code in its one form, however it was typed: in any case, with O for 0, with I or L for 1 */
export function readRecoveryCode(text: string): string | undefined {
  const code = westernDigits(text)
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return codePattern.test(code) ? code : undefined;
}
