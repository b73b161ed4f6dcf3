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
