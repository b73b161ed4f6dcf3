/**
 * Masks a username, so that people of one phone know whose SMS it is, and a bystander does not learn the name: `sa***a`. At
 * most half of the characters of a name are shown, and not how many it has.
 * @param username 4 characters or more
 */
export function maskUsername(username: string): string {
  const shown = username.length < 6 ? 1 : 2;
  return `${username.slice(0, shown)}***${username.slice(-1)}`;
}

/** Whether a text has the form of a masked username: such a text can carry no message. */
export const isMaskedUsername = (text: string): boolean =>
  /^[a-z][a-z0-9._-]?\*{3}[a-z0-9._-]$/.test(text);
