import { afterEach, expect, inject, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { jsonCaller, openHttpClient } from '../../../local/http-client.ts';
import { fixture } from '../../support/fixture-cloud.ts';

const clouds: Cloud[] = [];
const http = openHttpClient();
const dynamodb = jsonCaller(http, inject('dynamodbEndpoint'));

afterEach(async () => {
  await Promise.all(clouds.map((cloud) => cloud.stop()));
  http.close();
});

const tableOf = (cloud: Cloud) => cloud.tables['Table'] ?? '';
const Key = { pk: { S: 'own#1' } };

async function found(cloud: Cloud): Promise<unknown> {
  const input = { TableName: tableOf(cloud), Key };
  const event = { service: 'dynamodb', operation: 'GetItem', input };
  const { value } = (await cloud.invoke('caller', event)) as {
    value?: { output?: { Item?: unknown } };
  };
  return value?.output?.Item;
}

it('clouds that share a DynamoDB do not see each other’s items, and leave no table behind', async () => {
  const options = { templates: [fixture], dynamodb: inject('dynamodbEndpoint') };
  const [one, other] = await Promise.all([startCloud(options), startCloud(options)]);
  clouds.push(one, other);
  const names = clouds.map(tableOf);

  await dynamodb('DynamoDB_20120810.PutItem', { TableName: tableOf(one), Item: Key });
  expect(await found(one)).toEqual(Key);
  expect(await found(other)).toBeUndefined();

  await one.stop();
  expect(await found(other)).toBeUndefined();
  await other.stop();
  for (const TableName of names) {
    await expect(dynamodb('DynamoDB_20120810.DescribeTable', { TableName })).rejects.toThrow(
      expect.objectContaining({ name: 'ResourceNotFoundException' }),
    );
  }
});
