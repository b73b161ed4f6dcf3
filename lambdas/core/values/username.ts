import { typedText } from './typed-text.ts';

/** Why a text is no username: a character that none has, a first character that is no letter, or its length. */
export type UsernameFault = 'characters' | 'start' | 'length';

/**
 * Reads a username: 4–32 characters of `a-z0-9._-` in upper or lower case, the first a letter. Blanks are left out:
 * keyboards add them after a word and after a dot.
 * @returns the username in lower case; undefined for any other text
 */
export function readUsername(text: string): string | undefined {
  const typed = withoutBlanks(text);
  // Test before toLowerCase: that turns 'K' (KELVIN SIGN) into a plain k, and two spellings would be one account.
  return faultOf(typed) === undefined ? typed.toLowerCase() : undefined;
}

/** The first thing to correct in a text that `readUsername` does not read. */
export const usernameFault = (text: string): UsernameFault =>
  faultOf(withoutBlanks(text)) ?? 'length';

const withoutBlanks = (text: string): string => typedText(text).replaceAll(' ', '');

function faultOf(typed: string): UsernameFault | undefined {
  if (!/^[A-Za-z0-9._-]*$/.test(typed)) return 'characters';
  if (!/^[A-Za-z]/.test(typed)) return typed === '' ? 'length' : 'start';
  return /^.{4,32}$/.test(typed) ? undefined : 'length';
}
