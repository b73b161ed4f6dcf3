import fc from 'fast-check';
import { expect, it } from 'vitest';
import { operations } from '../../support/fuzz/operations.ts';
import { valuesOf } from '../../support/fuzz/schema-arbitrary.ts';
import { at, type Json, violations } from '../../support/world/openapi.ts';

const json = (schema: object) => schema as unknown as Json;

it.each([
  ['a keyword', { type: 'string', contentEncoding: 'base64' }],
  ['a type', { type: 'null' }],
  ['a format', { type: 'string', format: 'email' }],
  ['an open object', { type: 'object', properties: {} }],
  ['a keyword inside', { type: 'array', items: { type: 'integer', multipleOf: 2 } }],
])('%s without a generator is an error and is never ignored', (_, schema) => {
  expect(() => valuesOf(json(schema))).toThrow(/Cannot generate/);
});

it.each(operations.flatMap(({ body }) => (body ? [body] : [])))(
  'every value made of $name is allowed by the document',
  ({ schema }) => {
    fc.assert(
      fc.property(valuesOf(at(schema) ?? {}), (value) => violations(schema, value).length === 0),
    );
  },
);
