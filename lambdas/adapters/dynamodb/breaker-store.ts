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

/** Seconds for which a function trusts what it read. It reads a breaker at every send, and breakers seldom change. */
const rememberedSeconds = 10;
/**
 * Seconds from the end of an open breaker until TTL may delete the item. The item serves two purposes, and the other
 * one's end may come a day later.
 */
const keptSeconds = 2 * 86_400;
/** A caller chooses the prefix, so the number of remembered scopes has a limit. */
const rememberedScopes = 1000;

const attributeOf = (purpose: Purpose) => `${purpose.replaceAll('-', '_')}_openUntil`;

/**
 * Breakers, one small item a scope, read every ten seconds at most. The condition of the spend ledger enforces the
 * budget; a breaker tells the API about it before the API promises an SMS.
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
    // A failed read is not remembered.
    item.catch(() => remembered.delete(scope));
    return item;
  }

  /** Sets the end to `values.until` if the condition holds. If it fails, a parallel write knew better. */
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
    // A function that closes a breaker must see that another one opened it a moment ago.
    TableName: name,
    Key: keyOf.breaker(scope),
    ConsistentRead: true,
  });
  return fromAttributes((await client.send(read)).Item) ?? {};
}
