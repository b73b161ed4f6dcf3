import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Purpose } from '../../core/engine/challenge.ts';
import type { BreakerScope, BreakerStore } from '../../core/money-ports.ts';
import type { Clock } from '../../core/ports.ts';
import { despiteContention } from './contention.ts';
import { fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

/** Seconds a function believes what it read: a breaker is asked at every send, and moves once a minute at most. */
const rememberedSeconds = 10;
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

  return {
    async openUntil(scope, purpose) {
      return Number((await read(scope))[attributeOf(purpose)] ?? 0);
    },
    async open(scope, purpose, until) {
      const write = new UpdateItemCommand({
        ...{ TableName: table.name, Key: keyOf.breaker(scope) },
        UpdateExpression: `SET ${attributeOf(purpose)} = :until, #ttl = :ttl`,
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: toAttributes({ ':until': until, ':ttl': until + 86_400 }),
      });
      await despiteContention(() => table.client.send(write));
    },
  };
}

async function readItem({ client, name }: Table, scope: BreakerScope) {
  const read = new GetItemCommand({ TableName: name, Key: keyOf.breaker(scope) });
  return fromAttributes((await client.send(read)).Item) ?? {};
}
