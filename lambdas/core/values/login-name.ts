import { readNationalId } from './national-id.ts';
import { typedNumber } from './typed-text.ts';
import { readUsername, type UsernameFault, usernameFault } from './username.ts';

/**
 * Reads what a person types to log in: a username, or a national ID or Iqama. No text is both: a username begins with a
 * letter.
 * @returns the username in lower case, or the ten digits; undefined for any other text
 */
export const readLoginName = (text: string): string | undefined =>
  readNationalId(text) ?? readUsername(text);

/** The first thing to correct. Of digits alone it is that of an ID. */
export const loginNameFault = (text: string): UsernameFault | 'national-id' | undefined =>
  looksLikeNationalId(text)
    ? readNationalId(text) === undefined
      ? 'national-id'
      : undefined
    : usernameFault(text);

/** Whether a text may be an ID, or the beginning of one. Such a text is kept nowhere. */
export const looksLikeNationalId = (text: string): boolean => /^\d+$/.test(typedNumber(text));
