import { isBlocklisted } from './blocklist.ts';
import { withoutInvisible } from './normalise-password.ts';
import { isRepetitive } from './repetitive.ts';
import { typedText } from './typed-text.ts';

export const passwordReasonCodes = [
  'too_short',
  'too_long',
  'blocklisted',
  'repetitive',
  'contains_username',
  'contains_identifier',
  'outer_space',
  'invisible',
  'unchanged',
] as const;
export type PasswordReason = (typeof passwordReasonCodes)[number];

/** Code points of the longest password. */
const maximum = 128;

/**
 * Checks a password by NIST SP 800-63B-4 §3.1.1.2: its length and a blocklist, no composition rules.
 * @param password in the form of `normalisePassword`
 * @param own the person's username and, if the request holds it, their national ID
 * @param minimum code points of the shortest password
 * @returns every reason to refuse it; empty for an acceptable password
 */
export function passwordReasons(
  password: string,
  own: { readonly username: string; readonly identifiers?: readonly string[] },
  minimum: number,
): PasswordReason[] {
  const length = [...password].length;
  // For comparing only: NFKC keeps Arabic digits and dashes, which must not hide a blocked password.
  const folded = typedText(password.toLowerCase());
  const reasons: [PasswordReason, boolean][] = [
    ['too_short', length < minimum],
    ['too_long', length > maximum],
    ['blocklisted', isBlocklisted(folded)],
    ['repetitive', isRepetitive(folded)],
    ['contains_username', folded.includes(own.username)],
    ['contains_identifier', (own.identifiers ?? []).some((value) => folded.includes(value))],
    // Cognito refuses a password that starts or ends with white space (pattern `^[\S]+.*[\S]+$`).
    ['outer_space', password !== password.trim()],
    ['invisible', password !== withoutInvisible(password)],
  ];
  return reasons.filter(([, broken]) => broken).map(([reason]) => reason);
}
