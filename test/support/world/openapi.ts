import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import document from '../../../docs/openapi.json' with { type: 'json' };

/** JSON, as far as these helpers look into it. */
export interface Json {
  readonly [name: string]: Json | undefined;
}

export const openApi = document as unknown as Json;

/** The part of the document that a pointer such as `#/paths/~1terms/get` leads to, references followed. */
export function at(pointer: string): Json | undefined {
  let found: Json | undefined = openApi;
  for (const step of pointer.slice(2).split('/')) {
    found = found && follow(found)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return found && follow(found);
}

const follow = (part: Json): Json => {
  const reference = part['$ref'];
  return typeof reference === 'string' ? (at(reference) ?? {}) : part;
};

/** The pointer of what is there, where the part that a pointer leads to is a reference. */
export function resolved(pointer: string): string {
  const steps = pointer.slice(2).split('/');
  let found: Json | undefined = openApi;
  let where = '#';
  for (const step of steps) {
    found = found?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
    where = `${where}/${step}`;
    const reference: unknown = found?.['$ref'];
    if (typeof reference === 'string') {
      where = reference;
      found = at(reference);
    }
  }
  return where;
}

export const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * Answers are open for clients, and closed here: a field that the document does not name is a field that nobody decided
 * to give away.
 */
function closed(part: unknown, name = ''): unknown {
  if (Array.isArray(part)) return part.map((one) => closed(one));
  if (typeof part !== 'object' || part === null) return part;
  const copy = Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, closed(value, key)]),
  );
  const isOpen = name !== 'OpenApiAnswer' && 'properties' in copy && copy['type'] === 'object';
  return isOpen ? { additionalProperties: false, ...copy } : copy;
}

const schemas = closed(openApi['components']?.['schemas']);
const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
ajvFormats.default(ajv);
ajv.addSchema({ ...openApi, components: { ...openApi['components'], schemas } }, 'openapi');

const compiled = new Map<string, ValidateFunction>();

/**
 * Holds a value to the schema at a pointer into the document.
 * @returns what is wrong, a line each, without the value: it may hold somebody's code
 */
export function violations(pointer: string, value: unknown): string[] {
  const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi${encodeURI(pointer)}` });
  compiled.set(pointer, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`.trim(),
  );
}
