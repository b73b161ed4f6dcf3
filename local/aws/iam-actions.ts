import type { Table } from '../dynamodb/tables.ts';
import { arn } from '../template/physical-ids.ts';
import type { RawCall } from './aws-call.ts';
import { attributesOf, type Expressions } from './dynamo-attributes.ts';
import type { Access } from './iam.ts';

type Values = Record<string, Record<string, unknown>>;

interface DynamoRequest extends Expressions {
  TableName?: string;
  IndexName?: string;
  Key?: Values;
  Item?: Values;
  ExpressionAttributeValues?: Values;
  ReturnValues?: string;
  RequestItems?: Record<string, { Keys?: Values[] } | Record<string, DynamoRequest>[]>;
  TransactItems?: Record<string, DynamoRequest>[];
}

const transactionActions: Record<string, string> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

// These are authorised by a token, code or password in the request, not by AWS credentials.
const publicCognitoOperations = new Set([
  'AssociateSoftwareToken',
  'ChangePassword',
  'ConfirmForgotPassword',
  'ConfirmSignUp',
  'DeleteUser',
  'ForgotPassword',
  'GetTokensFromRefreshToken',
  'GetUser',
  'GlobalSignOut',
  'InitiateAuth',
  'ResendConfirmationCode',
  'RespondToAuthChallenge',
  'RevokeToken',
  'SetUserMFAPreference',
  'SignUp',
  'UpdateUserAttributes',
  'VerifySoftwareToken',
]);

/**
 * The IAM actions that a call needs. A DynamoDB transaction has no action of its own: IAM checks
 * each item's action with that item's key. A DynamoDB batch has one action, with all items' keys.
 * @returns an empty list for Cognito operations that need no AWS credentials
 */
export function accessesOf({ service, operation, request }: RawCall, tables: Table[]): Access[] {
  switch (service) {
    case 'dynamodb':
      return dynamoAccesses(operation, request as DynamoRequest, tables);
    case 'cognito-idp': {
      if (publicCognitoOperations.has(operation)) return [];
      const pool = request['UserPoolId'];
      const resource = pool ? arn('cognito-idp', `userpool/${pool}`) : '*';
      return [{ action: `cognito-idp:${operation}`, resource }];
    }
    case 'secretsmanager':
      return [
        { action: `secretsmanager:${operation}`, resource: String(request['SecretId'] ?? '*') },
      ];
    case 'kms': {
      const { MacAlgorithm } = request;
      return [
        {
          action: `kms:${operation}`,
          resource: kmsKeyArn(request['KeyId']),
          context: {
            ...(MacAlgorithm !== undefined && { 'kms:MacAlgorithm': [String(MacAlgorithm)] }),
          },
        },
      ];
    }
    case 'sqs': {
      // SQS checks a batch as the single action.
      const action = `sqs:${operation.replace(/Batch$/, '')}`;
      const queueName = String(request['QueueUrl'] ?? '')
        .split('/')
        .at(-1);
      return [{ action, resource: queueName ? arn('sqs', queueName) : '*' }];
    }
    case 'events': {
      const entries = (request['Entries'] ?? []) as { EventBusName?: string }[];
      const buses = new Set(entries.map(({ EventBusName = 'default' }) => EventBusName));
      return [...buses].map((bus) => ({
        action: `events:${operation}`,
        resource: bus.startsWith('arn:') ? bus : arn('events', `event-bus/${bus}`),
      }));
    }
    case 'sns': {
      const { TopicArn, TargetArn, PhoneNumber } = request;
      const resource = String(TopicArn ?? TargetArn ?? PhoneNumber ?? '*');
      return [{ action: `SNS:${operation}`, resource }];
    }
  }
}

/** KMS takes a key's ARN or its id. */
export function kmsKeyArn(keyId: unknown): string {
  const id = String(keyId ?? '*');
  return id === '*' || id.startsWith('arn:') ? id : arn('kms', `key/${id}`);
}

function dynamoAccesses(operation: string, request: DynamoRequest, tables: Table[]): Access[] {
  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems') {
    return (request.TransactItems ?? []).flatMap((item) =>
      Object.entries(item).map(([kind, part]) =>
        access(transactionActions[kind] ?? kind, part, tables),
      ),
    );
  }
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') {
    return Object.entries(request.RequestItems ?? {}).map(([TableName, items]) => {
      const parts = Array.isArray(items)
        ? items.flatMap((item) => Object.values(item))
        : (items.Keys ?? []).map((Key) => ({ Key }));
      const table = tableNamed(TableName, tables);
      return accessTo(operation, { TableName }, table?.partitionKey, parts);
    });
  }
  return [access(operation, request, tables)];
}

function access(action: string, request: DynamoRequest, tables: Table[]): Access {
  const table = tableNamed(request.TableName, tables);
  const attribute = request.IndexName
    ? table?.indexPartitionKeys[request.IndexName]
    : table?.partitionKey;
  return accessTo(action, request, attribute, [request]);
}

function accessTo(
  action: string,
  { TableName, IndexName }: DynamoRequest,
  attribute: string | undefined,
  parts: DynamoRequest[],
): Access {
  const table = TableName?.startsWith('arn:') ? TableName : arn('dynamodb', `table/${TableName}`);
  const keys = attribute ? parts.flatMap((part) => partitionKeyOf(part, attribute)) : [];
  const attributes = parts.flatMap(attributesOf);
  const returned = parts.flatMap(({ ReturnValues }) => ReturnValues ?? []);
  return {
    action: `dynamodb:${action}`,
    resource: TableName ? `${table}${IndexName ? `/index/${IndexName}` : ''}` : '*',
    context: {
      'aws:SecureTransport': ['true'],
      ...(keys.length && { 'dynamodb:LeadingKeys': [...new Set(keys)] }),
      ...(attributes.length && { 'dynamodb:Attributes': [...new Set(attributes)] }),
      ...(returned.length && { 'dynamodb:ReturnValues': returned }),
    },
  };
}

function partitionKeyOf(request: DynamoRequest, attribute: string): string[] {
  const value = (request.Key ?? request.Item)?.[attribute] ?? queriedKey(request, attribute);
  return value ? [String(Object.values(value)[0])] : [];
}

/** The value that a query's key condition requires of an attribute. */
function queriedKey(request: DynamoRequest, attribute: string) {
  const { KeyConditionExpression = '', ExpressionAttributeNames: names = {} } = request;
  for (const [, name = '', value = ''] of KeyConditionExpression.matchAll(
    /(#?[\w.-]+)\s*=\s*(:\w+)/g,
  )) {
    if ((names[name] ?? name) === attribute) return request.ExpressionAttributeValues?.[value];
  }
  return undefined;
}

function tableNamed(name: string | undefined, tables: Table[]): Table | undefined {
  return tables.find((table) => table.tableName === name || table.arn === name);
}
