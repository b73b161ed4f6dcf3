import { setTimeout as sleep } from 'node:timers/promises';
import { BatchWriteItemCommand, paginateQuery, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { Problem } from '../../core/problems.ts';
import { type Attributes, type Table, toAttributes } from './table.ts';

/** What a user has many of, one partition each. */
type Kind = 'device' | 'event' | 'session';

/** @returns every item of a kind that a user has, by sort key */
export async function readAll(
  { client, name }: Table,
  kind: Kind,
  userId: string,
): Promise<Attributes[]> {
  const query = {
    ...{ TableName: name, ConsistentRead: true, KeyConditionExpression: 'pk = :pk' },
    ExpressionAttributeValues: toAttributes({ ':pk': `${kind}#${userId}` }),
  };
  const found: Attributes[] = [];
  for await (const { Items = [] } of paginateQuery({ client }, query)) found.push(...Items);
  return found;
}

/** Items a batch may have. */
const batchSize = 25;

/**
 * Deletes every item of a kind that a user has.
 * @param except sort key of one that stays
 * @throws Problem unavailable where the table takes no more; what is gone stays gone, and the next try goes on
 */
export async function eraseAll(
  table: Table,
  kind: Kind,
  userId: string,
  except?: string,
): Promise<void> {
  const found = await readAll(table, kind, userId);
  const requests: WriteRequest[] = found
    .filter(({ sk }) => sk?.S !== except)
    .map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } as Attributes } }));
  for (let i = 0; i < requests.length; i += batchSize) {
    await writeAll(table, requests.slice(i, i + batchSize));
  }
}

const tries = 5;
const pauseMs = 50;

/** A batch may be done in part: what is left is sent again. */
async function writeAll({ client, name }: Table, requests: WriteRequest[]): Promise<void> {
  let left = requests;
  for (let attempt = 1; attempt <= tries; attempt++) {
    const write = new BatchWriteItemCommand({ RequestItems: { [name]: left } });
    left = (await client.send(write)).UnprocessedItems?.[name] ?? [];
    if (left.length === 0) return;
    await sleep(pauseMs * 2 ** attempt);
  }
  throw new Problem('unavailable', { retryAfter: 1 });
}
