import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { LedgerStore } from '../../core/ports.ts';
import { chargeWrite, countsFrom, ledgerItem } from './charge.ts';
import { despiteContention } from './contention.ts';
import { type Table, toAttributes } from './table.ts';

export const createLedgerStore = (table: Table): LedgerStore => ({
  async charge(charge, now) {
    try {
      const write = new UpdateItemCommand(chargeWrite(table, charge, now));
      await despiteContention(() => table.client.send(write));
      return { kind: 'charged' };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { kind: 'refused', charge, counts: countsFrom(error.Item, charge.ledger, now) };
    }
  },

  async recordFailure(ledger, now) {
    const { target, ttl } = ledgerItem(table, ledger, now);
    const write = new UpdateItemCommand({
      ...target,
      UpdateExpression: 'ADD failures :one SET #ttl = :ttl',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: toAttributes({ ':one': 1, ':ttl': ttl }),
    });
    await despiteContention(() => table.client.send(write));
  },
});
