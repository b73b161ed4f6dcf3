/*
 * No password that is set has an invisible character, or a blank at either end: its owner could not type it on another
 * keyboard. So a current password is read without them, and every stored password is read as itself.
 */

/**
 * Brings a password into NFKC, the form in which it is checked, stored and compared. Keyboards compose the same
 * characters differently (NIST SP 800-63B-4 §3.1.1.2). The password is not truncated and its case does not change.
 */
export const normalisePassword = (typed: string): string => typed.normalize('NFKC');

/** Letters of Arabic and of India: zero-width joiners change how their words look, and their keyboards have them. */
const joining =
  '(?!\\p{DI})[\\p{scx=Arab}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}]';
/** By its full name: browsers of 2021 do not know the short names of emoji properties. */
const emoji = '\\p{Extended_Pictographic}';

/**
 * An invisible character; or, in the group, one that shows in its place: a joiner between two such letters, the selector
 * and the joiner of an emoji, a keycap.
 */
const invisibleOrKept = new RegExp(
  [
    `(${joining}[\\u200c\\u200d](?=${joining})`,
    `(?:${emoji}|\\p{Emoji_Modifier})\\ufe0f?(?:\\u200d(?=${emoji}))?`,
    '[0-9#*]\\ufe0f\\u20e3)',
    '[\\p{DI}\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}\\u2800\\ufff9-\\ufffc]',
  ].join('|'),
  'gu',
);

/**
 * Removes direction marks, zero-width and control characters, halves of surrogate pairs and the like from a password. A
 * joiner stays where its script needs it.
 */
export const withoutInvisible = (password: string): string =>
  password.replace(invisibleOrKept, (_, kept = '') => kept);

/**
 * Reads a current password as it was typed or pasted, in the form that is compared.
 * @returns undefined where nothing is left
 */
export function readCurrentPassword(typed: string): string | undefined {
  const password = normalisePassword(withoutInvisible(normalisePassword(typed))).trim();
  return password === '' ? undefined : password;
}
