import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  fromAttributes,
  toAttributes,
} from '../../../lambdas/adapters/dynamodb/attribute-values.ts';

const whole = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, min: -1e9, max: 1e9 }));
/** The SDK fails for names that every object inherits. */
const name = fc.string({ minLength: 1 }).filter((text) => !(text in {}));
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    whole,
    fc.boolean(),
    fc.uniqueArray(fc.string(), { minLength: 1 }).map((texts) => new Set(texts)),
    fc.array(tie('tree')),
    fc.dictionary(name, tie('tree'), { noNullPrototype: true }),
  ),
}));
const items = fc.dictionary(name, fc.option(tree, { nil: undefined }), {
  noNullPrototype: true,
});

it('writes and reads every value as the SDK does', () => {
  fc.assert(
    fc.property(items, (item) => {
      const ours = toAttributes(item);
      expect(ours).toEqual(marshall(item, { removeUndefinedValues: true }));
      expect(fromAttributes(ours)).toEqual(unmarshall(ours));
    }),
  );
});

it.each([
  ['null', null],
  ['no number', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['a number that loses digits', 2 ** 53],
  ['a date', new Date(0)],
  ['bytes', Buffer.of(1)],
  ['an empty set', new Set()],
  ['a set of numbers', new Set([1])],
  ['a function', () => undefined],
])('refuses to store %s', (_what, value) => {
  expect(() => toAttributes({ value })).toThrow(/stored/);
});

it('refuses to read a type that is never stored', () => {
  expect(() => fromAttributes({ value: { NULL: true } })).toThrow(/not stored/);
});

it('an item that does not exist stays undefined', () => {
  expect(fromAttributes(undefined)).toBeUndefined();
});
