import fc, { type Arbitrary } from 'fast-check';
import { at, type Json } from '../world/openapi.ts';

/** Returns an arbitrary for a property: the schema's own, or a better one. */
export type Field = (name: string, bySchema: Arbitrary<unknown>) => Arbitrary<unknown>;

const annotations = ['description', 'title', 'default', 'example', 'examples', 'deprecated'];
const typed = ['type', 'enum', 'const', ...annotations];
/**
 * The supported keywords of each kind of schema. Any other keyword would be a promise of the
 * document that no generator covers.
 */
const understood: Record<string, readonly string[]> = {
  string: [...typed, 'minLength', 'maxLength', 'pattern', 'format'],
  integer: [...typed, 'minimum', 'maximum'],
  boolean: typed,
  array: [...typed, 'items', 'minItems', 'maxItems'],
  object: [...typed, 'properties', 'required', 'additionalProperties'],
};

/**
 * Generates the values that a JSON Schema allows, for the part of JSON Schema that our requests
 * use.
 * @throws Error for an unknown keyword, type or format: none is ever ignored
 */
export function valuesOf(schema: Json, field: Field = (_, values) => values): Arbitrary<unknown> {
  const reference: unknown = schema['$ref'];
  if (typeof reference === 'string') return valuesOf(at(reference) ?? {}, field);
  if (schema['anyOf'])
    return fc.oneof(...listOf(schema['anyOf']).map((one) => valuesOf(one, field)));
  const type = String(schema['type']);
  const foreign = Object.keys(schema).filter((keyword) => !understood[type]?.includes(keyword));
  if (foreign.length > 0) throw new Error(`Cannot generate ${type} with ${foreign.join(', ')}`);
  if ('const' in schema) return fc.constant(schema['const']);
  if (schema['enum']) return fc.constantFrom(...listOf(schema['enum']));
  return byType(type, schema, field);
}

const listOf = (json: Json) => json as unknown as Json[];
const numberOf = (json: Json | undefined, otherwise: number) =>
  json === undefined ? otherwise : Number(json);

function byType(type: string, schema: Json, field: Field): Arbitrary<unknown> {
  if (type === 'boolean') return fc.boolean();
  if (type === 'string') return texts(schema);
  if (type === 'object') return objects(schema, field);
  if (type === 'array') {
    const items = valuesOf(schema['items'] ?? {}, field);
    const [minLength, maxLength] = [
      numberOf(schema['minItems'], 0),
      numberOf(schema['maxItems'], 9),
    ];
    return fc.array(items, { minLength, maxLength });
  }
  const [min, max] = [numberOf(schema['minimum'], -1e9), numberOf(schema['maximum'], 1e9)];
  return fc.integer({ min, max });
}

function objects(schema: Json, field: Field): Arbitrary<object> {
  const closed: unknown = schema['additionalProperties'];
  if (closed !== false) throw new Error('Cannot generate objects of a request that are open');
  const values = Object.entries(schema['properties'] ?? {}).map(
    ([name, property]) => [name, field(name, valuesOf(property as Json, field))] as const,
  );
  const requiredKeys = (schema['required'] ?? []) as unknown as string[];
  return fc.record(Object.fromEntries(values), { requiredKeys, noNullPrototype: true });
}

/**
 * Characters that often break software: bidi controls, NUL, a lone surrogate, a no-break space, a
 * BOM.
 */
const troublesome = [
  '\u202e',
  '\u0000',
  '\ud800',
  '\u00a0',
  '\ufeff',
  '\u2028',
  "'",
  '"',
  '\\',
  '٣',
];

/** Lengths are in code points, as JSON Schema counts them. */
function texts(schema: Json): Arbitrary<string> {
  if (schema['format']) throw new Error('Cannot generate strings with a format');
  const [minLength, maxLength] = [
    numberOf(schema['minLength'], 0),
    numberOf(schema['maxLength'], 2 ** 10),
  ];
  const pattern = schema['pattern'] && new RegExp(String(schema['pattern']), 'u');
  // fast-check generates texts for patterns, but not for patterns with Unicode properties.
  if (pattern && !pattern.source.includes('\\p{')) {
    return fc.stringMatching(pattern).filter((text) => inLength(text, minLength, maxLength));
  }
  const plain = fc.string({ unit: 'binary', minLength });
  const odd = fc.string({ unit: fc.constantFrom('a', ...troublesome), minLength });
  const longest = fc.constantFrom('x', 'ع', '😀').map((unit) => unit.repeat(maxLength));
  return fc
    .oneof(
      { weight: 6, arbitrary: fc.string({ unit: 'grapheme', minLength }) },
      { weight: 2, arbitrary: plain },
      { weight: 2, arbitrary: odd },
      { weight: 1, arbitrary: longest },
    )
    .filter((text) => inLength(text, minLength, maxLength) && (!pattern || pattern.test(text)));
}

function inLength(text: string, min: number, max: number): boolean {
  const { length } = [...text];
  return min <= length && length <= max;
}
