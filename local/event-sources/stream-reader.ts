import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonCall } from '../http-client.ts';
import type { Bell } from './stream-bell.ts';
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
  /** Rings when something was written. */
  readonly bell: Bell;
  log(line: string): void;
}

const api = 'DynamoDBStreams_20120810';
/** Writes past the endpoint, as tests and tools make them, are found after this time. */
const idleMilliseconds = 250;
/** Under load, a read after this time takes the records of many writes. */
const gatherMilliseconds = 10;
const retryMilliseconds = 1000;
/** A stream gets new shards when an old one ends. For a description, DynamoDB Local reads all records of the stream. */
const discoverMilliseconds = 60_000;

/** Reads a stream until the bell's signal aborts. A parent shard is read before its children. */
export async function readStream(options: Options): Promise<void> {
  const { bell } = options;
  const { signal } = bell;
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
    const open = [...reading].filter(([id]) => !read.has(id)).map(([, done]) => done);
    await (open.length ? shardEnds(open, signal) : pause(retryMilliseconds, signal));
  }
  await Promise.all(reading.values());
}

/** Resolves when one of the shards has ended, or when it is time to look for new ones anyway. */
async function shardEnds(open: Promise<void>[], signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const waited = pause(discoverMilliseconds, AbortSignal.any([signal, ended.signal]));
  await Promise.race([waited, ...open]);
  ended.abort();
}

async function readShard(
  shardId: string,
  position: Options['startingPosition'],
  options: Options,
): Promise<void> {
  const { call, bell, log, onRecords } = options;
  const { signal } = bell;
  let last = options.checkpoint(shardId);
  let iterator: string | undefined | null;
  while (!signal.aborted && iterator !== null) {
    try {
      const rings = bell.rings();
      iterator ??= await openIterator(shardId, last, position, options);
      const answer: { Records: LocalRecord[]; NextShardIterator?: string } = await call(
        `${api}.GetRecords`,
        { ShardIterator: iterator },
      );
      // At the end of a closed shard there is no next iterator.
      iterator = answer.NextShardIterator ?? null;
      last = answer.Records.at(-1)?.dynamodb.SequenceNumber ?? last;
      if (answer.Records.length) onRecords(shardId, answer.Records);
      else if (iterator !== null) await bell.waitForRing(rings, idleMilliseconds);
      await pause(gatherMilliseconds, signal);
    } catch (error) {
      if (signal.aborted) return;
      log(`Stream ${shardId}: ${error}`);
      iterator = undefined;
      // The records after the checkpoint were trimmed: continue with the oldest one left.
      if ((error as Error).name === 'TrimmedDataAccessException') last = undefined;
      await pause(retryMilliseconds, signal);
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

async function describeShards({ call, streamArn, bell, log }: Options): Promise<Shard[]> {
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
    if (!bell.signal.aborted) log(`Stream ${streamArn}: ${error}`);
  }
  return shards;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
