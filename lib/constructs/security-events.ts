import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Environment } from '../../lambdas/functions/event-publisher/env.ts';
import type { StageConfig } from '../config/stage-config.ts';
import { invokes, publishesTo, queues, readsStream } from '../permissions.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import { alarmOnAny, functionMetric } from './alarm-on-any.ts';
import { HawiyaFunction } from './hawiya-function.ts';

interface SecurityEventsProps {
  readonly config: StageConfig;
  readonly data: DataStack;
}

/**
 * Publishes security events. An event is written with its change, and travels by the table's stream, a pipe and
 * `event-publisher` to the bus.
 * The pipe reads the stream and not the function: a function's own event source would need the right to read every item
 * that passes, phones included (docs/decisions/0035).
 * The stream now has two readers, the pipe and the outbox. More than two readers of a shard would throttle each other.
 */
export class SecurityEvents extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { config, data }: SecurityEventsProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const publisher = new HawiyaFunction<Environment>(this, 'event-publisher', {
      flow: 'event-publisher',
      logRetentionDays: config.logRetentionDays,
      retainLog: config.retainData,
      environment: { EVENT_BUS_NAME: data.bus.eventBusName },
      permissions: [publishesTo(data.bus)],
    });
    this.addAlarms(this.addPipe(data, publisher));
  }

  /** From the stream to the publisher, new events only. */
  private addPipe({ table }: DataStack, publisher: IFunction): CfnPipe {
    const streamArn = table.tableStreamArn;
    if (streamArn === undefined) throw new Error('The table has no stream');
    const role = new Role(this, 'PipeRole', {
      assumedBy: new ServicePrincipal('pipes.amazonaws.com'),
    });
    const rights = [
      readsStream(streamArn),
      invokes(publisher),
      queues(this.deadLetters, ['SendMessage']),
    ];
    for (const right of rights) role.addToPolicy(right);
    // Inserts only: the deletion by TTL after a year is no event.
    const pattern = {
      eventName: ['INSERT'],
      dynamodb: { Keys: { pk: { S: [{ prefix: 'event#' }] } } },
    };
    const pipe = new CfnPipe(this, 'Pipe', {
      roleArn: role.roleArn,
      source: streamArn,
      sourceParameters: {
        dynamoDbStreamParameters: {
          startingPosition: 'TRIM_HORIZON',
          // The limit of PutEvents.
          batchSize: 10,
          onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          maximumRetryAttempts: -1,
          // An hour before the stream itself drops a record: a dropped record would never become a dead letter.
          maximumRecordAgeInSeconds: Duration.hours(23).toSeconds(),
          deadLetterConfig: { arn: this.deadLetters.queueArn },
        },
        filterCriteria: { filters: [{ pattern: JSON.stringify(pattern) }] },
      },
      target: publisher.functionArn,
      targetParameters: { lambdaFunctionParameters: { invocationType: 'REQUEST_RESPONSE' } },
    });
    // A pipe is created only if its role already has its rights.
    pipe.node.addDependency(role);
    return pipe;
  }

  /**
   * - `EventsLost`: subscribers miss events. The table still has them, and an operator must publish them again.
   * - `EventMalformed`: an item is no event that a flow writes. A function may be in an attacker's hands.
   * - `PipeFailed`: the publisher cannot be invoked or fails as a whole. AWS stops a pipe after nearly continuous errors
   *   of rights or of missing resources, and a stopped pipe writes no dead letters.
   */
  private addAlarms({ ref }: CfnPipe): void {
    alarmOnAny(this, 'EventsLost', this.deadLetters.metricApproximateNumberOfMessagesVisible());
    alarmOnAny(this, 'EventMalformed', functionMetric('EventMalformed'));
    const failed = new Metric({
      namespace: 'AWS/EventBridge/Pipes',
      metricName: 'ExecutionFailed',
      dimensionsMap: { PipeName: ref },
      statistic: 'Sum',
      period: Duration.minutes(5),
    });
    alarmOnAny(this, 'PipeFailed', failed);
  }
}
