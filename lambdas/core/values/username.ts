import { typedText } from './typed-text.ts';

/** Why a text is no username: a character that none has, a first character that is no letter, or its length. */
export type UsernameFault = 'characters' | 'start' | 'length';

/** Phones write two hyphens as one long dash. It is refused: read as one hyphen, it could name another person. */
const longDash = /[\u2014\u2015\u2e3a\u2e3b\ufe31\ufe58]/;

/**
 * Reads a username: 4–32 characters of `a-z0-9._-` in upper or lower case, the first a letter. Blanks are left out:
 * keyboards add them after a word and after a dot.
 * @returns the username in lower case; undefined for any other text
 */
export function readUsername(text: string): string | undefined {
  // Test before toLowerCase: that turns 'K' (KELVIN SIGN) into a plain k, and two spellings would be one account.
  return usernameFault(text) === undefined ? withoutBlanks(text).toLowerCase() : undefined;
}

/** The first thing to correct in a text that `readUsername` does not read; undefined for a username. */
export function usernameFault(text: string): UsernameFault | undefined {
  const typed = withoutBlanks(text);
  if (longDash.test(text) || !/^[A-Za-z0-9._-]*$/.test(typed)) return 'characters';
  if (typed.length < 4 || typed.length > 32) return 'length';
  return /^[A-Za-z]/.test(typed) ? undefined : 'start';
}

const withoutBlanks = (text: string): string => typedText(text).replaceAll(' ', '');
