import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Challenge } from '../../core/engine/challenge.ts';
import { despiteContention } from './contention.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

/** `verifiedBy`, `askedBy`: the nonce of the call that verified it, that noted who is asked. */
export type Stored = Challenge & { readonly verifiedBy?: string; readonly askedBy?: string };

/** One conditional update of a challenge; `lost` holds the item as it stands where the condition failed. */
export type UpdateChallenge = (
  idHash: string,
  UpdateExpression: string,
  ConditionExpression: string,
  values: Record<string, unknown>,
) => Promise<{ won: Challenge } | { lost: Stored | undefined }>;

export const updateChallenge =
  (table: Table): UpdateChallenge =>
  async (...update) => {
    const write = new UpdateItemCommand({
      ...requestOf(table, ...update),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      const { Attributes } = await despiteContention(() => table.client.send(write));
      return { won: fromItem(Attributes) as Stored };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { lost: fromItem(error.Item) };
      throw error;
    }
  };

/** The same for a role that may not see the item. @returns whether the condition held */
export type WriteChallenge = (...update: Parameters<UpdateChallenge>) => Promise<boolean>;

export const writeChallenge =
  (table: Table): WriteChallenge =>
  async (...update) => {
    const write = new UpdateItemCommand(requestOf(table, ...update));
    try {
      await despiteContention(() => table.client.send(write));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

function requestOf(
  table: Table,
  ...[idHash, UpdateExpression, ConditionExpression, values]: Parameters<UpdateChallenge>
) {
  return {
    ...{ TableName: table.name, Key: keyOf.challenge(idHash) },
    ...{ UpdateExpression, ConditionExpression },
    ...(/#status/.test(UpdateExpression + ConditionExpression) && {
      ExpressionAttributeNames: { '#status': 'status' },
    }),
    ExpressionAttributeValues: toAttributes(values),
  };
}

export function fromItem(item: Attributes | undefined): Stored | undefined {
  const attributes = fromAttributes(item);
  if (!attributes) return undefined;
  const { pk, ...challenge } = attributes;
  return { ...challenge, idHash: String(pk).replace('challenge#', '') } as unknown as Stored;
}
