import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { QueueMapping } from '../../../local/event-sources/queue-mapping.ts';
import {
  failedIds,
  type QueueRecord,
  startQueuePollers,
} from '../../../local/event-sources/queue-poller.ts';
import type { Outcome } from '../../../local/functions/functions.ts';
import { openQueue } from '../../../local/queues/queue.ts';

const done: Outcome = { ok: true, value: null };
const crashed: Outcome = { ok: false, errorType: 'Error', errorMessage: 'no' };
const reported = (...ids: unknown[]): Outcome => ({
  ok: true,
  value: { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) },
});

describe('a batch', () => {
  const ab = [{ messageId: 'a' }, { messageId: 'b' }];

  it.each([
    ['none when the function succeeds', done, []],
    ['all when the invocation fails', crashed, ['a', 'b']],
    ['those that the function reports', reported('b'), ['b']],
    ['none when it reports none', reported(), []],
    ['all when it reports one that is not in the batch', reported('b', 'x'), ['a', 'b']],
    ['all when it reports one without a name', reported(''), ['a', 'b']],
    ['all when it reports nothing that is a name', reported(undefined), ['a', 'b']],
  ])('is received again with %s', (_, outcome, failed) => {
    expect([...failedIds(outcome, ab, true)]).toEqual(failed);
  });

  it('fails as a whole when the function does not report single failures', () => {
    expect([...failedIds(reported('a'), ab, false)]).toEqual([]);
    expect([...failedIds(crashed, ab, false)]).toEqual(['a', 'b']);
  });
});

describe('a poller', () => {
  let poller: ReturnType<typeof startQueuePollers> | undefined;
  afterEach(() => poller?.stop());

  /** Starts a poller for a queue with messages; `answer` ends an invocation. */
  function start(count: number, changes: Partial<QueueMapping> = {}) {
    const queue = openQueue({
      queueName: 'queue',
      url: 'url',
      arn: 'arn',
      kept: [],
      rules: { delaySeconds: 0, visibilitySeconds: 30, retentionSeconds: 3600, maxReceiveCount: 3 },
      keep: () => {},
      redrive: () => {},
      now: Date.now,
    });
    for (let n = 0; n < count; n += 1) queue.send(`message ${n}`);
    const pending: ((outcome: Outcome) => void)[] = [];
    const batches: QueueRecord[][] = [];
    const invoke = (_name: string, event: unknown) => {
      batches.push((event as { Records: QueueRecord[] }).Records);
      return new Promise<Outcome>((resolve) => void pending.push(resolve));
    };
    const mapping: QueueMapping = {
      functionName: 'worker',
      queue,
      reportsItemFailures: true,
      batchSize: 10,
      maximumConcurrency: 2,
      ...changes,
    };
    poller = startQueuePollers({ mappings: [mapping], functions: { invoke } });
    return { queue, batches, pending };
  }

  it('invokes with batches of its size, and runs no more invocations at once than allowed', async () => {
    const { queue, batches, pending } = start(7, { batchSize: 2 });
    await sleep(250);
    expect(batches.map(({ length }) => length)).toEqual([2, 2]);
    pending[0]?.(done);
    await vi.waitFor(() => expect(batches).toHaveLength(3));
    expect(queue.messages()).toHaveLength(5);
    for (const end of pending) end(done);
    await vi.waitFor(() => expect(batches).toHaveLength(4));
    expect(batches[3]).toHaveLength(1);
    for (const end of pending) end(done);
    await vi.waitFor(() => expect(queue.messages()).toEqual([]));
  });

  it('stops when its invocations have ended, keeps what they left, and starts no other', async () => {
    const { queue, batches, pending } = start(2, { batchSize: 1 });
    await vi.waitFor(() => expect(pending).toHaveLength(2));
    queue.send('one more');
    const stopping = poller?.stop();
    pending[0]?.(crashed);
    expect(await Promise.race([stopping, sleep(150, 'still running')])).toBe('still running');
    pending[1]?.(done);
    await stopping;
    await sleep(150);
    expect(batches).toHaveLength(2);
    expect(queue.messages().map(({ body }) => body)).toEqual(['message 0', 'one more']);
  });
});
