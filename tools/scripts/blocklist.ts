/**
 * Writes `lambdas/core/values/blocklist-data.ts` from the password dictionary of `@zxcvbn-ts/language-common`,
 * most common first. Run `npm run blocklist` after updating that package; a test holds the file to it.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dictionary } from '@zxcvbn-ts/language-common';

const stems = 3000;
const common = (dictionary['passwords-common'] ?? []).map((word) => String(word).toLowerCase());

/** Whole passwords long enough to pass the length rule. */
const whole = common.filter((word) => [...word].length >= 12);
/** Words that people decorate with digits and signs until they are long enough. */
const words = common.filter((word) => /^[a-z]{4,11}$/.test(word)).slice(0, stems);

/** Quoted as the formatter leaves it. */
const literal = (list: string[]) => `'${list.join(' ').replace(/['\\]/g, '\\$&')}'`;

export const source = `// Written by tools/scripts/blocklist.ts; do not edit.
export const wholePasswords =
  ${literal(whole)};
export const commonWords =
  ${literal(words)};
`;

export const target = fileURLToPath(
  new URL('../../lambdas/core/values/blocklist-data.ts', import.meta.url),
);
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, source);
