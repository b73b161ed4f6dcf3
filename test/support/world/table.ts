import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import type { Table } from '../../../lambdas/adapters/dynamodb/table.ts';

/** A new table on DynamoDB Local, with the keys of `lib/stacks/data-stack.ts`. */
export async function newTable(): Promise<Table> {
  const name = `test-${randomUUID()}`;
  const client = new DynamoDBClient({
    endpoint: inject('dynamodbEndpoint'),
    region: 'me-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  return { client, name };
}
