import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { LedgerScope } from '#core/model/ledger.ts';
import type { Purpose } from '#core/model/purpose.ts';
import {
  eventAttributes,
  markOf,
  newNoticeAttributes,
  newReminderAttributes,
  type SecurityEventType,
} from '#core/model/records.ts';

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
  | 'public-key'
  | 'session'
  | 'spending'
  /** The purses of registrations and changes of phone, without those of logins and resets. */
  | 'spending#caller-chosen-phone';

/**
 * Items of one kind, or a part of them: the challenges of one purpose, the ledgers of one scope, or the accounts under
 * tags of a newer level.
 */
export type Items =
  | ItemKind
  | `challenge#${Purpose}`
  | `ledger#${LedgerScope}`
  | 'account#newer-level';

/**
 * The partition keys of some items. A challenge's key goes on with a dot after the purpose (`challenge/id.ts`). A tag of a
 * newer level has a dot behind its level (`crypto/keys.ts`).
 */
function keysOf(of: Items): string {
  if (of === 'account#newer-level') return 'account#*.*';
  return of.startsWith('challenge#') ? `${of}.*` : `${of}#*`;
}

/**
 * Allows a role `actions` on some items only. There is one table, but `registration` can no more read a
 * session than if sessions were in a table of their own.
 */
export function items(table: ITableV2, actions: string[], of: Items[]): PolicyStatement {
  return new PolicyStatement({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [table.tableArn],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': of.map(keysOf) },
    },
  });
}

/**
 * Allows a role to write these attributes of some kinds of items, and to compare them in a condition. Keys are
 * attributes too. The role may not ask for the item in return, because that would reveal its other attributes.
 */
export function writesTo(table: ITableV2, of: Items[], attributes: string[]): PolicyStatement {
  return limitedTo(attributes, items(table, ['UpdateItem'], of));
}

/** Allows a role to update items, but to name none of these attributes, neither to write nor to compare them. */
export function writesWithout(table: ITableV2, of: Items[], attributes: string[]): PolicyStatement {
  const statement = items(table, ['UpdateItem'], of);
  statement.addCondition('ForAllValues:StringNotEquals', { 'dynamodb:Attributes': attributes });
  return statement;
}

/**
 * The note on a challenge that its ticket came with a second factor. Only those who checked one may write it: with the
 * note, the phone alone would be enough for an account that has an app.
 */
export const ofProvenFactors = ['secondFactor'];

/**
 * Allows a role to write security events of these types and of no other. An event's type is the name of an attribute,
 * because IAM does not look at values. The role cannot read the event that a put replaces.
 */
export function putsEvents(table: ITableV2, types: readonly SecurityEventType[]): PolicyStatement {
  const attributes = [...eventAttributes, ...types.map(markOf)];
  return limitedTo(attributes, items(table, ['PutItem'], ['event']));
}

/**
 * Allows a role to put items with these attributes and no others. A put that replaces an item can then not give it any
 * other attribute.
 */
export function puts(table: ITableV2, of: Items[], attributes: string[]): PolicyStatement {
  return limitedTo(attributes, items(table, ['PutItem'], of));
}

/** Allows a role to write new notices. They are not sent yet, and nothing in them says otherwise. */
export function putsNotices(table: ITableV2): PolicyStatement {
  return limitedTo(newNoticeAttributes, items(table, ['PutItem'], ['notice']));
}

/** The same, and reminders of usernames, which are notices too. */
export function putsReminders(table: ITableV2): PolicyStatement {
  return limitedTo(newReminderAttributes, items(table, ['PutItem'], ['notice']));
}

function limitedTo(attributes: string[], statement: PolicyStatement): PolicyStatement {
  statement.addCondition('ForAllValues:StringEquals', { 'dynamodb:Attributes': attributes });
  statement.addCondition('StringEqualsIfExists', { 'dynamodb:ReturnValues': 'NONE' });
  return statement;
}

/** Allows a role to read some secrets. */
export function keys(...secrets: ISecret[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['secretsmanager:GetSecretValue'],
    resources: secrets.map(({ secretArn }) => secretArn),
  });
}

/** Allows a role to have KMS make HMAC-SHA-256 codes with one key. It cannot read, change or delete the key. */
export function makesMacs(key: IKey): PolicyStatement {
  return new PolicyStatement({
    actions: ['kms:GenerateMac'],
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:MacAlgorithm': 'HMAC_SHA_256' } },
  });
}

/** Allows a role `actions` on one queue. */
export function queues(queue: IQueue, actions: string[]): PolicyStatement {
  return new PolicyStatement({
    actions: actions.map((action) => `sqs:${action}`),
    resources: [queue.queueArn],
  });
}

/** Allows a role to read a table's whole stream. IAM cannot limit that to kinds of items. */
export function readsStream(streamArn: string): PolicyStatement {
  const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
  return new PolicyStatement({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [streamArn],
  });
}

/** Allows a role to invoke one function. */
export function invokes(target: IFunction): PolicyStatement {
  return new PolicyStatement({
    actions: ['lambda:InvokeFunction'],
    resources: [target.functionArn],
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
