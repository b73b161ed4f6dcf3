import { at, escaped, type Json, openApi, resolved } from '../world/openapi.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'header' | 'path' | 'query';
  readonly required: boolean;
  /** The pointer of its schema in the document. */
  readonly schema: string;
}

/** An operation as the document has it. */
export interface Operation {
  /** `POST /challenges/{id}/verify` */
  readonly name: string;
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /**
   * The alternatives of the security requirement, as lists of schemes; an empty list lets any
   * caller in.
   */
  readonly security: readonly (readonly string[])[];
  /** The pointer of the body's schema in the document, and its name there. */
  readonly body?: { readonly schema: string; readonly name: string };
}

/**
 * Every operation of the document.
 * @throws Error for a parameter or a body without a generator
 */
export const operations: readonly Operation[] = Object.entries(openApi['paths'] ?? {}).flatMap(
  ([path, methods]) => Object.keys(methods ?? {}).map((method) => operationAt(path, method)),
);

function operationAt(path: string, method: string): Operation {
  const pointer = `#/paths/${escaped(path)}/${method}`;
  const operation = at(pointer) ?? {};
  const parameters = Object.keys(operation['parameters'] ?? {}).map((index) =>
    parameterAt(resolved(`${pointer}/parameters/${index}`)),
  );
  const security = (operation['security'] ?? []) as unknown as Json[];
  const body = operation['requestBody'] && bodyAt(`${pointer}/requestBody`);
  return {
    name: `${method.toUpperCase()} ${path}`,
    id: String(operation['operationId']),
    method: method.toUpperCase(),
    path,
    parameters,
    security: security.map((schemes) => Object.keys(schemes)),
    ...(body && { body }),
  };
}

function parameterAt(pointer: string): Parameter {
  const parameter = at(pointer);
  const where = String(parameter?.['in']);
  if (where !== 'header' && where !== 'path' && where !== 'query') {
    throw new Error(`Cannot generate a parameter in ${where}`);
  }
  const required = Boolean(parameter?.['required']);
  return { name: String(parameter?.['name']), in: where, required, schema: `${pointer}/schema` };
}

function bodyAt(pointer: string) {
  const [type = '', ...others] = Object.keys(at(pointer)?.['content'] ?? {});
  if (type !== 'application/json' || others.length > 0) {
    throw new Error(`Cannot generate a body of ${[type, ...others].join(', ')}`);
  }
  const schema = resolved(`${pointer}/content/${escaped(type)}/schema`);
  return { schema, name: schema.slice(schema.lastIndexOf('/') + 1) };
}
