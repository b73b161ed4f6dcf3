import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { SpendCharge, SpendScope } from '../../core/engine/spending.ts';
import type { SpendStore } from '../../core/money-ports.ts';
import { despiteContention } from './contention.ts';
import { keyOf, type Table, toAttributes } from './table.ts';

const keptSeconds = 2 * 24 * 3600;

/** Nothing spent yet, or room for one more in each of the three budgets. */
const HAS_ROOM = ['spent <= :perDay', 'unverified <= :unverifiedPerDay']
  .map((clause) => `(attribute_not_exists(spent) OR ${clause})`)
  .join(' AND ');

/**
 * Money of a scope, one item a day: `spent`; `unverified`, which verified codes bring down again; and the latter
 * once more for each hour. Only `sms-sender` writes here, and no faster than SMS leave: no need to shard.
 */
export const createSpendStore = (table: Table): SpendStore => {
  async function add(scope: SpendScope, spent: number, unverified: number, now: number) {
    await despiteContention(() =>
      table.client.send(new UpdateItemCommand(addition(table, scope, spent, unverified, now))),
    );
  }

  return {
    async spend(charge, now) {
      // A first SMS has no counter to be held to: a budget below its price would let it through.
      if (Math.min(...Object.values(charge.budget)) < charge.cost) return { kind: 'refused' };
      const write = new UpdateItemCommand(spendWrite(table, charge, now));
      try {
        await despiteContention(() => table.client.send(write));
        return { kind: 'spent' };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return { kind: 'refused' };
        throw error;
      }
    },
    refund: (scope, cost, now) => add(scope, -cost, -cost, now),
    earn: (scope, amount, now) => add(scope, 0, -amount, now),
  };
};

const hourCounter = (now: number) =>
  `unverified${new Date(now * 1000).toISOString().slice(11, 13)}`;

function addition(table: Table, scope: SpendScope, spent: number, unverified: number, now: number) {
  return {
    TableName: table.name,
    Key: keyOf.spending(scope, new Date(now * 1000).toISOString().slice(0, 10)),
    UpdateExpression: `ADD spent :spent, unverified :unverified, ${hourCounter(now)} :unverified SET #ttl = :ttl`,
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: toAttributes({
      ...{ ':spent': spent, ':unverified': unverified, ':ttl': now + keptSeconds },
    }),
  };
}

function spendWrite(table: Table, { scope, cost, budget }: SpendCharge, now: number) {
  const { ExpressionAttributeValues, ...write } = addition(table, scope, cost, cost, now);
  const hour = hourCounter(now);
  return {
    ...write,
    ConditionExpression: `${HAS_ROOM} AND (attribute_not_exists(${hour}) OR ${hour} <= :unverifiedPerHour)`,
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ...toAttributes({
        ':perDay': budget.perDay - cost,
        ':unverifiedPerDay': budget.unverifiedPerDay - cost,
        ':unverifiedPerHour': budget.unverifiedPerHour - cost,
      }),
    },
  };
}
