import { globSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { docsScreens } from '../../../tools/screens/docs-screens.ts';

it('docs/screens holds the screens that documents show, and no others', () => {
  const documents = globSync('{*,docs/*,portal/*}.md').map((path) => readFileSync(path, 'utf8'));
  const found = documents.join('\n').matchAll(/\bscreens\/([\w.-]+)\.webp/g);
  const shown = new Set([...found].map(([, name]) => name));
  const names = [...docsScreens].sort();
  expect([...shown].sort()).toEqual(names);
  expect(readdirSync('docs/screens').sort()).toEqual(names.map((name) => `${name}.webp`));
});
