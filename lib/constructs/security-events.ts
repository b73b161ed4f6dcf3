import { Duration } from 'aws-cdk-lib';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Environment } from '../../lambdas/functions/event-publisher/env.ts';
import type { StageConfig } from '../config/stage-config.ts';
import { publishesTo } from '../permissions.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import { alarmOnAny } from './alarm-on-any.ts';
import { HawiyaFunction } from './hawiya-function.ts';

interface SecurityEventsProps {
  readonly config: StageConfig;
  readonly data: DataStack;
}

/**
 * Publishes security events. An event is written with its change, and travels by the table's stream and
 * `event-publisher` to the bus.
 * The stream now has two readers, this one and the outbox. More than two readers of a shard would throttle each other.
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
    publisher.addEventSource(
      new DynamoEventSource(data.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        // The limit of PutEvents.
        batchSize: 10,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: -1,
        // An hour before the stream itself drops a record: a dropped record would never become a dead letter.
        maxRecordAge: Duration.hours(23),
        onFailure: new SqsDlq(this.deadLetters),
        // Inserts only: the deletion by TTL after a year is no event.
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.isEqual('INSERT'),
            dynamodb: { Keys: { pk: { S: FilterRule.beginsWith('event#') } } },
          }),
        ],
      }),
    );
    this.addAlarm();
  }

  /** Subscribers miss events. The table still has them, and an operator must publish them again. */
  private addAlarm(): void {
    alarmOnAny(this, 'EventsLost', this.deadLetters.metricApproximateNumberOfMessagesVisible());
  }
}
