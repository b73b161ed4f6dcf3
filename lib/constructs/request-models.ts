import {
  type JsonSchema,
  JsonSchemaType,
  type MethodOptions,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import document from '../../docs/openapi.json' with { type: 'json' };
import type { Route } from '../routes.ts';

/** A schema of the OpenAPI document, as far as requests use it. */
interface RequestSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, RequestSchema>>;
  readonly required?: string[];
  readonly additionalProperties?: boolean;
  readonly items?: RequestSchema;
  readonly enum?: unknown[];
  readonly const?: unknown;
  readonly maxLength?: number;
}

interface RequestBody {
  readonly content: Readonly<Record<string, { readonly schema: RequestSchema }>>;
}

const paths = document.paths as unknown as Readonly<
  Record<string, Readonly<Record<string, { readonly requestBody?: RequestBody } | undefined>>>
>;
const schemas = document.components.schemas as unknown as Readonly<Record<string, RequestSchema>>;

/**
 * Makes API Gateway check request bodies with the schemas of `docs/openapi.json`, so that a malformed one costs no
 * invocation.
 * @returns a function that gives the options of a route's method
 * @throws Error (the returned function) if the document has no such route, or has a keyword that this file does not
 * handle
 */
export function requestModels(api: RestApi): (route: Route) => MethodOptions {
  const requestValidator = api.addRequestValidator('Bodies', { validateRequestBody: true });
  const models = new Map<string, ReturnType<RestApi['addModel']>>();
  const modelOf = (name: string) => {
    const made = models.get(name) ?? addModel(api, name);
    models.set(name, made);
    return made;
  };
  return (route) => {
    const name = schemaNameOf(route);
    if (name === undefined) return {};
    // Under any other key, a wrong or missing Content-Type would bypass the check: the function parses JSON in any
    // case.
    return { requestValidator, requestModels: { $default: modelOf(name) } };
  };
}

const addModel = (api: RestApi, name: string) =>
  api.addModel(name, {
    modelName: name,
    contentType: 'application/json',
    schema: draft4(schemas[name] ?? {}),
  });

const components = '#/components/schemas/';

/** The name of a route's JSON body in the document; undefined if the route takes none. */
function schemaNameOf({ method, path }: Route): string | undefined {
  const operation = paths[path]?.[method.toLowerCase()];
  if (!operation) throw new Error(`docs/openapi.json has no ${method} ${path}: npm run openapi`);
  const body = operation.requestBody?.content['application/json']?.schema;
  if (!body) return undefined;
  if (body.$ref?.startsWith(components)) return body.$ref.slice(components.length);
  throw new Error(`docs/openapi.json: the body of ${method} ${path} has no name`);
}

/** An integer is a number here: draft 4 and validators disagree on whether 1.0 is an integer. */
const types: Readonly<Record<string, JsonSchemaType>> = {
  array: JsonSchemaType.ARRAY,
  boolean: JsonSchemaType.BOOLEAN,
  integer: JsonSchemaType.NUMBER,
  number: JsonSchemaType.NUMBER,
  object: JsonSchemaType.OBJECT,
  string: JsonSchemaType.STRING,
};

const kept = [
  '$ref',
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'maxLength',
];

/**
 * Keywords that only the function checks. `minLength` and `pattern` concern typing mistakes, and the function names the
 * wrong field. API Gateway also does not support `\p{…}`, `minItems` and `maxItems`.
 */
const left = [
  'default',
  'description',
  'examples',
  'format',
  'title',
  'maxItems',
  'maximum',
  'minItems',
  'minLength',
  'minimum',
  'pattern',
];

/**
 * Converts a schema of OpenAPI 3.1 to the part of JSON Schema draft 4 that API Gateway's models support. The result is
 * never stricter than the function: `maxLength` counts code points here and UTF-16 units there, which are never fewer.
 */
function draft4(schema: RequestSchema): JsonSchema {
  const unknown = Object.keys(schema).find((key) => !kept.includes(key) && !left.includes(key));
  if (unknown)
    throw new Error(`lib/constructs/request-models.ts does not handle the keyword ${unknown}`);
  if (schema.$ref) return draft4(schemas[schema.$ref.slice(components.length)] ?? {});
  const { type, properties, required, additionalProperties, items, maxLength } = schema;
  const listed = schema.const === undefined ? schema.enum : [schema.const];
  return {
    ...(type !== undefined && { type: typeOf(type) }),
    ...(properties && { properties: mapped(properties) }),
    // Draft 4 allows no empty list.
    ...(required?.length && { required }),
    ...(additionalProperties === false && { additionalProperties }),
    ...(items && { items: draft4(items) }),
    ...(listed && { enum: listed }),
    ...(maxLength !== undefined && { maxLength }),
  };
}

const mapped = (properties: Readonly<Record<string, RequestSchema>>) =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, draft4(schema)]));

function typeOf(type: string): JsonSchemaType {
  const known = types[type];
  if (known) return known;
  throw new Error(`lib/constructs/request-models.ts does not handle the type ${type}`);
}
