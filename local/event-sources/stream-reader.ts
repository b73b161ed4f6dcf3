import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonCall } from '../http-client.ts';
import type { StreamRecord } from './stream-record.ts';

type LocalRecord = Omit<StreamRecord, 'eventSourceARN'>;

interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
}

interface Options {
  readonly call: JsonCall;
  /** DynamoDB Local's ARN of the stream. */
  readonly streamArn: string;
  /** Position in shards that exist at the start. Later shards are read from their beginning. */
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** The last sequence number that an earlier run delivered. */
  checkpoint(shardId: string): string | undefined;
  onRecords(shardId: string, records: LocalRecord[]): void;
  readonly signal: AbortSignal;
  log(line: string): void;
}

const api = 'DynamoDBStreams_20120810';
const idleMilliseconds = 100;
const discoverMilliseconds = 1000;

/** Reads a stream until the signal aborts. A parent shard is read before its children. */
export async function readStream(options: Options): Promise<void> {
  const { signal } = options;
  const read = new Set<string>();
  const reading = new Map<string, Promise<void>>();
  let position = options.startingPosition;
  while (!signal.aborted) {
    const shards = await describeShards(options);
    const known = new Set(shards.map(({ ShardId }) => ShardId));
    for (const { ShardId, ParentShardId } of shards) {
      // A parent that the stream no longer lists has been trimmed.
      const waits = ParentShardId && known.has(ParentShardId) && !read.has(ParentShardId);
      if (waits || reading.has(ShardId)) continue;
      const done = readShard(ShardId, position, options).then(() => void read.add(ShardId));
      reading.set(ShardId, done);
    }
    position = 'TRIM_HORIZON';
    await pause(discoverMilliseconds, signal);
  }
  await Promise.all(reading.values());
}

async function readShard(
  shardId: string,
  position: Options['startingPosition'],
  options: Options,
): Promise<void> {
  const { call, signal, log, onRecords } = options;
  let last = options.checkpoint(shardId);
  let iterator: string | undefined | null;
  while (!signal.aborted && iterator !== null) {
    try {
      iterator ??= await openIterator(shardId, last, position, options);
      const answer: { Records: LocalRecord[]; NextShardIterator?: string } = await call(
        `${api}.GetRecords`,
        { ShardIterator: iterator },
      );
      // At the end of a closed shard there is no next iterator.
      iterator = answer.NextShardIterator ?? null;
      last = answer.Records.at(-1)?.dynamodb.SequenceNumber ?? last;
      if (answer.Records.length) onRecords(shardId, answer.Records);
      else await pause(idleMilliseconds, signal);
    } catch (error) {
      if (signal.aborted) return;
      log(`Stream ${shardId}: ${error}`);
      iterator = undefined;
      // The records after the checkpoint were trimmed: continue with the oldest one left.
      if ((error as Error).name === 'TrimmedDataAccessException') last = undefined;
      await pause(discoverMilliseconds, signal);
    }
  }
}

async function openIterator(
  ShardId: string,
  last: string | undefined,
  position: Options['startingPosition'],
  { call, streamArn }: Options,
): Promise<string> {
  const { ShardIterator } = await call<{ ShardIterator: string }>(`${api}.GetShardIterator`, {
    StreamArn: streamArn,
    ShardId,
    ...(last === undefined
      ? { ShardIteratorType: position }
      : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: last }),
  });
  return ShardIterator;
}

async function describeShards({ call, streamArn, signal, log }: Options): Promise<Shard[]> {
  interface Answer {
    StreamDescription: { Shards: Shard[]; LastEvaluatedShardId?: string };
  }
  const shards: Shard[] = [];
  let ExclusiveStartShardId: string | undefined;
  try {
    do {
      const { StreamDescription }: Answer = await call(`${api}.DescribeStream`, {
        StreamArn: streamArn,
        ExclusiveStartShardId,
      });
      shards.push(...StreamDescription.Shards);
      ExclusiveStartShardId = StreamDescription.LastEvaluatedShardId;
    } while (ExclusiveStartShardId);
  } catch (error) {
    if (!signal.aborted) log(`Stream ${streamArn}: ${error}`);
  }
  return shards;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
