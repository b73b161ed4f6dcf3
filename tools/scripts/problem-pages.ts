/** Writes the pages of the problems to `dist/problems`, for any web server: `npm run problem-pages`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { problemPages } from '../../openapi/problem-pages/files.ts';

const target = fileURLToPath(new URL('../../dist/problems/', import.meta.url));
mkdirSync(target, { recursive: true });
for (const { name, text } of problemPages()) writeFileSync(`${target}${name}`, text);
console.log(`The problems' pages are in ${target}`);
