import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { windowAt } from '../../core/engine/ledger.ts';
import type { LedgerStore } from '../../core/ports.ts';
import { chargeWrite, countsFrom } from './charge.ts';
import { despiteContention } from './contention.ts';
import { keyOf, type Table, toAttributes } from './table.ts';

export const createLedgerStore = (table: Table): LedgerStore => ({
  async charge(charge, now) {
    try {
      const write = new UpdateItemCommand(chargeWrite(table, charge, now));
      await despiteContention(() => table.client.send(write));
      return { kind: 'charged' };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { kind: 'refused', charge, counts: countsFrom(error.Item, now) };
    }
  },

  async recordFailure({ scope, tag }, now) {
    const { day, dayEndsAt } = windowAt(now);
    const write = new UpdateItemCommand({
      TableName: table.name,
      Key: keyOf.ledger(scope, tag, day),
      UpdateExpression: 'ADD failures :one SET #ttl = :ttl',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: toAttributes({ ':one': 1, ':ttl': dayEndsAt + 24 * 3600 }),
    });
    await despiteContention(() => table.client.send(write));
  },
});
