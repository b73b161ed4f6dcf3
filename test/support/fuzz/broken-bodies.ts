import { at, type Json } from '../world/openapi.ts';
import { picked } from './pool.ts';

/** Which field and which value, from 0 to 1 each. */
export type Picks = readonly [number, number];
type Body = Readonly<Record<string, unknown>>;

/**
 * Numbers and depths that JSON can express and a value cannot, by the placeholder that stands for
 * each.
 */
const rawTexts: Record<string, string> = {
  '@minus zero@': '-0',
  '@infinity@': '1e999',
  '@huge@': '123456789012345678901234567890',
  '@deep array@': `${'['.repeat(4000)}${']'.repeat(4000)}`,
  '@deep object@': `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`,
};

/** JSON of a value, with the raw text in the place of each placeholder. */
export const jsonText = (value: unknown): string =>
  Object.entries(rawTexts).reduce(
    (text, [name, raw]) => text.replace(JSON.stringify(name), () => raw),
    JSON.stringify(value),
  );

const raw = Object.keys(rawTexts);
const otherTypes: unknown[] = [null, [], {}, 42, true, 1.5, ['x'], { toString: 'x' }, ...raw];
const roots = [null, [], 'text', 42, false, [{}], ...raw];
const forbidden = ['\u0000', '\ud800', '\u2028', '\u0085', 'a\udfff'];
const odd = [
  '\u202eabc',
  '\u0000',
  '\ud800',
  '\ufeff',
  '\u00a0',
  '\u200f',
  'ﷺ',
  '\u0300'.repeat(60),
];
const strange = ['admin', '__proto__', 'constructor', 'toString', '', 'Phone', '\ud800', '\u202e'];
const unknownFields = [...strange, 'x'.repeat(5000), '<script>alert(1)</script>', '$ref', 'a.b'];

const withField = (body: Body, name: string, value: unknown): Body =>
  Object.fromEntries([...Object.entries(body).filter(([key]) => key !== name), [name, value]]);

/** Replaces one field whose schema has the keyword. */
const where =
  (keyword: string, value: (schema: Json, pick: number) => unknown) =>
  (body: Body, schema: Json, [place, pick]: Picks): Body | undefined => {
    const properties = Object.entries(schema['properties'] ?? {}).filter(
      ([name, property]) => property?.[keyword] !== undefined && name in body,
    );
    const [name, property] = picked(properties, place) ?? [];
    return name && property ? withField(body, name, value(property, pick)) : undefined;
  };

/**
 * Bodies that the schema forbids, made from one that it allows; undefined when that one has no
 * fitting field. The run checks each against the schema.
 */
export const brokenBodies: Record<
  string,
  (body: Body, schema: Json, picks: Picks) => unknown | undefined
> = {
  'another type': where('type', ({ type }, pick) => {
    const others = otherTypes.filter((one) => String(type) !== 'boolean' || one !== true);
    return picked(others, pick);
  }),
  'no object': (_body, _schema, [, pick]) => picked(roots, pick),
  'a field missing': (body, schema, [place]) => {
    const missing = picked((schema['required'] ?? []) as unknown as string[], place);
    return missing && Object.fromEntries(Object.entries(body).filter(([key]) => key !== missing));
  },
  'an unknown field': (body, _schema, [place, pick]) =>
    withField(
      body,
      picked(unknownFields, place) ?? '',
      picked(['x', {}, null, '@deep array@'], pick),
    ),
  'too long': where('maxLength', ({ maxLength }, pick) =>
    'x'.repeat(Number(maxLength) + 1 + Math.floor(pick * 1000)),
  ),
  'too short': where('minLength', () => ''),
  'a forbidden character': where('pattern', (_, pick) => `${picked(forbidden, pick)}`),
  'nothing it may be': where('enum', (_, pick) => picked(['', 'SMS', ' sms', 'constructor'], pick)),
  'not the constant': where('const', (_, pick) => picked(['', 'Cookie', 'true', 'body'], pick)),
};

/** A body with odd characters, which the schema may allow. */
export function oddBody(body: Body, schema: Json, [place, pick]: Picks): Body {
  const change = where('type', () => `${picked(odd, pick)}${body[Object.keys(body)[0] ?? '']}`);
  return change(body, schema, [place, pick]) ?? body;
}

export const schemaOf = (pointer: string): Json => at(pointer) ?? {};
