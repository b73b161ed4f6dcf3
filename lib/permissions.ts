import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/**
 * Kinds of items, by the prefix of their partition key, as `keyOf` in `lambdas/adapters/dynamodb/table.ts` writes it.
 * `readAll` in `partition.ts` there queries by the same prefixes.
 */
export type ItemKind =
  | 'account'
  | 'breaker'
  | 'challenge'
  | 'device'
  | 'event'
  | 'identity'
  | 'ledger'
  | 'notice'
  | 'phone'
  | 'session'
  | 'spending'
  /** The purses of registrations and changes of phone, without those of logins and resets. */
  | 'spending#caller-chosen-phone';

/**
 * Allows a role `actions` on items of some kinds only. There is one table, but `registration` can no more read a
 * session than if sessions were in a table of their own.
 */
export function items(table: ITableV2, actions: string[], kinds: ItemKind[]): PolicyStatement {
  return new PolicyStatement({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [table.tableArn],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': kinds.map((kind) => `${kind}#*`) },
    },
  });
}

/**
 * Allows a role to write these attributes of some kinds of items, and to compare them in a condition. Keys are
 * attributes too. The role may not ask for the item in return, because that would reveal its other attributes.
 */
export function writesTo(
  table: ITableV2,
  kinds: ItemKind[],
  attributes: string[],
): PolicyStatement {
  const statement = items(table, ['UpdateItem'], kinds);
  statement.addCondition('ForAllValues:StringEquals', { 'dynamodb:Attributes': attributes });
  statement.addCondition('StringEqualsIfExists', { 'dynamodb:ReturnValues': 'NONE' });
  return statement;
}

/** Allows a role to read one secret. */
export function keys(secret: ISecret): PolicyStatement {
  return new PolicyStatement({
    actions: ['secretsmanager:GetSecretValue'],
    resources: [secret.secretArn],
  });
}

/** Allows a role `actions` on one queue. */
export function queues(queue: IQueue, actions: string[]): PolicyStatement {
  return new PolicyStatement({
    actions: actions.map((action) => `sqs:${action}`),
    resources: [queue.queueArn],
  });
}

/** Allows a role to put events on one bus. */
export function publishesTo(bus: IEventBus): PolicyStatement {
  return new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] });
}

/** Allows a role Cognito's admin operations on the one pool. */
export function users(pool: IUserPool, actions: string[]): PolicyStatement {
  return new PolicyStatement({
    actions: actions.map((action) => `cognito-idp:${action}`),
    resources: [pool.userPoolArn],
  });
}

/**
 * Allows a role to text phones and nothing else. An SMS has no ARN, so the resource is `*`. The denial excludes every
 * topic, endpoint and subscription again.
 */
export function texts(): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] }),
    new PolicyStatement({
      effect: Effect.DENY,
      actions: ['sns:Publish'],
      resources: ['arn:*:sns:*:*:*'],
    }),
  ];
}
