import type { Templates } from '../template/template.ts';
import type { Message } from './queue.ts';

/** What is given up, as Lambda tells the on-failure destination: where the records were, not what they hold. */
export interface DeadLetter {
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
    readonly approximateInvokeCount: number;
  };
  readonly responseContext: {
    readonly statusCode: 200;
    readonly executedVersion: '$LATEST';
    readonly functionError?: 'Unhandled';
  };
  readonly version: '1.0';
  readonly timestamp: string;
  readonly DDBStreamBatchInfo: {
    readonly shardId: string;
    readonly startSequenceNumber: string;
    readonly endSequenceNumber: string;
    readonly approximateArrivalOfFirstRecord: string;
    readonly approximateArrivalOfLastRecord: string;
    readonly batchSize: number;
    readonly streamArn: string;
  };
}

/** A queue that collects what was given up, oldest first. */
export interface DeadLetterQueue {
  readonly queueName: string;
  readonly arn: string;
  /** What an event source told of records that it gave up. */
  readonly messages: DeadLetter[];
  /** What another queue's consumer did not get done. */
  readonly redriven: Message[];
}

interface Naming {
  RedrivePolicy?: { deadLetterTargetArn?: string };
  DestinationConfig?: { OnFailure?: { Destination?: string } };
}

/** @returns the queues that a template names as the place for what was given up */
export function openDeadLetterQueues(templates: Templates): DeadLetterQueue[] {
  const queues = templates.resources('AWS::SQS::Queue');
  const mappings = templates.resources('AWS::Lambda::EventSourceMapping');
  const named = [...queues, ...mappings].map(({ properties }) => {
    const { RedrivePolicy, DestinationConfig } = properties as Naming;
    return RedrivePolicy?.deadLetterTargetArn ?? DestinationConfig?.OnFailure?.Destination;
  });
  return queues
    .map((queue) => ({
      queueName: templates.attribute(queue, 'QueueName'),
      arn: templates.attribute(queue, 'Arn'),
      messages: [],
      redriven: [],
    }))
    .filter(({ arn }) => named.includes(arn));
}
