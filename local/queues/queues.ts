import { openJsonFile } from '../json-file.ts';
import type { Resource, Templates } from '../template/template.ts';
import { type DeadLetterQueue, openDeadLetterQueues } from './dead-letters.ts';
import { type Message, openQueue, type Queue, type QueueRules } from './queue.ts';

interface QueueProperties {
  DelaySeconds?: number;
  VisibilityTimeout?: number;
  MessageRetentionPeriod?: number;
  FifoQueue?: boolean;
  RedrivePolicy?: { deadLetterTargetArn: string; maxReceiveCount: number };
}

interface Options {
  /** Keeps the messages between runs; without one they are in memory. */
  readonly directory?: string | undefined;
  now(): number;
}

interface Queues {
  readonly queues: Queue[];
  readonly deadLetters: DeadLetterQueue[];
}

/**
 * Creates the queues that the templates declare.
 * @throws Error that names a FIFO queue, or a queue whose dead-letter queue does not exist
 */
export function openQueues(templates: Templates, options: Options): Queues {
  const file = openJsonFile<Message[]>('queues.json', options.directory);
  const deadLetters = openDeadLetterQueues(templates);
  const queues = templates.resources('AWS::SQS::Queue').map((resource) => {
    const { logicalId, physicalId: url } = resource;
    const properties = resource.properties as QueueProperties;
    if (properties.FifoQueue) throw new Error(`Queue ${logicalId}: FIFO queues are not supported`);
    const arn = templates.attribute(resource, 'Arn');
    const target = redriveTarget(resource, deadLetters);
    return openQueue({
      url,
      arn,
      queueName: templates.attribute(resource, 'QueueName'),
      rules: rulesOf(properties),
      kept: file.get(arn) ?? [],
      keep: (messages) => file.set(arn, messages),
      redrive: (message) => target?.redriven.push(message),
      now: options.now,
    });
  });
  return { queues, deadLetters };
}

/** The queue's rules, with AWS's defaults. */
function rulesOf(properties: QueueProperties): QueueRules {
  return {
    delaySeconds: Number(properties.DelaySeconds ?? 0),
    visibilitySeconds: Number(properties.VisibilityTimeout ?? 30),
    retentionSeconds: Number(properties.MessageRetentionPeriod ?? 4 * 24 * 3600),
    maxReceiveCount: Number(properties.RedrivePolicy?.maxReceiveCount ?? Number.POSITIVE_INFINITY),
  };
}

function redriveTarget({ logicalId, properties }: Resource, deadLetters: DeadLetterQueue[]) {
  const wanted = (properties as QueueProperties).RedrivePolicy?.deadLetterTargetArn;
  const target = deadLetters.find(({ arn }) => arn === wanted);
  if (wanted && !target) throw new Error(`Queue ${logicalId}: there is no queue ${wanted}`);
  return target;
}
