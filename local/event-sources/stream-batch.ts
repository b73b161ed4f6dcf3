import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../functions/functions.ts';
import type { DeadLetter } from '../queues/dead-letters.ts';
import type { StreamRecord } from './stream-record.ts';

export interface DeliveryRules {
  readonly functionArn: string;
  readonly streamArn: string;
  readonly bisect: boolean;
  readonly reportsItemFailures: boolean;
  /** Infinity means no limit. */
  readonly maximumRetries: number;
  /** Infinity means no limit. */
  readonly maximumAgeSeconds: number;
}

interface Options {
  readonly rules: DeliveryRules;
  readonly shardId: string;
  readonly signal: AbortSignal;
  invoke(records: StreamRecord[]): Promise<Outcome>;
  giveUp(letter: DeadLetter): void;
  now(): number;
}

interface Batch {
  readonly records: StreamRecord[];
  readonly retries: number;
}

const backoffMilliseconds = { first: 100, most: 1000 };

/**
 * Delivers a batch as Lambda's pollers do. A failed batch is retried from its first failed record,
 * or split in two. After the last retry, or when records are too old, it becomes a dead letter.
 * Resolves when every record is done or given up, or when the signal aborts.
 */
export async function deliver(records: StreamRecord[], options: Options): Promise<void> {
  let waiting: Batch[] = [{ records, retries: 0 }];
  while (!options.signal.aborted) {
    const [next, ...others] = waiting;
    if (!next) return;
    const batch = { ...next, records: discardOld(next, options) };
    waiting = [...(batch.records.length ? await attempt(batch, options) : []), ...others];
  }
}

/** @returns the parts of the batch that are still to be delivered */
async function attempt(batch: Batch, options: Options): Promise<Batch[]> {
  const { rules, signal } = options;
  const { records, retries } = batch;
  const outcome = await options.invoke(records);
  if (signal.aborted) return [batch];
  const failedFrom = firstFailure(outcome, records, rules);
  if (failedFrom === undefined) return [];

  const left = records.slice(failedFrom);
  const half = Math.ceil(left.length / 2);
  if (rules.bisect && !outcome.ok && half < left.length) {
    await backOff(retries, signal);
    // A split does not count as a retry.
    return [left.slice(0, half), left.slice(half)].map((part) => ({ records: part, retries }));
  }
  const isSplit = rules.bisect && failedFrom > 0;
  if (!isSplit && retries >= rules.maximumRetries) {
    options.giveUp(deadLetter('RetryAttemptsExhausted', left, retries + 1, outcome, options));
    return [];
  }
  await backOff(retries, signal);
  return [{ records: left, retries: isSplit ? retries : retries + 1 }];
}

/** @returns index of the first record to deliver again; undefined if all are done */
function firstFailure(
  outcome: Outcome,
  records: StreamRecord[],
  { reportsItemFailures }: DeliveryRules,
): number | undefined {
  if (!outcome.ok) return 0;
  if (!reportsItemFailures) return undefined;
  const { batchItemFailures } = (outcome.value ?? {}) as {
    batchItemFailures?: { itemIdentifier?: string }[] | null;
  };
  if (!batchItemFailures?.length) return undefined;
  const positions = batchItemFailures.map(({ itemIdentifier }) =>
    records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
  );
  // As on Lambda, an unknown identifier fails the whole batch.
  return Math.max(0, Math.min(...positions));
}

function discardOld({ records, retries }: Batch, options: Options): StreamRecord[] {
  const oldest = options.now() / 1000 - options.rules.maximumAgeSeconds;
  const isOld = ({ dynamodb }: StreamRecord) => dynamodb.ApproximateCreationDateTime < oldest;
  const old = records.filter(isOld);
  if (!old.length) return records;
  options.giveUp(deadLetter('RecordAgeExceeded', old, retries, undefined, options));
  return records.filter((record) => !isOld(record));
}

function deadLetter(
  condition: DeadLetter['requestContext']['condition'],
  records: StreamRecord[],
  approximateInvokeCount: number,
  outcome: Outcome | undefined,
  { rules, shardId, now }: Options,
): DeadLetter {
  const [first, last] = [records.at(0)?.dynamodb, records.at(-1)?.dynamodb];
  const arrival = (seconds = 0) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: rules.functionArn,
      condition,
      approximateInvokeCount,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(outcome?.ok === false && { functionError: 'Unhandled' }),
    },
    version: '1.0',
    timestamp: new Date(now()).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.SequenceNumber ?? '',
      endSequenceNumber: last?.SequenceNumber ?? '',
      approximateArrivalOfFirstRecord: arrival(first?.ApproximateCreationDateTime),
      approximateArrivalOfLastRecord: arrival(last?.ApproximateCreationDateTime),
      batchSize: records.length,
      streamArn: rules.streamArn,
    },
  };
}

async function backOff(retries: number, signal: AbortSignal): Promise<void> {
  const { first, most } = backoffMilliseconds;
  await sleep(Math.min(most, first * 2 ** retries), undefined, { signal }).catch(() => undefined);
}
