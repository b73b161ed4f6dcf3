import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { toAttributes } from '../../lambdas/adapters/dynamodb/table.ts';
import { bytesOf } from '../support/world/capacity-units.ts';
import { hasDynamoDb, newTable } from '../support/world/table.ts';

/** Every type of attribute that Hawiya stores. */
const content = {
  pk: 'kind#id',
  sk: 'kind0',
  text: 'هوية',
  numbers: [0, 7, 1_764_483_000, -12.5],
  flag: true,
  names: new Set(['one', 'two']),
  nested: { publicKey: 'abc', from: 0 },
};

it.skipIf(!hasDynamoDb)(
  'an item costs one more unit from the byte that the rule says',
  async () => {
    const { client, name } = await newTable();
    const bare = toAttributes(content);
    for (const units of [1, 2, 3]) {
      // The attribute `x` has a name of one byte.
      const filling = units * 1024 - bytesOf(bare) - 1;
      const consumed = [filling, filling + 1].map(async (length, index) => {
        const key = { sk: { S: `kind${index}` } };
        const put = new PutItemCommand({
          TableName: name,
          Item: { ...bare, ...key, x: { S: 'x'.repeat(length) } },
          ReturnConsumedCapacity: 'TOTAL',
        });
        return (await client.send(put)).ConsumedCapacity?.CapacityUnits;
      });
      expect(await Promise.all(consumed)).toEqual([units, units + 1]);
    }
  },
);
