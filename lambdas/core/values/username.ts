/**
 * Reads a username: 4–32 characters of `a-z0-9._-` in upper or lower case, the first a letter.
 * @returns the username in lower case; undefined for any other text
 */
export function readUsername(text: string): string | undefined {
  // Test before toLowerCase: that turns 'K' (KELVIN SIGN) into a plain k, and two spellings would be one account.
  const typed = text.trim();
  return /^[A-Za-z][A-Za-z0-9._-]{3,31}$/.test(typed) ? typed.toLowerCase() : undefined;
}
