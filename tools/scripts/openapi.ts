/** `npm run openapi` writes the OpenAPI document that the information function serves. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from '../../openapi/document.ts';

export const source = `${JSON.stringify(openApiDocument(), null, 2)}\n`;
export const target = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, source);
