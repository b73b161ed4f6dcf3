import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { readChallengeId } from '#core/challenge/id.ts';
import type { World } from './world.ts';

/** The table of a world, read and written without a function's role. */
export function openTable({ cloud }: World) {
  const TableName = Object.values(cloud.tables)[0];
  const client = new DynamoDBClient({
    endpoint: cloud.endpoints.dynamodb,
    region: 'me-south-1',
    credentials: { accessKeyId: cloud.dynamodbAccessKey, secretAccessKey: 'test' },
  });

  async function scan(): Promise<Record<string, AttributeValue>[]> {
    const items: Record<string, AttributeValue>[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.send(new ScanCommand({ TableName, ExclusiveStartKey }));
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items;
  }

  return {
    /** Every item of the table. */
    scan,

    /** The items of one partition key: at most a page of 1 MB. Cheap, where a scan reads what all tests have left. */
    async itemsOf(pk: string): Promise<Record<string, AttributeValue>[]> {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
        }),
      );
      return Items;
    },

    /** Writes a whole item over the one that stands there. */
    async put(Item: Record<string, AttributeValue>): Promise<void> {
      await client.send(new PutItemCommand({ TableName, Item }));
    },

    /** Removes one item. */
    async delete({ pk, sk }: Record<string, AttributeValue>): Promise<void> {
      const Key = { ...(pk && { pk }), ...(sk && { sk }) };
      await client.send(new DeleteItemCommand({ TableName, Key }));
    },

    /** Removes the items of a kind: `ledger#phone` restores every phone's budget. */
    async remove(kind: string): Promise<void> {
      for (const { pk, sk } of await scan()) {
        if (!pk?.S?.startsWith(`${kind}#`) || !sk) continue;
        await client.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
      }
    },

    /** Removes attributes of the items of a kind, by their names. */
    async clear(kind: string, name: RegExp): Promise<void> {
      for (const { pk, sk, ...item } of await scan()) {
        const names = Object.keys(item).filter((attribute) => name.test(attribute));
        if (!pk?.S?.startsWith(`${kind}#`) || !sk || names.length === 0) continue;
        await client.send(
          new UpdateItemCommand({
            TableName,
            Key: { pk, sk },
            UpdateExpression: `REMOVE ${names.join(', ')}`,
          }),
        );
      }
    },

    /** Sets an attribute of every item of a kind. */
    async setText(kind: string, attribute: string, text: string): Promise<void> {
      for (const { pk, sk } of await scan()) {
        if (!pk?.S?.startsWith(`${kind}#`) || !sk) continue;
        await client.send(
          new UpdateItemCommand({
            TableName,
            Key: { pk, sk },
            UpdateExpression: 'SET #attribute = :text',
            ExpressionAttributeNames: { '#attribute': attribute },
            ExpressionAttributeValues: { ':text': { S: text } },
          }),
        );
      }
    },

    /** Sets a text of an item whose two keys name the same kind. */
    async setAttribute(pk: string, attribute: string, text: string): Promise<void> {
      const [kind = ''] = pk.split('#');
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: { pk: { S: pk }, sk: { S: kind } },
          UpdateExpression: 'SET #attribute = :text',
          ExpressionAttributeNames: { '#attribute': attribute },
          ExpressionAttributeValues: { ':text': { S: text } },
        }),
      );
    },

    /** Moves an instant of a challenge, as waiting would. */
    async setInstant(challengeId: string, attribute: string, epochSeconds: number): Promise<void> {
      const { hash } = readChallengeId(challengeId) ?? {};
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: { pk: { S: `challenge#${hash}` }, sk: { S: 'challenge' } },
          UpdateExpression: 'SET #attribute = :instant',
          ExpressionAttributeNames: { '#attribute': attribute },
          ExpressionAttributeValues: { ':instant': { N: String(epochSeconds) } },
        }),
      );
    },
  };
}
