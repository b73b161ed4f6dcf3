import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import type { Table } from '../../../lambdas/adapters/dynamodb/table.ts';

/** Whether the run has DynamoDB Local. Only `npm run test:fast` may go without. */
export const hasDynamoDb = inject('dynamodbEndpoint') !== undefined;
if (!hasDynamoDb && !inject('withoutDynamoDb')) throw new Error('DynamoDB Local is not running');

/** An implementation of a port: its name, and a function that opens it. */
export type Implementation<Port> = [name: string, open: () => Promise<Port>];

/** Leaves out DynamoDB in a run without it. */
export const thatRunHere = <Port>(all: Implementation<Port>[]): Implementation<Port>[] =>
  all.filter(([name]) => hasDynamoDb || name !== 'DynamoDB');

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
