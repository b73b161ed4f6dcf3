import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Environment } from '../../lambdas/functions/sms-sender/env.ts';
import { usesSns } from '../config/sms.ts';
import type { StageConfig } from '../config/stage-config.ts';
import {
  items,
  keys,
  ofProvenFactors,
  putsNotices,
  queues,
  texts,
  writesWithout,
} from '../permissions.ts';
import { alarmOnAny, functionMetric } from './alarm-on-any.ts';
import { HawiyaFunction } from './hawiya-function.ts';
import { type KeySecrets, keyAccess } from './key-access.ts';

interface SmsOutboxProps {
  readonly config: StageConfig;
  readonly table: TableV2;
  readonly keySecrets: KeySecrets;
  /** Secret with the providers' keys. Only present if a provider is reached by HTTP. */
  readonly providerSecret?: ISecret | undefined;
}

/** The only way an SMS leaves: a challenge or notice with an `outbox` mark, the table's stream, `sms-sender`. */
export class SmsOutbox extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: SmsOutboxProps) {
    super(scope, id);
    const { config, table, keySecrets, providerSecret } = props;
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });

    const retries = this.addRetryQueue();
    const keyAccessOfSender = keyAccess(keySecrets, 'codes', 'tags', 'phone-seals', 'seals');
    const sender = new HawiyaFunction<Environment>(this, 'sms-sender', {
      flow: 'sms-sender',
      logRetentionDays: config.logRetentionDays,
      retainLog: config.retainData,
      timeout: Duration.seconds(30),
      environment: {
        TABLE_NAME: table.tableName,
        ...keyAccessOfSender.environment,
        PROVIDER_SECRET_ARN: providerSecret?.secretArn ?? '',
        RETRY_QUEUE_URL: retries.queueUrl,
      },
      permissions: [
        keyAccessOfSender.permission,
        items(table, ['GetItem'], ['breaker', 'challenge', 'notice']),
        // An account that is deleted may have moved to a newer tag: its owner lost nothing then.
        items(table, ['GetItem'], ['account#newer-level']),
        items(table, ['UpdateItem'], ['breaker', 'ledger', 'notice', 'phone', 'spending']),
        writesWithout(table, ['challenge'], ofProvenFactors),
        // Owners who lost their account or its phone.
        putsNotices(table),
        queues(retries, ['SendMessage']),
        ...(providerSecret ? [keys(providerSecret)] : []),
        ...(usesSns(config) ? texts() : []),
      ],
    });

    sender.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 10,
        parallelizationFactor: 10,
        // A failure here is one of the table: a provider's failure never blocks a shard. A poison record would block
        // it, so the batch is split and the one record is reported. Retries go on until the code has expired, however
        // many that takes.
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: -1,
        // In the extra minute, unsent codes are marked as failed and are not sent any more.
        maxRecordAge: Duration.seconds(config.limits.codeSeconds + 60),
        onFailure: new SqsDlq(this.deadLetters),
        // Challenges and notices with something to send, challenges just verified, and accounts that were written. Wrong
        // guesses and the sender's own mark start no invocation.
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.or('INSERT', 'MODIFY'),
            dynamodb: { NewImage: { outbox: { N: FilterRule.exists() } } },
          }),
          FilterCriteria.filter({
            eventName: FilterRule.isEqual('MODIFY'),
            dynamodb: {
              NewImage: {
                status: { S: FilterRule.isEqual('verified') },
                uses: { N: FilterRule.isEqual('0') },
              },
            },
          }),
          // A filter cannot compare the two images. Nor may it look at any attribute: a function in an attacker's hands
          // would first write that attribute, and then the phone (docs/decisions/0035).
          FilterCriteria.filter({
            eventName: FilterRule.or('MODIFY', 'REMOVE'),
            dynamodb: { Keys: { pk: { S: FilterRule.beginsWith('account#') } } },
          }),
        ],
      }),
    );
    // A source of its own: deferred sends delay each other and no other sends.
    sender.addEventSource(
      new SqsEventSource(retries, {
        batchSize: 10,
        maxConcurrency: 10,
        reportBatchItemFailures: true,
      }),
    );
    this.addAlarms();
  }

  /** Sends that no provider could take, each with the delay until its next round. */
  private addRetryQueue(): Queue {
    return new Queue(this, 'Retries', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Longer than the sender runs: a message that reappears during its delivery would be sent twice.
      visibilityTimeout: Duration.seconds(45),
      // Longer than the longest delay, a notice's quarter of an hour, even if the queue is slow.
      retentionPeriod: Duration.hours(6),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 10 },
    });
  }

  /**
   * The budget for SMS is used up, or codes are no longer verified; or an owner may not know of a change. An operator
   * must look into it. A dead letter may be the notice of a lost account, which no other function would send.
   */
  private addAlarms(): void {
    const alarms = {
      BreakerOpened: 'SmsBreakerOpened',
      NoticeFailed: 'NoticeFailed',
      // A function must have been taken over: it sealed another number under a phone's tag, or
      // wrote another purpose under a challenge's key.
      ForgedPhone: 'ForgedPhone',
    };
    for (const [id, metricName] of Object.entries(alarms)) {
      alarmOnAny(this, id, functionMetric(metricName));
    }
    alarmOnAny(this, 'SendsLost', this.deadLetters.metricApproximateNumberOfMessagesVisible());
  }
}
