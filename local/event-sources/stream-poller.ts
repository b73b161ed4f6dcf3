import { createHash } from 'node:crypto';
import type { Functions } from '../functions/functions.ts';
import type { JsonCall } from '../http-client.ts';
import { type Checkpoints, trackProgress } from './checkpoints.ts';
import { deliver } from './stream-batch.ts';
import type { StreamMapping } from './stream-mapping.ts';
import { readStream } from './stream-reader.ts';
import { type StreamRecord, toLambdaRecord } from './stream-record.ts';

export interface StreamPollerOptions {
  readonly mappings: StreamMapping[];
  readonly functions: Functions;
  readonly checkpoints: Checkpoints;
  /** Calls DynamoDB Local. */
  readonly call: JsonCall;
  now(): number;
  log(line: string): void;
}

/** Delivers the tables' streams to their functions until stopped. */
export function startStreamPollers(options: StreamPollerOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = options.mappings.map((mapping) => run(mapping, stopping.signal, options));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function run(
  mapping: StreamMapping,
  signal: AbortSignal,
  options: StreamPollerOptions,
): Promise<void> {
  const shards = new Map<string, ReturnType<typeof openShard>>();
  const shardOf = (id: string) => {
    const shard = shards.get(id) ?? openShard(id, mapping, signal, options);
    shards.set(id, shard);
    return shard;
  };
  await readStream({
    call: options.call,
    streamArn: mapping.localStreamArn,
    startingPosition: mapping.startingPosition,
    checkpoint: (shardId) => options.checkpoints.get(`${mapping.id}/${shardId}`),
    onRecords(shardId, records) {
      const { streamArn } = mapping;
      const lambdaRecords = records.map((record) => toLambdaRecord(record, streamArn, options.now));
      shardOf(shardId).add(lambdaRecords);
    },
    signal,
    log: options.log,
  });
  await Promise.all([...shards.values()].map(({ idle }) => idle()));
}

interface Lane {
  readonly queue: StreamRecord[];
  busy: boolean;
}

/** Delivers one shard's records in parallel lanes. A failing record blocks only its own lane. */
function openShard(
  shardId: string,
  mapping: StreamMapping,
  signal: AbortSignal,
  options: StreamPollerOptions,
) {
  const key = `${mapping.id}/${shardId}`;
  const progress = trackProgress(options.checkpoints.get(key));
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

  function add(records: StreamRecord[]) {
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
