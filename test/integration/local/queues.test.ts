import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createClock } from '../../../local/clock.ts';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import type { QueueRecord } from '../../../local/event-sources/queue-poller.ts';
import { fixture } from '../../support/world/fixture-cloud.ts';

/** Milliseconds after which a wait gives up. A green run never waits this long. */
const lastResort = 300_000;

interface CallResult {
  output?: Record<string, unknown>;
  error?: { name: string; message: string; status?: number };
}

const account = 'https://sqs.me-south-1.amazonaws.com/000000000000';
const jobs = `${account}/fixture-Jobs`;
const lines: string[] = [];
const clock = createClock();
let cloud: Cloud;

beforeAll(async () => {
  cloud = await startCloud({
    templates: [fixture],
    clock,
    onLog: ({ functionName, line }) => lines.push(`${functionName}: ${line}`),
  });
});
afterAll(() => cloud?.stop());
afterEach(() => {
  cloud.hooks.onCall = undefined;
  cloud.hooks.onAnswer = undefined;
});

async function send(MessageBody: string, more: object = {}): Promise<CallResult> {
  const input = { QueueUrl: jobs, MessageBody, ...more };
  const outcome = await cloud.invoke('caller', { service: 'sqs', operation: 'SendMessage', input });
  if (!outcome.ok) throw new Error(outcome.errorMessage);
  return outcome.value as CallResult;
}

/** The records of this message that the worker received. */
function deliveries(body: string): QueueRecord[] {
  return lines
    .filter((line) => line.startsWith('worker: ') && line.includes('"jobs"'))
    .flatMap((line) => JSON.parse(line.replace('worker: ', '')).message.jobs as QueueRecord[])
    .filter((record) => record.body === body);
}

function delivered(body: string, times = 1) {
  return vi.waitFor(() => {
    expect(deliveries(body)).toHaveLength(times);
    return deliveries(body);
  }, lastResort);
}

const waiting = () => cloud.queues.flatMap((queue) => queue.messages().map(({ body }) => body));
const pause = () => new Promise((resolve) => setTimeout(resolve, 300));

describe('a message', () => {
  it('stays in the local cloud when the app’s client sends it, and reaches the function as a Lambda event', async () => {
    const { output } = await send('رسالة & <one>');
    const [record] = await delivered('رسالة & <one>');
    expect(output).toEqual({
      MessageId: record?.messageId,
      MD5OfMessageBody: record?.md5OfBody,
    });
    expect(record).toMatchObject({
      receiptHandle: expect.any(String),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:me-south-1:000000000000:fixture-Jobs',
      awsRegion: 'me-south-1',
    });
    await vi.waitFor(() => expect(waiting()).toEqual([]));
  });

  it('arrives when the clock reaches its delayed time, and then leaves the queue', async () => {
    await send('in fifteen minutes', { DelaySeconds: 900 });
    clock.advance(890);
    await pause();
    expect(deliveries('in fifteen minutes')).toEqual([]);
    clock.advance(10);
    await delivered('in fifteen minutes');
    await vi.waitFor(() => expect(waiting()).toEqual([]));
  });

  it('comes again alone when it is reported as failed, and finally becomes a dead letter', async () => {
    await Promise.all([send('poison'), send('good')]);
    await delivered('good');
    await delivered('poison');
    await vi.waitFor(() => expect(waiting()).toEqual(['poison']));
    clock.advance(30);
    const [, second] = await delivered('poison', 2);
    expect(second?.attributes['ApproximateReceiveCount']).toBe('2');
    await pause();
    clock.advance(30);
    await vi.waitFor(() => expect(wornOut()).toContain('poison'), 5000);
    expect(waiting()).toEqual([]);
    expect([deliveries('poison').length, deliveries('good').length]).toEqual([2, 1]);
  });

  it('comes again after the visibility timeout when its invocation crashes', async () => {
    await send('crash');
    await delivered('crash');
    await pause();
    expect(deliveries('crash')).toHaveLength(1);
    clock.advance(30);
    await delivered('crash', 2);
  });

  function wornOut() {
    const queue = cloud.deadLetters.find(({ queueName }) => queueName === 'fixture-WornOut');
    return queue?.redriven.map(({ body }) => body);
  }
});

describe('sending', () => {
  it('is refused as AWS refuses it where the role does not allow it, and the log names the missing statement', async () => {
    const { error } = await send('no', { QueueUrl: `${account}/fixture-Queue` });
    const arn = 'arn:aws:sqs:me-south-1:000000000000:fixture-Queue';
    expect(error).toMatchObject({ name: 'AccessDenied', status: 403 });
    expect(error?.message).toContain(
      `not authorized to perform: sqs:SendMessage on resource: ${arn}`,
    );
    expect(lines).toContain(
      `caller: Access denied: the role of caller lacks a statement that allows sqs:SendMessage on ${arn}`,
    );
    expect(waiting()).not.toContain('no');
  });

  it('fails with the SDK’s error name for a queue that does not exist', async () => {
    const { error } = await send('no', { QueueUrl: `${account}/gone` });
    expect(error).toMatchObject({ name: 'QueueDoesNotExist', status: 400 });
  });

  it.each([-1, 901])('is refused with a delay of %s seconds', async (DelaySeconds) => {
    const { error } = await send('no', { DelaySeconds });
    expect(error).toEqual({
      name: 'InvalidParameterValue',
      status: 400,
      message: `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    });
  });

  it('is refused with attributes that the local queue would lose', async () => {
    const MessageAttributes = { name: { DataType: 'String', StringValue: 'value' } };
    expect((await send('no', { MessageAttributes })).error?.name).toBe('UnsupportedOperation');
  });

  it('fails with the error a hook throws, and puts nothing in the queue', async () => {
    cloud.hooks.onCall = () => {
      throw Object.assign(new Error('no'), { name: 'KmsDisabled' });
    };
    expect((await send('hooked', { DelaySeconds: 60 })).error?.name).toBe('KmsDisabled');
    expect(waiting()).not.toContain('hooked');
  });

  it('leaves no message when the function is killed before the call, and one when it is killed after', async () => {
    cloud.hooks.onCall = () => cloud.kill('caller');
    await expect(send('before', { DelaySeconds: 60 })).rejects.toThrow('Runtime exited');
    cloud.hooks.onCall = undefined;
    cloud.hooks.onAnswer = () => cloud.kill('caller');
    await expect(send('after', { DelaySeconds: 60 })).rejects.toThrow('Runtime exited');
    expect(waiting()).toContain('after');
    expect(waiting()).not.toContain('before');
  });
});

describe('stopping', () => {
  it('ends all deliveries', async () => {
    await send('too late', { DelaySeconds: 60 });
    await cloud.stop();
    clock.advance(60);
    await pause();
    expect(deliveries('too late')).toEqual([]);
    expect(process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap')).toEqual([]);
  });
});
