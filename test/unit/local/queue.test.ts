import { describe, expect, it } from 'vitest';
import { createClock } from '../../../local/clock.ts';
import { type Message, openQueue, type QueueRules } from '../../../local/queues/queue.ts';

const rules: QueueRules = {
  delaySeconds: 0,
  visibilitySeconds: 30,
  retentionSeconds: 3600,
  maxReceiveCount: 2,
};

function open(changes: Partial<QueueRules> = {}, kept: Message[] = []) {
  let time = Date.UTC(2026, 0, 1);
  const redriven: string[] = [];
  let stored: Message[] = kept;
  const queue = openQueue({
    queueName: 'queue',
    url: 'url',
    arn: 'arn',
    kept,
    rules: { ...rules, ...changes },
    keep: (messages) => {
      stored = messages;
    },
    redrive: ({ body }) => redriven.push(body),
    now: () => time,
  });
  return {
    queue,
    redriven,
    stored: () => stored,
    bodies: (most = 10) => queue.receive(most).map(({ body }) => body),
    advance(seconds: number) {
      time += seconds * 1000;
    },
    /** Receives everything that is due and deletes nothing. */
    fail() {
      const taken = queue.receive(10);
      for (const { messageId } of taken) queue.settle(messageId, false);
      return taken.map(({ body }) => body);
    },
  };
}

describe('a message', () => {
  it('that is delayed is not received before its time, and then at once', () => {
    const { queue, bodies, advance } = open();
    queue.send('later', 60);
    queue.send('now', 0);
    expect(bodies()).toEqual(['now']);
    advance(59);
    expect(bodies()).toEqual([]);
    advance(1);
    expect(bodies()).toEqual(['later']);
  });

  it('without a delay of its own has the queue’s; zero counts as its own', () => {
    const { queue, bodies } = open({ delaySeconds: 5 });
    queue.send('later');
    queue.send('now', 0);
    expect(bodies()).toEqual(['now']);
  });

  it('that is deleted is gone', () => {
    const { queue, bodies, advance } = open();
    const { messageId } = queue.send('a');
    bodies();
    queue.settle(messageId, true);
    advance(31);
    expect(bodies()).toEqual([]);
    expect(queue.messages()).toEqual([]);
  });

  it('that failed is hidden until its visibility timeout ends, counted from its receipt', () => {
    const { queue, fail, advance } = open();
    queue.send('a');
    expect(fail()).toEqual(['a']);
    advance(29);
    expect(fail()).toEqual([]);
    advance(1);
    expect(queue.receive(1)).toMatchObject([{ body: 'a', receiveCount: 2 }]);
  });

  it('that an invocation has is not received by another, however far the clock moves', () => {
    const { queue, bodies, advance } = open();
    const { messageId } = queue.send('a');
    bodies();
    advance(1000);
    expect(bodies()).toEqual([]);
    queue.settle(messageId, false);
    expect(bodies()).toEqual(['a']);
  });

  it('that was received as often as the policy allows goes to the dead letters', () => {
    const { queue, redriven, fail, advance } = open();
    queue.send('a');
    for (const _ of [1, 2]) {
      expect(fail()).toEqual(['a']);
      expect(redriven).toEqual([]);
      advance(30);
    }
    expect(fail()).toEqual([]);
    expect(redriven).toEqual(['a']);
    expect(queue.messages()).toEqual([]);
  });

  it('without a redrive policy is received until the queue’s retention ends', () => {
    const limits = { maxReceiveCount: Number.POSITIVE_INFINITY, retentionSeconds: 100 };
    const { queue, redriven, fail, advance } = open(limits);
    queue.send('a');
    for (const _ of [1, 2, 3]) {
      expect(fail()).toEqual(['a']);
      advance(33);
    }
    advance(1);
    expect(fail()).toEqual([]);
    expect([...queue.messages(), ...redriven]).toEqual([]);
  });
});

describe('a queue', () => {
  it('returns as many messages as are requested, oldest first', () => {
    const { queue, bodies } = open();
    for (const body of ['a', 'b', 'c']) queue.send(body);
    expect(bodies(2)).toEqual(['a', 'b']);
    expect(bodies(2)).toEqual(['c']);
  });

  it('that opens again has its messages, their counts, and those that were not deleted', () => {
    const first = open();
    first.queue.send('a');
    const { messageId } = first.queue.send('done');
    first.bodies();
    first.queue.settle(messageId, true);
    const second = open({}, first.stored());
    expect(second.bodies()).toEqual([]);
    second.advance(30);
    expect(second.queue.receive(10)).toMatchObject([{ body: 'a', receiveCount: 2 }]);
  });

  it('follows the clock of the local cloud', () => {
    const { now, advance } = createClock();
    const named = { queueName: 'queue', url: 'url', arn: 'arn', kept: [], rules };
    const queue = openQueue({ ...named, keep: () => {}, redrive: () => {}, now });
    queue.send('a', 900);
    expect(queue.receive(10)).toEqual([]);
    advance(900);
    expect(queue.receive(10)).toHaveLength(1);
  });
});
