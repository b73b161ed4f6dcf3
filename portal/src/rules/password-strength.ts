import { westernDigits } from '../../../lambdas/core/values/digits.ts';
import { isRepetitive } from '../../../lambdas/core/values/repetitive.ts';

/** The server's reasons (NIST SP 800-63B-4 §3.1.1.2), what to begin with, and how to make a good one better. */
export type StrengthReason =
  | 'start'
  | 'too_short'
  | 'too_long'
  | 'repetitive'
  | 'contains_username'
  | 'contains_identifier'
  | 'outer_space'
  | 'longer';

export interface Strength {
  /** 0: nothing typed; 1: would be refused; 2: would do; 3: better than that. */
  readonly level: 0 | 1 | 2 | 3;
  /** The one thing to do about it; none where nothing is left to do. */
  readonly reason?: StrengthReason;
  /** Characters that are missing, where it is too short. */
  readonly missing: number;
}

/** Code points. The server's shortest is a stage's choice of 12 or more; it has the last word, as on what is common. */
const shortest = 12;
const longest = 128;
/** From here on length alone outweighs what a dictionary knows of single words. */
const comfortable = 18;

/** How good a password is, and the one reason that matters most. */
export function passwordStrength(
  password: string,
  own: { readonly username: string; readonly nationalId: string },
): Strength {
  const length = [...password.normalize('NFKC')].length;
  if (length === 0) return { level: 0, reason: 'start', missing: shortest };
  const refused = firstReason(password, length, own);
  if (refused) return { level: 1, reason: refused, missing: Math.max(0, shortest - length) };
  if (length < comfortable) return { level: 2, reason: 'longer', missing: 0 };
  return { level: 3, missing: 0 };
}

function firstReason(
  password: string,
  length: number,
  own: { readonly username: string; readonly nationalId: string },
): StrengthReason | undefined {
  const folded = westernDigits(password.normalize('NFKC').toLowerCase());
  const username = own.username.trim().toLowerCase();
  const identifier = westernDigits(own.nationalId).replace(/[\s-]/g, '');
  const reasons: [StrengthReason, boolean][] = [
    ['repetitive', isRepetitive(folded)],
    ['contains_username', username.length >= 4 && folded.includes(username)],
    ['contains_identifier', identifier.length === 10 && folded.includes(identifier)],
    ['too_short', length < shortest],
    ['too_long', length > longest],
    ['outer_space', password !== password.trim()],
  ];
  return reasons.find(([, broken]) => broken)?.[0];
}
