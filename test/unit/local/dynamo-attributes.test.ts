import { expect, it } from 'vitest';
import { attributesOf } from '../../../local/aws/dynamo-attributes.ts';

it('the attributes of a request are those it writes, compares and reads, each by its own name', () => {
  const attributes = attributesOf({
    Key: { pk: {}, sk: {} },
    UpdateExpression:
      'SET #s = :status, a = list_append(if_not_exists(a, :none), :one), places.#p = :b REMOVE c, d.e[0] ADD f :one',
    ConditionExpression:
      'attribute_not_exists(g) AND (NOT contains(h, :sk) OR size(i) < :pk) AND j IN (:a, :b) AND k BETWEEN :a AND :b',
    ProjectionExpression: 'l, #s',
    ExpressionAttributeNames: { '#s': 'status', '#p': 'a-place' },
  });
  expect(attributes.join(' ')).toBe('pk sk status a places c d f g h i j k l');
});

it('an item that is put counts with all its attributes', () => {
  expect(attributesOf({ Item: { pk: {}, phone: {} } })).toEqual(['pk', 'phone']);
});

it('an expression that comes again with other names has the attributes of those names', () => {
  const attributes = (name: string) =>
    attributesOf({ UpdateExpression: 'SET #a = :v', ExpressionAttributeNames: { '#a': name } });
  expect(attributes('status')).toEqual(['status']);
  expect(attributes('phone')).toEqual(['phone']);
  expect(attributesOf({ UpdateExpression: 'SET #a = :v' })).toEqual(['#a']);
});
