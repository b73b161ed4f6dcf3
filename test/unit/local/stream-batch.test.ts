import { describe, expect, it } from 'vitest';
import { trackProgress } from '../../../local/event-sources/checkpoints.ts';
import {
  type DeadLetter,
  type DeliveryRules,
  deliver,
} from '../../../local/event-sources/stream-batch.ts';
import type { StreamRecord } from '../../../local/event-sources/stream-record.ts';
import type { Outcome } from '../../../local/functions/functions.ts';

const now = Date.UTC(2026, 0, 1);

function record(SequenceNumber: string, ageSeconds = 0): StreamRecord {
  const ApproximateCreationDateTime = now / 1000 - ageSeconds;
  const dynamodb = { ApproximateCreationDateTime, Keys: {}, SequenceNumber };
  return { dynamodb } as StreamRecord;
}

const rules: DeliveryRules = {
  functionArn: 'function',
  streamArn: 'stream',
  bisect: false,
  reportsItemFailures: true,
  maximumRetries: 1,
  maximumAgeSeconds: 60,
};

/**
 * Delivers records to a function; returns the batches it got, and the records that were given up.
 */
async function delivery(
  records: StreamRecord[],
  answer: (ids: string[]) => Outcome,
  changes: Partial<DeliveryRules> = {},
) {
  const batches: string[] = [];
  const letters: DeadLetter[] = [];
  await deliver(records, {
    rules: { ...rules, ...changes },
    shardId: 'shard',
    signal: new AbortController().signal,
    async invoke(batch) {
      const ids = batch.map(({ dynamodb }) => dynamodb.SequenceNumber);
      batches.push(ids.join(''));
      return answer(ids);
    },
    giveUp: (letter) => letters.push(letter),
    now: () => now,
  });
  const givenUp = letters.map(({ requestContext, DDBStreamBatchInfo: info }) => [
    requestContext.condition,
    `${info.startSequenceNumber}-${info.endSequenceNumber}`,
  ]);
  return { batches, givenUp };
}

const done: Outcome = { ok: true, value: null };
const crashed: Outcome = { ok: false, errorType: 'Error', errorMessage: 'no' };
const reported = (...ids: string[]): Outcome => ({
  ok: true,
  value: { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) },
});
const abcd = ['a', 'b', 'c', 'd'].map((id) => record(id));

describe('the delivery of a batch', () => {
  it('happens once when the function succeeds', async () => {
    expect(await delivery(abcd, () => done)).toEqual({ batches: ['abcd'], givenUp: [] });
  });

  it('continues from the lowest reported failure', async () => {
    let first = true;
    const { batches } = await delivery(abcd, () => {
      const answer = first ? reported('d', 'c') : done;
      first = false;
      return answer;
    });
    expect(batches).toEqual(['abcd', 'cd']);
  });

  it('starts over when the report names a record that is not in the batch', async () => {
    const { batches } = await delivery(abcd, () => reported('x'));
    expect(batches).toEqual(['abcd', 'abcd']);
  });

  it('ignores reports of a function that is not configured for them', async () => {
    const { batches } = await delivery(abcd, () => reported('a'), { reportsItemFailures: false });
    expect(batches).toEqual(['abcd']);
  });

  it('is retried whole and then given up whole, without bisecting', async () => {
    expect(await delivery(abcd, () => crashed)).toEqual({
      batches: ['abcd', 'abcd'],
      givenUp: [['RetryAttemptsExhausted', 'a-d']],
    });
  });

  it('bisects down to the record that crashes the function, in order', async () => {
    const answer = (ids: string[]) => (ids.includes('b') ? crashed : done);
    expect(await delivery(abcd, answer, { bisect: true })).toEqual({
      batches: ['abcd', 'ab', 'a', 'b', 'b', 'cd'],
      givenUp: [['RetryAttemptsExhausted', 'b-b']],
    });
  });

  it('leaves out records that are too old', async () => {
    const records = [record('a', 61), record('b', 59)];
    expect(await delivery(records, () => done)).toEqual({
      batches: ['b'],
      givenUp: [['RecordAgeExceeded', 'a-a']],
    });
  });
});

describe('the progress of a shard', () => {
  it('never passes a record that is still in flight', () => {
    const progress = trackProgress('0');
    for (const id of ['1', '2', '3']) progress.add(id);
    expect(progress.done(['2', '3'])).toBe('0');
    expect(progress.done(['1'])).toBe('3');
  });
});
