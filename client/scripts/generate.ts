/**
 * Writes the parts of the client that come from the OpenAPI document, `src/schema.ts` and `src/operations.ts`: `npm run
 * openapi`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Record<string, unknown>[];
  readonly parameters?: readonly { readonly $ref: string }[];
  readonly requestBody?: unknown;
  readonly responses: Record<string, { readonly $ref?: string }>;
}

/** The part of the document that this script reads. */
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

/** The types of requests, answers and problems. A request may leave out a field that has a default. */
export async function schemaSource(): Promise<string> {
  const nodes = await openapiTS(document(), { immutable: true, defaultNonNullable: false });
  return generated + astToString(nodes);
}

/** The data that the client needs at run time: the address of each call, and the closed list of problem codes. */
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
    tries: countsTries(operation),
    cookies: headers.includes('X-Hawiya-Client'),
  };
  const lines = Object.entries(fields)
    .filter(([, value]) => value)
    .map(([name, value]) => `    ${name}: ${value === true ? true : `'${value}'`},\n`);
  const { summary, operationId } = operation;
  return `  /** ${summary.replaceAll('*/', '* /')} */\n  ${operationId}: {\n${lines.join('')}  },`;
}

/** Whether a wrong password or code is an answer. A shared response is named after its problems. */
const countsTries = ({ responses }: Operation): boolean =>
  Object.values(responses).some(({ $ref = '' }) => /(credentials|code)_incorrect/.test($ref));

/** A scheme other than the person's token and the cookies is one of client credentials. */
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
