import { typedText } from '../../../lambdas/core/values/typed-text.ts';

/**
 * Finds the code in what was typed, filled in or pasted: digits of any script, with or without spaces, or a whole SMS.
 * @param length digits of a code
 * @returns at most `length` Western digits
 */
export function readCode(text: string, length: number): string {
  const western = typedText(text);
  // The last line of the SMS, `@host #123456`, is for machines (origin-bound one-time codes).
  const bound = new RegExp(`#(\\d{${length}})(?!\\d)`).exec(western)?.[1];
  // A text may hold other numbers: the code is the one with the right length.
  // No look-behind: the older browsers that the portal supports do not have it.
  const alone = new RegExp(`(?:^|\\D)(\\d{${length}})(?!\\d)`);
  return bound ?? alone.exec(western)?.[1] ?? western.replace(/\D/g, '').slice(0, length);
}

/**
 * Whether a whole code arrived at once, pasted or filled in. A code that one key press completed is false: typed digits
 * are sent only when the person presses the button.
 * @param before the code in the field until now
 * @param text what is in the field now
 * @param code what `readCode` found in `text`
 */
export function isAtOnce(before: string, text: string, code: string): boolean {
  const digits = typedText(text).replace(/\D/g, '');
  // Digits were cut off, and no words surround them: the code may not be the one that was meant.
  if (digits.length > code.length && !/\p{L}/u.test(text)) return false;
  const inserted = [...digits].some(
    (_, at) => digits.slice(0, at) + digits.slice(at + 1) === before,
  );
  return !inserted && [...code].filter((digit, at) => digit !== before[at]).length > 1;
}
