import type { Templates } from '../template/template.ts';
import type { Message } from './queue.ts';

/**
 * What Lambda sends to the on-failure destination when it gives up records of a stream. It holds
 * the position of the records, not their content. A pipe's letter names the pipe instead of the
 * function, with the same `DDBStreamBatchInfo`; here it has Lambda's form.
 */
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

/** A queue that collects undeliverable messages, oldest first. */
export interface DeadLetterQueue {
  readonly queueName: string;
  readonly arn: string;
  /** Reports of stream records that an event source gave up. */
  readonly messages: DeadLetter[];
  /** Messages of another queue that its consumer failed to process. */
  readonly redriven: Message[];
}

interface Naming {
  RedrivePolicy?: { deadLetterTargetArn?: string };
  DestinationConfig?: { OnFailure?: { Destination?: string } };
  SourceParameters?: { DynamoDBStreamParameters?: { DeadLetterConfig?: { Arn?: string } } };
}

/** @returns the queues that a redrive policy, an on-failure destination or a pipe names */
export function openDeadLetterQueues(templates: Templates): DeadLetterQueue[] {
  const queues = templates.resources('AWS::SQS::Queue');
  const mappings = templates.resources('AWS::Lambda::EventSourceMapping');
  const pipes = templates.resources('AWS::Pipes::Pipe');
  const named = [...queues, ...mappings, ...pipes].map(({ properties }) => {
    const { RedrivePolicy, DestinationConfig, SourceParameters } = properties as Naming;
    return (
      RedrivePolicy?.deadLetterTargetArn ??
      DestinationConfig?.OnFailure?.Destination ??
      SourceParameters?.DynamoDBStreamParameters?.DeadLetterConfig?.Arn
    );
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
