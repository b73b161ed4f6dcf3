import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { conditionHolds, despiteContention } from './contention.ts';
import { type Attributes, type Table, toAttributes } from './table.ts';

/** The table and the keys of one kind of item, by the id that the core uses. */
export interface Items {
  readonly table: Table;
  keyOf(id: string): Attributes;
}

/** One conditional update of an item. If the condition fails, `lost` holds the current item. */
export type Update<Item> = (
  id: string,
  UpdateExpression: string,
  ConditionExpression: string,
  values: Record<string, unknown>,
) => Promise<{ won: Item } | { lost: Item | undefined }>;

export const updater =
  <Item>(items: Items, read: (item: Attributes | undefined) => Item | undefined): Update<Item> =>
  async (...update) => {
    const write = new UpdateItemCommand({
      ...requestOf(items, ...update),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      const { Attributes } = await despiteContention(() => items.table.client.send(write));
      return { won: read(Attributes) as Item };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { lost: read(error.Item) };
      throw error;
    }
  };

/**
 * The same for a role that may not read the item.
 * @returns whether the condition held
 */
export type Write = (...update: Parameters<Update<unknown>>) => Promise<boolean>;

export const writer =
  (items: Items): Write =>
  (...update) => {
    const write = new UpdateItemCommand(requestOf(items, ...update));
    return conditionHolds(() => items.table.client.send(write));
  };

function requestOf(
  { table, keyOf }: Items,
  ...[id, UpdateExpression, ConditionExpression, values]: Parameters<Update<unknown>>
) {
  return {
    TableName: table.name,
    Key: keyOf(id),
    UpdateExpression,
    ConditionExpression,
    ...(/#status/.test(UpdateExpression + ConditionExpression) && {
      ExpressionAttributeNames: { '#status': 'status' },
    }),
    ExpressionAttributeValues: toAttributes(values),
  };
}
