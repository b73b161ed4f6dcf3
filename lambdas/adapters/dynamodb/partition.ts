import { DeleteItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { despiteContention } from './contention.ts';
import { type Attributes, type Table, toAttributes } from './table.ts';

/** Kinds of items that a user has many of. Each kind has one partition per user. */
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

/** Parallel deletes. Ten at once clear a year of a user's events within the seconds a request has. */
const atOnce = 10;

/**
 * Deletes every item of a kind that a user has.
 * @param except sort key of the item that stays
 * @throws Problem unavailable if other writers keep an item busy
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
 * Deletes items one by one: the right to write in batches would include the right to put items. If it fails half-way,
 * the next try deletes the rest.
 * @throws Problem unavailable if other writers keep an item busy
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
