/** `npm run problem-pages` writes the problem pages to `dist/problems`, for any web server. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { problemPages } from '../../openapi/problem-pages/files.ts';

const target = fileURLToPath(new URL('../../dist/problems/', import.meta.url));
mkdirSync(target, { recursive: true });
for (const { name, text } of problemPages()) writeFileSync(`${target}${name}`, text);
console.log(`The problem pages are in ${target}`);
