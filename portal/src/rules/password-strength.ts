import {
  normalisePassword,
  withoutInvisible,
} from '../../../lambdas/core/values/normalise-password.ts';
import { isRepetitive } from '../../../lambdas/core/values/repetitive.ts';
import { typedNumber, typedText } from '../../../lambdas/core/values/typed-text.ts';

/** What a password must not contain. */
export interface PasswordOwner {
  readonly username: string;
  /** Empty if the page does not know it. */
  readonly nationalId: string;
}

/**
 * The server's reasons to refuse a password (NIST SP 800-63B-4 §3.1.1.2), and two hints: `start` for an empty field,
 * `longer` for a password that is good enough and could be better.
 */
export type StrengthReason =
  | 'start'
  | 'too_short'
  | 'too_long'
  | 'repetitive'
  | 'contains_username'
  | 'contains_identifier'
  | 'outer_space'
  | 'invisible'
  | 'longer';

export interface Strength {
  /** 0: nothing typed; 1: the server would refuse it; 2: the server would accept it; 3: better than that. */
  readonly level: 0 | 1 | 2 | 3;
  /** The one thing to do about it; undefined at level 3. */
  readonly reason?: StrengthReason;
  /** How many characters a short password lacks; otherwise 0. */
  readonly missing: number;
}

/** Code points. A stage may choose more than 12; the server has the last word, as with common passwords. */
const shortest = 12;
const longest = 128;
/** From this length on, length outweighs what a dictionary knows about single words. */
const comfortable = 18;

/** How good a password is, and the one reason that matters most. */
export function passwordStrength(password: string, owner: PasswordOwner): Strength {
  const normalised = normalisePassword(password);
  const length = [...normalised].length;
  if (length === 0) return { level: 0, reason: 'start', missing: shortest };
  const refused = firstReason(normalised, length, owner);
  if (refused) return { level: 1, reason: refused, missing: Math.max(0, shortest - length) };
  if (length < comfortable) return { level: 2, reason: 'longer', missing: 0 };
  return { level: 3, missing: 0 };
}

/** @param password in the form of `normalisePassword` */
function firstReason(
  password: string,
  length: number,
  owner: PasswordOwner,
): StrengthReason | undefined {
  const folded = typedText(password.toLowerCase());
  const username = typedText(owner.username).replaceAll(' ', '').toLowerCase();
  const identifier = typedNumber(owner.nationalId);
  const reasons: [StrengthReason, boolean][] = [
    // First: such a character also counts for the length, and hides the other reasons from the eye.
    ['invisible', password !== withoutInvisible(password)],
    ['repetitive', isRepetitive(folded)],
    ['contains_username', username.length >= 4 && folded.includes(username)],
    ['contains_identifier', identifier.length === 10 && folded.includes(identifier)],
    ['too_short', length < shortest],
    ['too_long', length > longest],
    ['outer_space', password !== password.trim()],
  ];
  return reasons.find(([, broken]) => broken)?.[0];
}
