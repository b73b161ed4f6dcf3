/**
 * `npm run blocklist` writes `lambdas/core/values/blocklist-data.ts` from the password dictionary
 * of `@zxcvbn-ts/language-common`, most common passwords first. Run it after an update of that
 * package. A test compares the file with the package.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dictionary } from '@zxcvbn-ts/language-common';

const stems = 3000;
const common = (dictionary['passwords-common'] ?? []).map((word) => String(word).toLowerCase());

/** Passwords that are long enough for the length rule. */
const whole = common.filter((word) => [...word].length >= 12);
/** Words that people extend with digits and symbols until they are long enough. */
const words = common.filter((word) => /^[a-z]{4,11}$/.test(word)).slice(0, stems);

/** A string literal as the formatter writes it. */
const literal = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`;

/**
 * Words of letters in one text: each is the number of letters it shares with the word before it, 0 to 9, and the rest.
 * Every function that takes a password loads the text at its cold start, and this halves it.
 */
function frontCoded(list: string[]): string {
  const sorted = list.toSorted();
  const coded = sorted.map((word, index) => {
    const shared = sharedLetters(sorted[index - 1] ?? '', word);
    return `${shared}${word.slice(shared)}`;
  });
  return coded.join('');
}

function sharedLetters(a: string, b: string): number {
  let shared = 0;
  while (shared < 9 && shared < a.length && a[shared] === b[shared]) shared++;
  return shared;
}

export const source = `// Written by tools/scripts/blocklist.ts; do not edit.
export const wholePasswords =
  ${literal(whole.join(' '))};
export const frontCodedWords =
  ${literal(frontCoded(words))};
`;

export const target = fileURLToPath(
  new URL('../../lambdas/core/values/blocklist-data.ts', import.meta.url),
);
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, source);
