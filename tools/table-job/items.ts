import { ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  type Attributes,
  type Table,
  toAttributes,
} from '../../lambdas/adapters/dynamodb/table.ts';

type Kind = 'account' | 'identity' | 'phone' | 'session';

/** Items that are written at once. */
const parallel = 8;

/** The keys of all items of some kinds, and the account that they name, page by page. The scan reads the whole table. */
export async function* itemsOf(
  { client, name }: Table,
  ...kinds: readonly Kind[]
): AsyncGenerator<Attributes[]> {
  let from: Attributes | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: name,
        ConsistentRead: true,
        FilterExpression: kinds.map((_, n) => `begins_with(pk, :kind${n})`).join(' OR '),
        ExpressionAttributeValues: toAttributes(
          Object.fromEntries(kinds.map((kind, n) => [`:kind${n}`, `${kind}#`])),
        ),
        ProjectionExpression: 'pk, sk, usernameTag',
        ExclusiveStartKey: from,
      }),
    );
    yield page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}

/** The tag in a partition key: that of the username in `account#<usernameTag>`. */
export const tagIn = (pk: Attributes[string] | undefined): string => pk?.S?.split('#')[1] ?? '';

/** Acts on all items, eight at once. @returns the results, in the items' order */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += parallel) {
    results.push(...(await Promise.all(items.slice(start, start + parallel).map(act))));
  }
  return results;
}
