import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Breaker } from '#core/model/breaker.ts';
import type { PhoneClass } from '#core/model/purpose.ts';
import type { BreakerStore } from '#core/ports/breaker-store.ts';
import type { Clock } from '#core/system.ts';
import { conditionHolds } from './contention.ts';
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

/** Key of the item that holds a breaker. The classes of one scope share an item. */
function itemOf(breaker: Breaker): string {
  if (breaker.kind === 'delivery') return 'delivery';
  return breaker.kind === 'guessing' ? `guessing-${breaker.scope}` : breaker.scope;
}

/** The first two attributes have the names of the purposes that their classes began with. */
const attributes: Record<PhoneClass, string> = {
  'caller-chosen-phone': 'registration_openUntil',
  'account-phone': 'password_reset_openUntil',
  'named-account': 'named_account_openUntil',
};

/** Breakers that are not of money use the attribute of account phones, on items of their own. */
const attributeOf = (breaker: Breaker): string =>
  attributes[breaker.kind === 'spending' ? breaker.phoneClass : 'account-phone'];

/**
 * Breakers, one small item a scope, read every ten seconds at most. The condition of the spend ledger enforces the
 * budget; a breaker tells the API about it before the API promises an SMS.
 */
export function createBreakerStore(table: Table, clock: Clock): BreakerStore {
  const remembered = new Map<string, { at: number; item: Promise<Record<string, unknown>> }>();

  function read(scope: string): Promise<Record<string, unknown>> {
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
    breaker: Breaker,
    condition: (name: string) => string,
    values: { readonly until: number; readonly read?: number },
  ): Promise<void> {
    const scope = itemOf(breaker);
    const name = attributeOf(breaker);
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
      await conditionHolds(() => table.client.send(write));
    } finally {
      remembered.delete(scope);
    }
  }

  return {
    async openUntil(breaker, reading) {
      const scope = itemOf(breaker);
      if (reading === 'fresh') remembered.delete(scope);
      return Number((await read(scope))[attributeOf(breaker)] ?? 0);
    },
    open: (breaker, until) =>
      set(breaker, (name) => `attribute_not_exists(${name}) OR ${name} < :until`, { until }),
    shorten: (breaker, read, until) => set(breaker, (name) => `${name} = :read`, { until, read }),
  };
}

async function readItem({ client, name }: Table, scope: string) {
  const read = new GetItemCommand({
    // A function that closes a breaker must see that another one opened it a moment ago.
    TableName: name,
    Key: keyOf.breaker(scope),
    ConsistentRead: true,
  });
  return fromAttributes((await client.send(read)).Item) ?? {};
}
