import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  budgetAt,
  type Purse,
  refusedUntil,
  type SpendCharge,
  type SpendCounts,
} from '#core/model/spending.ts';
import type { SpendStore } from '#core/ports/spend-store.ts';
import { despiteContention } from './contention.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

const keptSeconds = 2 * 24 * 3600;

/** Nothing is counted yet, or one more charge fits. */
const hasRoom = (counter: string, limit: string) =>
  `(attribute_not_exists(${counter}) OR ${counter} <= ${limit})`;

/**
 * The purses, one item a day. `spent` is the total, `unverified` is what verified codes have not yet earned back, and a
 * second `unverified` counter exists for each hour.
 *
 * The hottest item is the purse of all registrations. It gets one write a send and one a verified code. It is smaller than
 * 1 KB, so DynamoDB takes 1,000 of these writes a second. The API takes 200 requests a second by default. So it is not
 * sharded (docs/decisions/0034).
 */
export const createSpendStore = (table: Table): SpendStore => {
  async function add(purse: Purse, spent: number, unverified: number, now: number) {
    const write = new UpdateItemCommand({
      ...addition(table, purse, spent, unverified, now),
      ReturnValues: 'UPDATED_NEW',
    });
    const { Attributes } = await despiteContention(() => table.client.send(write));
    return countsFrom(Attributes, now);
  }

  return {
    async spend(charge, now) {
      const refused = (item?: Attributes) => ({
        kind: 'refused' as const,
        until: refusedUntil(countsFrom(item, now), charge, now),
      });
      // The first SMS of a day has no counter to compare with. A budget below its price would let it through.
      if (refusedUntil(nothingHeld, charge, now) > now) return refused();
      const write = new UpdateItemCommand(spendWrite(table, charge, now));
      try {
        await despiteContention(() => table.client.send(write));
        return { kind: 'spent' };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return refused(error.Item);
        throw error;
      }
    },
    record: (charge, now) => add(charge, charge.cost, charge.unverified, now),
    refund: (charge, now) => add(charge, -charge.cost, -charge.unverified, now),
    earn: (purse, amount, now) => add(purse, 0, -amount, now),
  };
};

const nothingHeld: SpendCounts = { spent: 0, unverified: 0, unverifiedThisHour: 0 };

function countsFrom(item: Attributes | undefined, now: number): SpendCounts {
  const held = fromAttributes(item) ?? {};
  const count = (name: string) => Number(held[name] ?? 0);
  return {
    spent: count('spent'),
    unverified: count('unverified'),
    unverifiedThisHour: count(hourCounter(now)),
  };
}

const hourCounter = (now: number) =>
  `unverified${new Date(now * 1000).toISOString().slice(11, 13)}`;

function addition(table: Table, purse: Purse, spent: number, unverified: number, now: number) {
  return {
    TableName: table.name,
    Key: keyOf.spending(purse, new Date(now * 1000).toISOString().slice(0, 10)),
    UpdateExpression: `ADD spent :spent, unverified :unverified, ${hourCounter(now)} :unverified SET #ttl = :ttl`,
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: toAttributes({
      ':spent': spent,
      ':unverified': unverified,
      ':ttl': now + keptSeconds,
    }),
  };
}

function spendWrite(table: Table, charge: SpendCharge, now: number) {
  const { cost, unverified, budget } = charge;
  const { ExpressionAttributeValues, ...write } = addition(table, charge, cost, unverified, now);
  const { perDay, unverifiedPerDay, unverifiedPerHour } = budgetAt(budget, now);
  const clauses = [{ counter: 'spent', limit: perDay - cost, value: ':perDay' }];
  if (unverified > 0) {
    const [ofDay, ofHour] = [unverifiedPerDay - unverified, unverifiedPerHour - unverified];
    clauses.push({ counter: 'unverified', limit: ofDay, value: ':unverifiedPerDay' });
    clauses.push({ counter: hourCounter(now), limit: ofHour, value: ':unverifiedPerHour' });
  }
  return {
    ...write,
    ConditionExpression: clauses.map(({ counter, value }) => hasRoom(counter, value)).join(' AND '),
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ...toAttributes(Object.fromEntries(clauses.map(({ value, limit }) => [value, limit]))),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}
