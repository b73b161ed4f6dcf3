import { westernDigits } from '../../../lambdas/core/values/digits.ts';

/**
 * The code in what was typed, filled in or pasted: digits of any kind, with or without spaces, or the whole SMS.
 * @param length digits of a code
 * @returns at most so many Western digits
 */
export function readCode(text: string, length: number): string {
  const western = westernDigits(text);
  // Its last line, `@host #123456`, is for machines (origin-bound one-time codes).
  const bound = new RegExp(`#(\\d{${length}})(?!\\d)`).exec(western)?.[1];
  // In words there may be other numbers: the code is what has its length.
  // No look-behind: browsers people still have do not know it.
  const alone = new RegExp(`(?:^|\\D)(\\d{${length}})(?!\\d)`);
  return bound ?? alone.exec(western)?.[1] ?? western.replace(/\D/g, '').slice(0, length);
}

/**
 * Whether a whole code came at once, pasted or filled in, and is not what one key made of the code before: digits that were typed
 * are sent when the person says so.
 * @param text what is in the field now; @param code what was read in it
 */
export function isAtOnce(before: string, text: string, code: string): boolean {
  const digits = westernDigits(text).replace(/\D/g, '');
  // A digit too many, and no words about it: cut off, and so perhaps not what was meant.
  if (digits.length > code.length && !/\p{L}/u.test(text)) return false;
  const inserted = [...digits].some(
    (_, at) => digits.slice(0, at) + digits.slice(at + 1) === before,
  );
  return !inserted && [...code].filter((digit, at) => digit !== before[at]).length > 1;
}
