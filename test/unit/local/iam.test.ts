import { describe, expect, it } from 'vitest';
import { authorise, parsePolicy } from '../../../local/aws/iam.ts';
import { accessesOf } from '../../../local/aws/iam-actions.ts';
import type { Table } from '../../../local/dynamodb/tables.ts';

const arn = 'arn:aws:sts::000000000000:assumed-role/role/function';
const table = 'arn:aws:dynamodb:me-south-1:000000000000:table/people';

function decide(
  statements: object[],
  action: string,
  resource: string,
  keys?: string[],
  attributes: string[] = [],
) {
  const principal = { arn, statements: parsePolicy({ Statement: statements }, 'role') };
  return authorise(principal, {
    action,
    resource,
    ...(keys && {
      context: { 'dynamodb:LeadingKeys': keys, 'dynamodb:Attributes': attributes },
    }),
  });
}

const allow = (Action: unknown, Resource: unknown, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

describe('authorise', () => {
  it('denies what no statement allows, in AWS’s words', () => {
    expect(decide([allow('dynamodb:GetItem', table)], 'dynamodb:Scan', table)).toEqual({
      allowed: false,
      explicitDeny: false,
      message: `User: ${arn} is not authorized to perform: dynamodb:Scan on resource: ${table} because no identity-based policy allows the dynamodb:Scan action`,
    });
  });

  it('lets an explicit deny win over any allow', () => {
    const statements = [
      allow('sns:Publish', '*'),
      { Effect: 'Deny', Action: 'sns:Publish', Resource: 'arn:*:sns:*:*:*' },
    ];
    expect(decide(statements, 'SNS:Publish', '+966501234567').allowed).toBe(true);
    expect(decide(statements, 'SNS:Publish', 'arn:aws:sns:me-south-1:0:topic')).toMatchObject({
      allowed: false,
      explicitDeny: true,
      message: expect.stringContaining('with an explicit deny in an identity-based policy'),
    });
  });

  it.each([
    ['dynamodb:Get*', table, true],
    ['dynamodb:?etItem', table, true],
    ['dynamodb:Put*', table, false],
    ['DYNAMODB:getitem', table, true],
    ['*', `${table}/index/*`, false],
    ['*', 'arn:aws:dynamodb:*:*:table/peopl?', true],
    // A dot in a pattern matches only a dot.
    ['*', table.replace('people', 'p.ople'), false],
  ])('matches %s on %s as wildcards: %s', (action, resource, allowed) => {
    expect(decide([allow(action, resource)], 'dynamodb:GetItem', table).allowed).toBe(allowed);
  });

  const condition = {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['phone#*', 'ledger#*'] },
  };
  it.each([
    [['phone#1'], true],
    [['phone#1', 'ledger#2'], true],
    [['phone#1', 'account#2'], false],
  ])('allows the leading keys %s: %s', (keys, allowed) => {
    const statements = [allow('dynamodb:UpdateItem', table, condition)];
    expect(decide(statements, 'dynamodb:UpdateItem', table, keys).allowed).toBe(allowed);
  });

  it('allows ForAllValues for a request without the key, as AWS does', () => {
    expect(decide([allow('dynamodb:Scan', table, condition)], 'dynamodb:Scan', table).allowed).toBe(
      true,
    );
  });

  it('rules out the attributes of ForAllValues:StringNotEquals, whatever else is named', () => {
    const without = { 'ForAllValues:StringNotEquals': { 'dynamodb:Attributes': ['secondFactor'] } };
    const statements = [allow('dynamodb:UpdateItem', table, without)];
    const isAllowed = (attributes: string[]) =>
      decide(statements, 'dynamodb:UpdateItem', table, [], attributes).allowed;
    expect(isAllowed(['status', 'attempts'])).toBe(true);
    expect(isAllowed(['status', 'secondFactor'])).toBe(false);
  });

  it('does not allow a plain operator for a request without the key', () => {
    const equals = { StringEquals: { 'dynamodb:LeadingKeys': 'phone#1' } };
    expect(decide([allow('dynamodb:Scan', table, equals)], 'dynamodb:Scan', table).allowed).toBe(
      false,
    );
  });

  it.each([
    [{ Effect: 'Allow', NotAction: 'a:b', Resource: '*' }, 'NotAction'],
    [{ Effect: 'Allow', Action: 'a:b', NotResource: '*' }, 'NotResource'],
    [allow('a:b', '*', { NumericEquals: { 'dynamodb:LeadingKeys': '1' } }), 'NumericEquals'],
    [allow('a:b', '*', { StringEquals: { 'aws:SourceIp': '1' } }), 'aws:SourceIp'],
  ])('refuses to guess at %o', (statement, named) => {
    expect(() => parsePolicy({ Statement: [statement] }, 'role')).toThrow(named);
  });
});

describe('accessesOf', () => {
  const tables: Table[] = [
    {
      id: 'Table',
      tableName: 'people',
      arn: table,
      partitionKey: 'pk',
      indexPartitionKeys: { byPhone: 'phone' },
    },
  ];
  const dynamo = (operation: string, request: Record<string, unknown>) =>
    accessesOf({ service: 'dynamodb', operation, request, accessKeyId: undefined }, tables).map(
      ({ action, resource, context }) => [action, resource, context?.['dynamodb:LeadingKeys']],
    );
  const Key = { pk: { S: 'a' }, sk: { S: 'b' } };

  it('asks for the rights of each item of a transaction, with its key', () => {
    const TransactItems = [
      { Put: { TableName: 'people', Item: { ...Key, name: { S: 'x' } } } },
      { Update: { TableName: 'people', Key: { ...Key, pk: { S: 'c' } } } },
      { Delete: { TableName: 'people', Key } },
      { ConditionCheck: { TableName: 'people', Key } },
    ];
    expect(dynamo('TransactWriteItems', { TransactItems })).toEqual([
      ['dynamodb:PutItem', table, ['a']],
      ['dynamodb:UpdateItem', table, ['c']],
      ['dynamodb:DeleteItem', table, ['a']],
      ['dynamodb:ConditionCheckItem', table, ['a']],
    ]);
  });

  it('asks a batch for its own right, with the keys of all its items', () => {
    const Keys = [Key, { ...Key, pk: { S: 'c' } }];
    expect(dynamo('BatchGetItem', { RequestItems: { people: { Keys } } })).toEqual([
      ['dynamodb:BatchGetItem', table, ['a', 'c']],
    ]);
  });

  it('reads the leading key of a query on a table and on an index', () => {
    const query = {
      TableName: 'people',
      KeyConditionExpression: '#k = :k AND begins_with(sk, :s)',
      ExpressionAttributeNames: { '#k': 'pk' },
      ExpressionAttributeValues: { ':k': { S: 'a' }, ':s': { S: 'b' } },
    };
    expect(dynamo('Query', query)).toEqual([['dynamodb:Query', table, ['a']]]);
    const onIndex = { ...query, IndexName: 'byPhone', ExpressionAttributeNames: { '#k': 'phone' } };
    expect(dynamo('Query', onIndex)).toEqual([['dynamodb:Query', `${table}/index/byPhone`, ['a']]]);
  });

  it('names an undeclared table, so that it is denied', () => {
    expect(dynamo('GetItem', { TableName: 'other', Key })).toEqual([
      ['dynamodb:GetItem', table.replace('people', 'other'), undefined],
    ]);
  });
});
