import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import document from '../../../docs/openapi.json' with { type: 'json' };

/** JSON, as far as these helpers read it. */
export interface Json {
  readonly [name: string]: Json | undefined;
}

export const openApi = document as unknown as Json;

/**
 * The part of the document at a pointer such as `#/paths/~1terms/get`, with references followed.
 */
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

/** The pointer of the referenced part, if the part at the pointer is a reference. */
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
 * Answers are open for clients, and closed here: an undocumented field is one that was never meant
 * to be public.
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
 * Checks a value against the schema at a pointer into the document.
 * @returns the violations, one per line, without the value, which may contain a code
 */
export function violations(pointer: string, value: unknown): string[] {
  const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi${encodeURI(pointer)}` });
  compiled.set(pointer, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`.trim(),
  );
}
