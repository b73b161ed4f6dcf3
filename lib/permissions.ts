import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** Kinds of items, by the prefix of their partition key. `lambdas/adapters/dynamodb/keys.ts` writes them. */
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
  | 'spending';

/**
 * Lets a role do `actions` on items of some kinds only: the table is one, but `registration` can no more read
 * a session than if sessions lived elsewhere.
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
 * Lets a role write, and in a condition compare, these attributes of some kinds of items and no others; keys are
 * attributes too. An answer with the item would tell the others, so none may be asked for.
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

/** Lets a role read the key material. */
export function keys(secret: ISecret): PolicyStatement {
  return new PolicyStatement({
    actions: ['secretsmanager:GetSecretValue'],
    resources: [secret.secretArn],
  });
}

/** Lets a role use one queue. */
export function queues(queue: IQueue, actions: string[]): PolicyStatement {
  return new PolicyStatement({
    actions: actions.map((action) => `sqs:${action}`),
    resources: [queue.queueArn],
  });
}

/** Lets a role put events on one bus. */
export function publishesTo(bus: IEventBus): PolicyStatement {
  return new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] });
}

/** Lets a role call Cognito's admin operations on the one pool. */
export function users(pool: IUserPool, actions: string[]): PolicyStatement {
  return new PolicyStatement({
    actions: actions.map((action) => `cognito-idp:${action}`),
    resources: [pool.userPoolArn],
  });
}

/**
 * Lets a role text phones and nothing else. An SMS has no ARN, so the resource is `*`; the denial takes every
 * topic, endpoint and subscription out of it again.
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
