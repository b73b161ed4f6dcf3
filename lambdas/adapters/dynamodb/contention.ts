import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CancellationReason,
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { Problem } from '#core/model/problems.ts';
import type { Table } from './table.ts';

const tries = 6;
const pauseMs = 20;

/** Cancellation reasons that mean "another writer holds this item", not "your condition is false". */
const passing = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/**
 * Retries a write that lost to other writers of the same item, which the SDK does not. Full jitter keeps the losers of
 * one round from meeting again in the next.
 * @throws Problem unavailable after six tries, within about a second
 */
export async function despiteContention<Result>(write: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!isContention(error)) throw error;
      if (attempt === tries) throw new Problem('unavailable', { retryAfter: 1 }, { cause: error });
      await sleep(randomInt(pauseMs * 2 ** attempt));
    }
  }
}

/**
 * Runs a conditional write, as {@link despiteContention}.
 * @returns whether its condition held
 */
export async function conditionHolds(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await despiteContention(write);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function isContention(error: unknown): boolean {
  return (
    error instanceof TransactionConflictException ||
    error instanceof TransactionInProgressException ||
    (error instanceof TransactionCanceledException &&
      (error.CancellationReasons ?? []).some(({ Code }) => passing.has(Code ?? '')))
  );
}

/**
 * Runs a transaction whose conditions may fail. All tries share one token, so a try whose answer was lost, or which is
 * still in progress, never takes effect twice.
 * @returns undefined on success; otherwise one reason per item, in order, with the current item if the transaction
 * asked for it
 */
export async function transact(
  { client }: Table,
  items: TransactWriteItem[],
): Promise<readonly CancellationReason[] | undefined> {
  const ClientRequestToken = randomUUID();
  const write = new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken });
  try {
    await despiteContention(() => client.send(write));
    return undefined;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return error.CancellationReasons ?? [];
    throw error;
  }
}

/**
 * The same for a transaction whose parts have names. A part may be several items, or none where the change does not have it.
 * @returns undefined on success; otherwise the names of the parts of which a condition failed
 */
export async function transactParts<Name extends string>(
  table: Table,
  parts: Readonly<Record<Name, readonly TransactWriteItem[]>>,
): Promise<ReadonlySet<Name> | undefined> {
  const named = (Object.keys(parts) as Name[]).flatMap((name) =>
    parts[name].map((item) => ({ name, item })),
  );
  const reasons = await transact(
    table,
    named.map(({ item }) => item),
  );
  return reasons && new Set(named.filter((_, n) => failed(reasons[n])).map(({ name }) => name));
}

/** Whether the condition of this item failed. */
export const failed = (reason: CancellationReason | undefined): boolean =>
  reason?.Code === 'ConditionalCheckFailed';
