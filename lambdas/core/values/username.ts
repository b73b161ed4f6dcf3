/**
 * Reads a username: 4–32 of `a-z0-9._-`, starting with a letter, whatever the case.
 * @returns it in lower case, or undefined where it breaks the rule
 */
export function readUsername(text: string): string | undefined {
  // Not toLowerCase first: 'K' (KELVIN SIGN) would become a plain k and two spellings one account.
  const typed = text.trim();
  return /^[A-Za-z][A-Za-z0-9._-]{3,31}$/.test(typed) ? typed.toLowerCase() : undefined;
}
