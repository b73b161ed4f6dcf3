import { DeleteItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { despiteContention } from './contention.ts';
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
    TableName: name,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: toAttributes({ ':pk': `${kind}#${userId}` }),
  };
  const found: Attributes[] = [];
  for await (const { Items = [] } of paginateQuery({ client }, query)) found.push(...Items);
  return found;
}

/** Deletes at once: a year of somebody's events in the seconds a request has. */
const atOnce = 10;

/**
 * Deletes every item of a kind that a user has.
 * @param except sort key of one that stays
 * @throws Problem unavailable where others keep writing to one
 */
export async function eraseAll(
  table: Table,
  kind: Kind,
  userId: string,
  except?: string,
): Promise<void> {
  const found = await readAll(table, kind, userId);
  await eraseItems(
    table,
    found.filter(({ sk }) => sk?.S !== except),
  );
}

/**
 * Deletes items one by one: the right to write in batches is a right to put, too. What is gone stays gone, and the next
 * try goes on.
 * @throws Problem unavailable where others keep writing to one
 */
export async function eraseItems(table: Table, found: readonly Attributes[]): Promise<void> {
  for (let i = 0; i < found.length; i += atOnce) {
    await Promise.all(found.slice(i, i + atOnce).map((item) => erase(table, item)));
  }
}

async function erase({ client, name }: Table, { pk, sk }: Attributes): Promise<void> {
  const Key = { pk, sk } as Attributes;
  await despiteContention(() => client.send(new DeleteItemCommand({ TableName: name, Key })));
}
