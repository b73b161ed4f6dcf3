import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { cuts, folder, fontFiles } from '../../../tools/scripts/fonts.ts';

const portal = fileURLToPath(new URL('../../../portal/', import.meta.url));

it('the fonts are what tools/scripts/fonts.ts makes of the installed typeface', async () => {
  const made = await fontFiles();
  expect(readdirSync(folder).toSorted()).toEqual([...made.keys()].toSorted());
  for (const [name, content] of made) {
    const same = readFileSync(join(folder, name)).equals(content);
    expect(same, `${name} differs: run \`npm run fonts\``).toBe(true);
  }
});

it('the digits of both weights take at most 6 kB', () => {
  const digits = readdirSync(folder).filter((name) => name.startsWith('digits'));
  expect(digits).toHaveLength(2);
  const bytes = digits.map((name) => readFileSync(join(folder, name)).length);
  expect(bytes.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(6_000);
});

/** Line ends, the braces of placeholders, and characters that direct text and are never drawn. */
const undrawn = /[\n{}\p{Cf}]/u;

it('every character of the texts is in the fonts, and the digits of an Arabic page are in its own', () => {
  const files = readdirSync(portal, { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((path) => /^(src\/i18n\/(ar|en)\/\w+\.ts|public\/boot\.js)$/.test(path))
    .map((path) => readFileSync(join(portal, path), 'utf8'));
  expect(texts.length).toBeGreaterThan(10);
  const lacks = (family: RegExp) => (character: string) => {
    const point = character.codePointAt(0) ?? 0;
    return !cuts.some(
      (cut) =>
        family.test(cut.family) &&
        cut.ranges.some(([first, last]) => first <= point && point <= last),
    );
  };
  const drawn = [...new Set(texts.join(''))].filter((character) => !undrawn.test(character));
  expect(drawn.filter(lacks(/Arabic|Latin/))).toEqual([]);
  expect([...' 0123456789.:+()'].filter(lacks(/Arabic/))).toEqual([]);
});
