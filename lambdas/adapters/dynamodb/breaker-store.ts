import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Purpose } from '#core/model/challenge.ts';
import type { BreakerScope, BreakerStore } from '#core/ports/breaker-store.ts';
import type { Clock } from '#core/system.ts';
import { despiteContention } from './contention.ts';
import { fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

/** Seconds a function believes what it read: a breaker is asked at every send, and moves seldom. */
const rememberedSeconds = 10;
/** Seconds past its end for which the item is kept: of two purposes, the other's may last a day longer. */
const keptSeconds = 2 * 86_400;
/** Prefixes come from strangers: a list of them must not grow without end. */
const rememberedScopes = 1000;

const attributeOf = (purpose: Purpose) => `${purpose.replaceAll('-', '_')}_openUntil`;

/**
 * Breakers, one small item a scope, read at most every ten seconds: what a budget refuses is refused by the spend
 * ledger's own condition; this is how the API knows before it promises an SMS.
 */
export function createBreakerStore(table: Table, clock: Clock): BreakerStore {
  const remembered = new Map<
    BreakerScope,
    { at: number; item: Promise<Record<string, unknown>> }
  >();

  function read(scope: BreakerScope): Promise<Record<string, unknown>> {
    const now = clock();
    const known = remembered.get(scope);
    if (known && Math.abs(now - known.at) < rememberedSeconds) return known.item;
    if (remembered.size >= rememberedScopes) remembered.clear();
    const item = readItem(table, scope);
    remembered.set(scope, { at: now, item });
    // A failed reading is not remembered.
    item.catch(() => remembered.delete(scope));
    return item;
  }

  /** Sets it to `:until` where the condition holds; where not, somebody knew better. */
  async function set(
    scope: BreakerScope,
    purpose: Purpose,
    condition: (name: string) => string,
    values: { readonly until: number; readonly read?: number },
  ): Promise<void> {
    const name = attributeOf(purpose);
    const write = new UpdateItemCommand({
      TableName: table.name,
      Key: keyOf.breaker(scope),
      UpdateExpression: `SET ${name} = :until, #ttl = :ttl`,
      ConditionExpression: condition(name),
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: toAttributes({
        ':until': values.until,
        ':read': values.read,
        ':ttl': values.until + keptSeconds,
      }),
    });
    try {
      await despiteContention(() => table.client.send(write));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    } finally {
      remembered.delete(scope);
    }
  }

  return {
    async openUntil(scope, purpose, reading) {
      if (reading === 'fresh') remembered.delete(scope);
      return Number((await read(scope))[attributeOf(purpose)] ?? 0);
    },
    open: (scope, purpose, until) =>
      set(scope, purpose, (name) => `attribute_not_exists(${name}) OR ${name} < :until`, { until }),
    shorten: (scope, purpose, read, until) =>
      set(scope, purpose, (name) => `${name} = :read`, { until, read }),
  };
}

async function readItem({ client, name }: Table, scope: BreakerScope) {
  const read = new GetItemCommand({
    // Who closes a breaker must see that it was opened a moment ago.
    TableName: name,
    Key: keyOf.breaker(scope),
    ConsistentRead: true,
  });
  return fromAttributes((await client.send(read)).Item) ?? {};
}
