/**
 * `npm run reference` writes the reference page to `dist/reference`, for any web server. The server
 * must send the headers in `headers.json`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { referenceFiles, referenceHeaders } from '../../openapi/reference/files.ts';

const target = fileURLToPath(new URL('../../dist/reference/', import.meta.url));
mkdirSync(target, { recursive: true });
for (const { name, text } of referenceFiles()) writeFileSync(`${target}${name}`, text);
writeFileSync(`${target}headers.json`, `${JSON.stringify(referenceHeaders, null, 2)}\n`);
console.log(`The reference page is in ${target}`);
