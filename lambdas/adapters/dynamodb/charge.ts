import type { CancellationReason, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import {
  type Charge,
  type ChargedUnit,
  type LedgerCounts,
  type LedgerKey,
  longest,
  windowAt,
} from '#core/model/ledger.ts';
import type { ProvenUse } from '#core/ports/challenge-store.ts';
import type { RefusedCharge } from '#core/ports/ledger-store.ts';
import { failed } from './contention.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

/** Counts have no use after their window. They are kept a day longer, so that a slow clock still finds them. */
const keptSeconds = 24 * 3600;

/** Key and TTL of the item that holds the counts of a ledger's window. */
export function ledgerItem(table: Table, { scope, tag }: LedgerKey, now: number) {
  const { window, windowEndsAt } = windowAt(scope, now);
  return {
    target: { TableName: table.name, Key: keyOf.ledger(scope, tag, window) },
    ttl: windowEndsAt + keptSeconds,
  };
}

/** Name of the counter of one part of the window, in the window's item. */
const partCounter = (part: string) => `sends${part}`;

/** A charge as one conditional write. */
export function chargeWrite(table: Table, charge: Charge, now: number) {
  const { target, ttl } = ledgerItem(table, charge.ledger, now);
  const thisPart = partCounter(windowAt(charge.ledger.scope, now).part);
  const { usesPerPart, usesPerWindow, unverifiedPerWindow, failuresPerWindow } = charge.budgets;
  const clauses = [
    { counter: thisPart, limit: usesPerPart, value: ':perPart' },
    { counter: 'sends', limit: usesPerWindow, value: ':perWindow' },
    { counter: 'unverified', limit: unverifiedPerWindow, value: ':unverified' },
    { counter: 'failures', limit: failuresPerWindow, value: ':failures' },
  ].filter((clause) => clause.limit !== undefined);
  const takes = charge.counts !== undefined;
  const counters = [
    'sends',
    thisPart,
    ...(charge.counts === 'unverified-uses' ? ['unverified'] : []),
  ];
  return {
    ...target,
    ConditionExpression: clauses
      .map(({ counter, value }) => `(attribute_not_exists(${counter}) OR ${counter} < ${value})`)
      .join(' AND '),
    ...(takes && {
      UpdateExpression: `ADD ${counters.map((name) => `${name} :one`).join(', ')} SET #ttl = :ttl`,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
    }),
    ExpressionAttributeValues: toAttributes({
      ...Object.fromEntries(clauses.map(({ value, limit }) => [value, limit])),
      ...(takes && { ':one': 1, ':ttl': ttl }),
    }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

/** A charge that also notes its name in the ledger's item, and is refused where the name stands there already. */
export function namedChargeWrite(table: Table, charge: Charge, name: string, at: number) {
  const { target, ttl } = ledgerItem(table, charge.ledger, at);
  const { ConditionExpression, ExpressionAttributeValues } = chargeWrite(table, charge, at);
  const thisPart = partCounter(windowAt(charge.ledger.scope, at).part);
  return {
    ...target,
    ConditionExpression: `${ConditionExpression} AND NOT contains(charged, :name)`,
    UpdateExpression: `ADD sends :one, ${thisPart} :one, charged :names SET #ttl = :ttl`,
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ...toAttributes({ ':one': 1, ':ttl': ttl, ':name': name, ':names': new Set([name]) }),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

/** Takes a unit and its name out of a ledger's window and part, if the name stands there. */
export function namedReturnWrite(table: Table, ledger: LedgerKey, name: string, at: number) {
  const part = partCounter(windowAt(ledger.scope, at).part);
  return {
    ...ledgerItem(table, ledger, at).target,
    ConditionExpression: 'contains(charged, :name)',
    UpdateExpression: `ADD sends :minusOne, ${part} :minusOne DELETE charged :names`,
    ExpressionAttributeValues: toAttributes({
      ':minusOne': -1,
      ':name': name,
      ':names': new Set([name]),
    }),
  };
}

/** A charge as part of a transaction. A charge that counts nothing becomes a condition check. */
export function chargeInTransaction(table: Table, charge: Charge, now: number): TransactWriteItem {
  const { UpdateExpression, ...check } = chargeWrite(table, charge, now);
  if (UpdateExpression === undefined) return { ConditionCheck: check };
  return { Update: { ...check, UpdateExpression } };
}

/** The counts of a ledger's item as they apply at `now`. */
export function countsFrom(
  item: Attributes | undefined,
  { scope }: LedgerKey,
  now: number,
): LedgerCounts {
  const ledger = fromAttributes(item) ?? {};
  const count = (name: string) => Number(ledger[name] ?? 0);
  return {
    uses: count('sends'),
    usesThisPart: count(partCounter(windowAt(scope, now).part)),
    unverified: count('unverified'),
    failures: count('failures'),
  };
}

/**
 * The charge for which a transaction was refused. Of several, the one that stays refused longest.
 * @param reasons of the charges, in their order
 */
export function refusedCharge(
  charges: readonly Charge[],
  reasons: readonly CancellationReason[],
  now: number,
): RefusedCharge | undefined {
  const refused = charges.flatMap((charge, index): RefusedCharge[] => {
    const counts = countsFrom(reasons[index]?.Item, charge.ledger, now);
    return failed(reasons[index]) ? [{ kind: 'refused', charge, counts }] : [];
  });
  return longest(refused, now);
}

/**
 * Returns a unit in the transaction of the change that earned it. Has no condition: a missing counter must not fail
 * that change.
 */
export function returnInTransaction(table: Table, { charge, at }: ChargedUnit): TransactWriteItem {
  const { ConditionExpression: _, ...write } = returnWrite(table, charge, at);
  const { ':minusOne': minusOne = { N: '-1' } } = write.ExpressionAttributeValues;
  return { Update: { ...write, ExpressionAttributeValues: { ':minusOne': minusOne } } };
}

/**
 * Returns units in the transaction of the proof that earned them, one write for each ledger and window. They have no
 * condition either.
 */
export function returnAllInTransaction(
  table: Table,
  units: readonly ChargedUnit[],
): TransactWriteItem[] {
  const byItem = new Map<string, ChargedUnit[]>();
  for (const unit of units) {
    const { scope, tag } = unit.charge.ledger;
    const item = [scope, tag, windowAt(scope, unit.at).window].join('#');
    byItem.set(item, [...(byItem.get(item) ?? []), unit]);
  }
  return [...byItem.values()].map((ofItem) => returnOfItem(table, ofItem));
}

/** @param units of one ledger and window */
function returnOfItem(table: Table, units: readonly ChargedUnit[]): TransactWriteItem {
  const counts = new Map<string, number>();
  for (const { charge, at } of units) {
    for (const name of returnedCounters(charge, at)) counts.set(name, (counts.get(name) ?? 0) - 1);
  }
  const [{ charge, at } = units[0] as ChargedUnit] = units;
  const names = [...counts.keys()];
  return {
    Update: {
      ...ledgerItem(table, charge.ledger, at).target,
      UpdateExpression: `ADD ${names.map((name) => `${name} :${name}`).join(', ')}`,
      ExpressionAttributeValues: toAttributes(
        Object.fromEntries(names.map((name) => [`:${name}`, counts.get(name)])),
      ),
    },
  };
}

/** The counters that a returned unit is taken out of. */
function returnedCounters({ ledger, counts }: Charge, chargedAt: number): string[] {
  const part = partCounter(windowAt(ledger.scope, chargedAt).part);
  return ['sends', part, ...(counts === 'unverified-uses' ? ['unverified'] : [])];
}

/**
 * Counts verified SMS of a phone. `first`: on the condition that none was counted on that day. Otherwise on the
 * condition that the day's number stays within `most`.
 */
export function verifiedInTransaction(
  table: Table,
  { ledger, at, sms, most }: ProvenUse,
  which: 'first' | 'further',
): TransactWriteItem {
  const { target, ttl } = ledgerItem(table, ledger, at);
  const part = partCounter(windowAt(ledger.scope, at).part);
  const isFirst = which === 'first';
  return {
    Update: {
      ...target,
      ConditionExpression: isFirst ? 'attribute_not_exists(sends)' : 'sends <= :room',
      UpdateExpression: `ADD sends :sms, ${part} :sms SET #ttl = :ttl`,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: toAttributes({
        ':sms': sms,
        ':ttl': ttl,
        ...(!isFirst && { ':room': most - sms }),
      }),
    },
  };
}

/** Takes one unit out of a ledger's window and part, if both hold one. */
export function returnWrite(table: Table, charge: Charge, chargedAt: number) {
  const part = partCounter(windowAt(charge.ledger.scope, chargedAt).part);
  const counters = returnedCounters(charge, chargedAt);
  return {
    ...ledgerItem(table, charge.ledger, chargedAt).target,
    ConditionExpression: `sends > :none AND ${part} > :none`,
    UpdateExpression: `ADD ${counters.map((name) => `${name} :minusOne`).join(', ')}`,
    ExpressionAttributeValues: toAttributes({ ':none': 0, ':minusOne': -1 }),
  };
}

/** The same for a call whose answer was lost. The window counts these returns, and allows `most`. */
export function lostAnswerWrite(table: Table, charge: Charge, chargedAt: number, most: number) {
  const write = returnWrite(table, charge, chargedAt);
  return {
    ...write,
    ConditionExpression: `${write.ConditionExpression} AND (attribute_not_exists(lostAnswers) OR lostAnswers < :most)`,
    UpdateExpression: `${write.UpdateExpression}, lostAnswers :one`,
    ExpressionAttributeValues: {
      ...write.ExpressionAttributeValues,
      ...toAttributes({ ':most': most, ':one': 1 }),
    },
  };
}
