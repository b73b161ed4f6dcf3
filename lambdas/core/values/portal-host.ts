/** Characters of the longest host that a stage may have: the line `@host #code` has to leave room in an Arabic SMS. */
export const longestPortalHost = 25;
