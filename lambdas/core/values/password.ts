import { isBlocklisted } from './blocklist.ts';
import { westernDigits } from './digits.ts';

export type PasswordReason =
  | 'too_short'
  | 'too_long'
  | 'blocklisted'
  | 'repetitive'
  | 'contains_username'
  | 'contains_identifier'
  | 'outer_space';

const maximum = 128;

/**
 * Checks a normalised password against NIST SP 800-63B-4 §3.1.1.2: length in code points and a blocklist, no
 * composition rules.
 * @param own what the person is known by: username and, where it was just typed, national ID
 * @param minimum code points of the shortest that is taken
 * @returns every reason to refuse it; empty where it is fine
 */
export function passwordReasons(
  password: string,
  own: { readonly username: string; readonly identifiers?: readonly string[] },
  minimum: number,
): PasswordReason[] {
  const length = [...password].length;
  // For comparing only: NFKC keeps Arabic digits and invisible characters, and neither hides anything.
  const folded = westernDigits(password.toLowerCase());
  const reasons: [PasswordReason, boolean][] = [
    ['too_short', length < minimum],
    ['too_long', length > maximum],
    ['blocklisted', isBlocklisted(folded)],
    ['repetitive', isRepetitive(folded)],
    ['contains_username', folded.includes(own.username)],
    ['contains_identifier', (own.identifiers ?? []).some((value) => folded.includes(value))],
    // Cognito refuses a password that starts or ends with white space (pattern `^[\S]+.*[\S]+$`).
    ['outer_space', password !== password.trim()],
  ];
  return reasons.filter(([, broken]) => broken).map(([reason]) => reason);
}

/** One unit again and again (`abcabcabcabc`), or one run up or down (`123456789012`, `abcdefghijkl`). */
function isRepetitive(text: string): boolean {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  if (points.length < 4) return false;
  const repeatsUnit = [1, 2, 3, 4].some(
    (unit) => points.length >= unit * 3 && points.every((point, i) => point === points[i % unit]),
  );
  return repeatsUnit || isRun(points, 1) || isRun(points, -1);
}

/** Neighbouring code points all the way; 9 and 0 are neighbours, as on a keypad. */
function isRun(points: number[], step: 1 | -1): boolean {
  const next = (point: number) => {
    if (point === 0x39 && step === 1) return 0x30;
    if (point === 0x30 && step === -1) return 0x39;
    return point + step;
  };
  return points.every((point, i) => i === 0 || point === next(points[i - 1] ?? Number.NaN));
}
