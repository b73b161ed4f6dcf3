import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Environment } from '../../lambdas/sms-sender/env.ts';
import type { StageConfig } from '../config.ts';
import { items, keys, texts } from '../permissions.ts';
import { ServiceFunction } from './service-function.ts';

interface SmsOutboxProps {
  readonly config: StageConfig;
  readonly table: TableV2;
  readonly secret: ISecret;
}

/** The only way an SMS leaves: a challenge with an `outbox` mark, the table's stream, `sms-sender`. */
export class SmsOutbox extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { config, table, secret }: SmsOutboxProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });

    const sender = new ServiceFunction<Environment>(this, 'sms-sender', {
      flow: 'sms-sender',
      logRetentionDays: config.logRetentionDays,
      retainLog: config.retainData,
      timeout: Duration.seconds(30),
      environment: {
        TABLE_NAME: table.tableName,
        SECRET_ARN: secret.secretArn,
        LIMITS: JSON.stringify(config.limits),
        PORTAL_HOST: config.portalHost,
        SMS_SENDER_ID: config.smsSenderId,
      },
      permissions: [
        keys(secret),
        items(table, ['GetItem'], ['challenge']),
        items(table, ['UpdateItem'], ['challenge', 'phone']),
        ...texts(),
      ],
    });

    sender.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 10,
        parallelizationFactor: 10,
        // A poison record would block its shard: split the batch, report the one, and give up when the code is
        // dead and not before, however often that means.
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: -1,
        maxRecordAge: Duration.seconds(config.limits.codeSeconds),
        onFailure: new SqsDlq(this.deadLetters),
        // Only challenges with something to send: wrong guesses and the sender's own mark wake nobody.
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.or('INSERT', 'MODIFY'),
            dynamodb: { NewImage: { outbox: { N: FilterRule.exists() } } },
          }),
        ],
      }),
    );
  }
}
