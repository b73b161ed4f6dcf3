/** Writes what the client takes from the OpenAPI document, `src/schema.ts` and `src/operations.ts`: `npm run openapi`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Record<string, unknown>[];
  readonly parameters?: readonly { readonly $ref: string }[];
  readonly requestBody?: unknown;
}

/** As far as we look into it. */
interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly parameters: Record<string, { readonly name: string }>;
    readonly securitySchemes: Record<string, { readonly type: string }>;
    readonly schemas: { readonly ProblemCode: { readonly enum: readonly string[] } };
  };
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const document = () =>
  JSON.parse(readFileSync(file('../../docs/openapi.json'), 'utf8')) as Document & OpenAPI3;

export const targets = {
  schema: file('../src/schema.ts'),
  operations: file('../src/operations.ts'),
};

const generated = '// Made from docs/openapi.json by `npm run openapi`. Change it there.\n';

/** The types of requests, answers and problems. What has a default may be left out of a request. */
export async function schemaSource(): Promise<string> {
  const nodes = await openapiTS(document(), { immutable: true, defaultNonNullable: false });
  return generated + astToString(nodes);
}

/** What of the document is needed while running: where each call goes, and the closed list of problem codes. */
export function operationsSource(): string {
  const { paths, components } = document();
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => row(components, path, method, operation)),
  );
  const codes = components.schemas.ProblemCode.enum.map((code) => `  '${code}',`);
  return [
    generated,
    'export const operations = {',
    ...rows,
    '} as const;',
    '',
    'export const problemCodes = [',
    ...codes,
    '] as const;',
    '',
  ].join('\n');
}

function row(
  components: Document['components'],
  path: string,
  method: string,
  operation: Operation,
): string {
  const headers = (operation.parameters ?? []).map(
    ({ $ref }) => components.parameters[$ref.split('/').at(-1) ?? '']?.name,
  );
  const fields = {
    method: method.toUpperCase(),
    path,
    body: operation.requestBody !== undefined,
    bearer: bearerOf(components, operation),
    keyed: headers.includes('Idempotency-Key'),
    cookies: headers.includes('X-Hawiya-Client'),
  };
  const lines = Object.entries(fields)
    .filter(([, value]) => value)
    .map(([name, value]) => `    ${name}: ${value === true ? true : `'${value}'`},\n`);
  const { summary, operationId } = operation;
  return `  /** ${summary.replaceAll('*/', '* /')} */\n  ${operationId}: {\n${lines.join('')}  },`;
}

/** Any scheme besides the person's own token and the cookies is one of client credentials. */
function bearerOf({ securitySchemes }: Document['components'], { security }: Operation) {
  const schemes = security.flatMap((requirement) => Object.keys(requirement));
  const [scheme] = schemes.filter((name) => securitySchemes[name]?.type !== 'apiKey');
  if (scheme === undefined) return undefined;
  return scheme === 'accessToken' ? 'session' : 'service';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(targets.schema, await schemaSource());
  writeFileSync(targets.operations, operationsSource());
}
