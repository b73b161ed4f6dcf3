import { createHash } from 'node:crypto';
import type { Functions } from '../functions/functions.ts';
import type { JsonCall } from '../http-client.ts';
import { type Checkpoints, trackProgress } from './checkpoints.ts';
import { deliver } from './stream-batch.ts';
import { type Bell, createBell } from './stream-bell.ts';
import type { StreamMapping } from './stream-mapping.ts';
import { readStream } from './stream-reader.ts';
import { type StreamRecord, toLambdaRecord } from './stream-record.ts';

interface RunningPollers {
  /** Has the streams read at once. */
  look(): void;
  stop(): Promise<void>;
}

export interface StreamPollerOptions {
  readonly mappings: StreamMapping[];
  readonly functions: Functions;
  readonly checkpoints: Checkpoints;
  /** Calls DynamoDB Local. */
  readonly call: JsonCall;
  now(): number;
  log(line: string): void;
}

/**
 * Delivers the tables' streams to their functions until stopped. Mappings of the same stream share its reader: DynamoDB
 * Local spends as much on a read as on a write.
 */
export function startStreamPollers(options: StreamPollerOptions): RunningPollers {
  const stopping = new AbortController();
  const bell = createBell(stopping.signal);
  const groups = Map.groupBy(options.mappings, readerOf);
  const running = [...groups.values()].map((group) => run(group, bell, options));
  return {
    look: bell.ring,
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

const readerOf = ({ localStreamArn, startingPosition }: StreamMapping): string =>
  `${localStreamArn} ${startingPosition}`;

/** @param mappings of one stream, with the same starting position */
async function run(
  mappings: StreamMapping[],
  bell: Bell,
  { call, functions, checkpoints, now, log }: StreamPollerOptions,
): Promise<void> {
  const [{ localStreamArn, startingPosition, streamArn }] = mappings as [StreamMapping];
  const { signal } = bell;
  const deliveries = mappings.map((mapping) =>
    openDelivery(mapping, signal, { functions, checkpoints, now }),
  );
  await readStream({
    call,
    streamArn: localStreamArn,
    startingPosition,
    checkpoint: (shardId) => oldest(deliveries.map(({ checkpoint }) => checkpoint(shardId))),
    onRecords(shardId, records) {
      const lambdaRecords = records.map((record) => toLambdaRecord(record, streamArn, now));
      for (const delivery of deliveries) delivery.add(shardId, lambdaRecords);
    },
    bell,
    log,
  });
  await Promise.all(deliveries.map(({ idle }) => idle()));
}

type DeliveryOptions = Pick<StreamPollerOptions, 'functions' | 'checkpoints' | 'now'>;

/** Delivers the records of one mapping, shard by shard. */
function openDelivery(mapping: StreamMapping, signal: AbortSignal, options: DeliveryOptions) {
  const shards = new Map<string, ReturnType<typeof openShard>>();
  const shardOf = (id: string) => {
    const shard = shards.get(id) ?? openShard(id, mapping, signal, options);
    shards.set(id, shard);
    return shard;
  };
  return {
    checkpoint: (shardId: string) => options.checkpoints.get(`${mapping.id}/${shardId}`),
    add: (shardId: string, records: StreamRecord[]) => shardOf(shardId).add(records),
    idle: () => Promise.all([...shards.values()].map(({ idle }) => idle())),
  };
}

/** The position from which no mapping misses a record; undefined is the stream's starting position. */
function oldest(positions: (string | undefined)[]): string | undefined {
  return positions.reduce((a, b) => (a === undefined || b === undefined || isAfter(b, a) ? a : b));
}

/** Sequence numbers are decimal numbers of up to 40 digits. */
const isAfter = (one: string, other: string): boolean => BigInt(one) > BigInt(other);

interface Lane {
  readonly queue: StreamRecord[];
  busy: boolean;
}

/** Delivers one shard's records in parallel lanes. A failing record blocks only its own lane. */
function openShard(
  shardId: string,
  mapping: StreamMapping,
  signal: AbortSignal,
  options: DeliveryOptions,
) {
  const key = `${mapping.id}/${shardId}`;
  const delivered = options.checkpoints.get(key);
  const progress = trackProgress(delivered);
  const lanes = Array.from({ length: mapping.lanes }, (): Lane => ({ queue: [], busy: false }));
  const draining = new Set<Promise<void>>();

  async function drain(lane: Lane) {
    lane.busy = true;
    while (lane.queue.length && !signal.aborted) {
      const batch = lane.queue.splice(0, mapping.batchSize);
      await deliver(batch, {
        rules: mapping,
        shardId,
        signal,
        invoke: (batch) => options.functions.invoke(mapping.functionName, mapping.eventOf(batch)),
        giveUp: (letter) => mapping.deadLetters?.messages.push(letter),
        now: options.now,
      });
      if (!signal.aborted) finished(batch);
    }
    lane.busy = false;
  }

  function finished(records: StreamRecord[]) {
    const done = progress.done(records.map(({ dynamodb }) => dynamodb.SequenceNumber));
    if (done !== undefined) options.checkpoints.set(key, done);
  }

  function add(read: StreamRecord[]) {
    // The reader starts at the oldest checkpoint. What this mapping has had in an earlier run is not delivered again.
    const records = read.filter(
      ({ dynamodb }) => delivered === undefined || isAfter(dynamodb.SequenceNumber, delivered),
    );
    for (const record of records) {
      progress.add(record.dynamodb.SequenceNumber);
      if (mapping.matches(record)) lanes[laneOf(record, lanes.length)]?.queue.push(record);
    }
    finished(records.filter((record) => !mapping.matches(record)));
    for (const lane of lanes) {
      if (!lane.queue.length || lane.busy) continue;
      const work = drain(lane).finally(() => draining.delete(work));
      draining.add(work);
    }
  }

  return { add, idle: () => Promise.all(draining) };
}

function laneOf({ dynamodb }: StreamRecord, lanes: number): number {
  const keys = JSON.stringify(Object.entries(dynamodb.Keys).toSorted());
  return createHash('sha256').update(keys).digest().readUInt32BE() % lanes;
}
