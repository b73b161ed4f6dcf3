import { expect, it } from 'vitest';
import { createBell } from '../../../local/event-sources/stream-bell.ts';
import type { StreamMapping } from '../../../local/event-sources/stream-mapping.ts';
import { startStreamPollers } from '../../../local/event-sources/stream-poller.ts';
import type { StreamRecord } from '../../../local/event-sources/stream-record.ts';
import type { Functions } from '../../../local/functions/functions.ts';
import type { JsonCall } from '../../../local/http-client.ts';
import { openJsonFile } from '../../../local/json-file.ts';

const anHour = 3_600_000;

const mapping = (id: string): StreamMapping => ({
  id,
  functionName: id,
  functionArn: `arn:${id}`,
  streamArn: 'arn:stream',
  localStreamArn: 'local',
  batchSize: 10,
  lanes: 1,
  bisect: false,
  reportsItemFailures: false,
  maximumRetries: 0,
  maximumAgeSeconds: Number.POSITIVE_INFINITY,
  startingPosition: 'TRIM_HORIZON',
  matches: () => true,
  eventOf: (records) => records,
});

const record = (SequenceNumber: string) => ({
  eventID: SequenceNumber,
  eventName: 'INSERT',
  dynamodb: { SequenceNumber, Keys: { pk: { S: SequenceNumber } } },
});

/** A stream of one shard that stays open. A read from a position gets what comes after it. */
function stream(numbers: string[]) {
  const operations: string[] = [];
  const call = async (
    target: string,
    body: { ShardIterator?: string; SequenceNumber?: string },
  ) => {
    operations.push(target.split('.')[1] ?? '');
    if (target.endsWith('DescribeStream'))
      return { StreamDescription: { Shards: [{ ShardId: 'shard' }] } };
    if (target.endsWith('GetShardIterator')) return { ShardIterator: body.SequenceNumber ?? '0' };
    const after = BigInt(body.ShardIterator ?? '0');
    const Records = numbers.filter((number) => BigInt(number) > after).map(record);
    return { Records, NextShardIterator: numbers.at(-1) ?? String(after) };
  };
  return { operations, call: call as JsonCall };
}

function start(ids: string[], call: JsonCall, checkpoints = openJsonFile<string>('none')) {
  const delivered: Record<string, string[]> = Object.fromEntries(ids.map((id) => [id, []]));
  const invoke = async (name: string, event: unknown) => {
    const numbers = (event as StreamRecord[]).map(({ dynamodb }) => dynamodb.SequenceNumber);
    delivered[name]?.push(...numbers);
    return { ok: true, value: null };
  };
  const pollers = startStreamPollers({
    mappings: ids.map(mapping),
    functions: { invoke } as Functions,
    checkpoints,
    call,
    now: Date.now,
    log: () => undefined,
  });
  return { delivered, ...pollers };
}

it('two mappings of a stream share its reader, and each gets every record once', async () => {
  const { operations, call } = stream(['1', '2', '3']);
  const { delivered, stop } = start(['sender', 'publisher'], call);
  await expect
    .poll(() => delivered)
    .toEqual({ sender: ['1', '2', '3'], publisher: ['1', '2', '3'] });
  await stop();
  expect(operations.filter((name) => name === 'DescribeStream')).toHaveLength(1);
  expect(operations.filter((name) => name === 'GetShardIterator')).toHaveLength(1);
});

it('a mapping that was ahead in an earlier run gets nothing twice, and the other one misses nothing', async () => {
  const checkpoints = openJsonFile<string>('none');
  // As text, '9' comes after '10'.
  checkpoints.set('sender/shard', '10');
  checkpoints.set('publisher/shard', '9');
  const { call } = stream(['8', '9', '10', '11']);
  const { delivered, stop } = start(['sender', 'publisher'], call, checkpoints);
  await expect.poll(() => delivered).toEqual({ sender: ['11'], publisher: ['10', '11'] });
  await stop();
  expect(checkpoints.get('sender/shard')).toBe('11');
  expect(checkpoints.get('publisher/shard')).toBe('11');
});

it('a write is read at the ring, and not when the idle time is over', async () => {
  const bell = createBell(new AbortController().signal);
  const waiting = bell.waitForRing(bell.rings(), anHour);
  bell.ring();
  await waiting;
});

it('a write during a read is not missed', async () => {
  const bell = createBell(new AbortController().signal);
  const before = bell.rings();
  bell.ring();
  await bell.waitForRing(before, anHour);
});

it('a stop ends the wait for a write', async () => {
  const stopping = new AbortController();
  const bell = createBell(stopping.signal);
  const waiting = bell.waitForRing(bell.rings(), anHour);
  stopping.abort();
  await waiting;
  await bell.waitForRing(bell.rings(), anHour);
});
