import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Functions, Outcome } from '../functions/functions.ts';
import { type Message, md5, type Queue } from '../queues/queue.ts';
import { region } from '../template/physical-ids.ts';
import type { QueueMapping } from './queue-mapping.ts';

/** A message in the form that Lambda passes to a function. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, never>>;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

interface Options {
  readonly mappings: QueueMapping[];
  readonly functions: Pick<Functions, 'invoke'>;
}

/** In real time. A move of the clock takes effect at the next poll. */
const idleMilliseconds = 100;

/** Delivers the queues to their functions until stopped. */
export function startQueuePollers({ mappings, functions }: Options): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = mappings.map((mapping) => poll(mapping, functions, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function poll(mapping: QueueMapping, functions: Options['functions'], signal: AbortSignal) {
  const { queue, batchSize, maximumConcurrency } = mapping;
  const running = new Set<Promise<void>>();
  while (!signal.aborted) {
    const batch = running.size < maximumConcurrency ? queue.receive(batchSize) : [];
    if (batch.length) {
      const work = deliver(batch, mapping, functions).finally(() => running.delete(work));
      running.add(work);
    } else await sleep(idleMilliseconds, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(running);
}

async function deliver(
  batch: Message[],
  { functionName, queue, reportsItemFailures }: QueueMapping,
  functions: Options['functions'],
): Promise<void> {
  const Records = batch.map((message) => queueRecord(message, queue));
  const outcome = await functions.invoke(functionName, { Records });
  const failed = failedIds(outcome, batch, reportsItemFailures);
  for (const { messageId } of batch) queue.settle(messageId, !failed.has(messageId));
}

/** @returns the ids of the messages to deliver again */
export function failedIds(
  outcome: Outcome,
  batch: Pick<Message, 'messageId'>[],
  reportsItemFailures: boolean,
): Set<string> {
  const all = new Set(batch.map(({ messageId }) => messageId));
  if (!outcome.ok) return all;
  if (!reportsItemFailures) return new Set();
  const { batchItemFailures } = (outcome.value ?? {}) as {
    batchItemFailures?: { itemIdentifier?: string }[] | null;
  };
  const reported = (batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier ?? '');
  // As on Lambda, an unknown identifier fails the whole batch.
  return reported.every((id) => all.has(id)) ? new Set(reported) : all;
}

function queueRecord(message: Message, { arn }: Queue): QueueRecord {
  return {
    messageId: message.messageId,
    receiptHandle: randomUUID(),
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt),
      SenderId: 'AROALOCAL:local',
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    },
    messageAttributes: {},
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: region,
  };
}
