import type { CancellationReason, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { type Charge, type LedgerCounts, windowAt } from '../../core/engine/ledger.ts';
import type { Refused } from '../../core/ports.ts';
import { failed } from './contention.ts';
import { type Attributes, fromAttributes, keyOf, type Table, toAttributes } from './table.ts';

/** Counts are worthless after their day; kept a day longer so that a slow clock still finds them. */
const keptSeconds = 24 * 3600;

/** Name of the hour's counter in the day's item. */
const hourCounter = (hour: string) => `sends${hour}`;

/**
 * A charge as one conditional write: the day's item of a ledger holds the day's counts and one counter an hour,
 * so all of a ledger's budgets are one condition.
 */
export function chargeWrite(table: Table, charge: Charge, now: number) {
  const { day, hour, dayEndsAt } = windowAt(now);
  const { sendsPerHour, sendsPerDay, failuresPerDay } = charge.budgets;
  const clauses = [
    { counter: hourCounter(hour), limit: sendsPerHour, value: ':perHour' },
    { counter: 'sends', limit: sendsPerDay, value: ':perDay' },
    { counter: 'failures', limit: failuresPerDay, value: ':failures' },
  ].filter((clause) => clause.limit !== undefined);
  const takes = charge.counts !== undefined;
  return {
    TableName: table.name,
    Key: keyOf.ledger(charge.ledger.scope, charge.ledger.tag, day),
    ConditionExpression: clauses
      .map(({ counter, value }) => `(attribute_not_exists(${counter}) OR ${counter} < ${value})`)
      .join(' AND '),
    ...(takes && {
      UpdateExpression: `ADD sends :one, ${hourCounter(hour)} :one SET #ttl = :ttl`,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
    }),
    ExpressionAttributeValues: toAttributes({
      ...Object.fromEntries(clauses.map(({ value, limit }) => [value, limit])),
      ...(takes && { ':one': 1, ':ttl': dayEndsAt + keptSeconds }),
    }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

/** The same inside a transaction; a charge that takes nothing is a condition check. */
export function chargeInTransaction(table: Table, charge: Charge, now: number): TransactWriteItem {
  const { UpdateExpression, ...check } = chargeWrite(table, charge, now);
  if (UpdateExpression === undefined) return { ConditionCheck: check };
  return { Update: { ...check, UpdateExpression } };
}

/** The counts of the hour and day of `now`, from a ledger item. */
export function countsFrom(item: Attributes | undefined, now: number): LedgerCounts {
  const ledger = fromAttributes(item) ?? {};
  const count = (name: string) => Number(ledger[name] ?? 0);
  return {
    sends: count('sends'),
    sendsThisHour: count(hourCounter(windowAt(now).hour)),
    failures: count('failures'),
  };
}

/**
 * The first charge that a transaction was refused for.
 * @param reasons of the charges, in their order
 */
export function refusedCharge(
  charges: readonly Charge[],
  reasons: readonly CancellationReason[],
  now: number,
): Refused | undefined {
  const index = reasons.findIndex(failed);
  const charge = charges[index];
  return charge && { kind: 'refused', charge, counts: countsFrom(reasons[index]?.Item, now) };
}
