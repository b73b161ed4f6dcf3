import { describe, expect, it } from 'vitest';
import { principalOf } from '../../../local/aws/iam.ts';
import type { Table } from '../../../local/dynamodb/tables.ts';
import { readPipes } from '../../../local/event-sources/pipes.ts';
import { readStreamMappings } from '../../../local/event-sources/stream-mapping.ts';
import { functionDefinitions } from '../../../local/functions/function-definition.ts';
import { openDeadLetterQueues } from '../../../local/queues/dead-letters.ts';
import { openTemplates, type Template } from '../../../local/template/template.ts';
import { fixture } from '../../support/world/fixture-cloud.ts';

const streamArn = 'arn:aws:dynamodb:me-south-1:000000000000:table/fixture-Table/stream/1';
const table: Table = {
  id: 'Table',
  tableName: 'fixture-Table',
  arn: 'arn:aws:dynamodb:me-south-1:000000000000:table/fixture-Table',
  streamArn,
  localStreamArn: 'local',
  partitionKey: 'pk',
  indexPartitionKeys: {},
};

/** Reads the fixture's mapping after a change to its template's text. */
function read(change: (json: string) => string = (json) => json, resources: object = {}) {
  const template = JSON.parse(change(JSON.stringify(fixture))) as Template;
  Object.assign(template.body.Resources ?? {}, resources);
  const templates = openTemplates([template]);
  const attributes = { Arn: table.arn, StreamArn: streamArn };
  templates.identify(
    { stack: 'fixture', logicalId: 'Table' },
    { ref: 'fixture-Table', attributes },
  );
  for (const logicalId of ['Pool', 'Client']) {
    templates.identify({ stack: 'fixture', logicalId }, { ref: logicalId, attributes });
  }
  const definitions = functionDefinitions(templates);
  const declared = {
    tables: [table],
    definitions,
    deadLetters: openDeadLetterQueues(templates),
    principalOf: (name: string) => {
      const roleArn = definitions.find((definition) => definition.name === name)?.roleArn ?? '';
      return principalOf(templates, roleArn, name);
    },
  };
  return {
    mappings: readStreamMappings(templates, declared),
    pipes: readPipes(templates, declared),
  };
}

describe('an event source', () => {
  it('is read from the template', () => {
    expect(read().mappings).toMatchObject([
      {
        functionName: 'consumer',
        batchSize: 10,
        lanes: 2,
        bisect: true,
        reportsItemFailures: true,
        maximumRetries: 1,
        maximumAgeSeconds: 300,
        deadLetters: { queueName: 'fixture-Queue' },
      },
    ]);
  });

  it.each([
    ['dynamodb:GetRecords', 'dynamodb:GetRecords'],
    ['sqs:SendMessage', 'sqs:SendMessage'],
  ])('does not start if the role lacks %s, and names it', (action, named) => {
    const without = (json: string) => json.replaceAll(`"${action}"`, '"other:Action"');
    expect(() => read(without)).toThrow(`not authorized to perform: ${named}`);
  });

  it('does not start with an unknown filter', () => {
    const change = (json: string) => json.replace('\\"exists\\":true', '\\"cidr\\":\\"10/8\\"');
    expect(() => read(change)).toThrow('cidr');
  });
});

describe('a pipe', () => {
  const att = (logicalId: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [logicalId, attribute] });
  const reading = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
  const rights = [
    ...reading.map((name) => [`dynamodb:${name}`, att('Table', 'StreamArn')] as const),
    ['lambda:InvokeFunction', att('waiter')] as const,
    ['sqs:SendMessage', att('WornOut')] as const,
  ];
  const properties = {
    RoleArn: att('PipeRole'),
    Source: att('Table', 'StreamArn'),
    SourceParameters: {
      DynamoDBStreamParameters: {
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 10,
        OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
        MaximumRetryAttempts: -1,
        MaximumRecordAgeInSeconds: 60,
        DeadLetterConfig: { Arn: att('WornOut') },
      },
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
    },
    Target: att('waiter'),
    TargetParameters: { LambdaFunctionParameters: { InvocationType: 'REQUEST_RESPONSE' } },
  };

  function readPipe(changes: object = {}, without = '') {
    const Statement = rights
      .filter(([Action]) => Action !== without)
      .map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource }));
    const policy = { PolicyDocument: { Statement }, Roles: [{ Ref: 'PipeRole' }] };
    return read(undefined, {
      PipeRole: { Type: 'AWS::IAM::Role', Properties: {} },
      PipePolicy: { Type: 'AWS::IAM::Policy', Properties: policy },
      Pipe: { Type: 'AWS::Pipes::Pipe', Properties: { ...properties, ...changes } },
    }).pipes;
  }

  it('is read from the template, and hands over a bare list of the records that pass its filter', () => {
    const [pipe] = readPipe();
    expect(pipe).toMatchObject({
      functionName: 'waiter',
      batchSize: 10,
      lanes: 1,
      bisect: true,
      reportsItemFailures: true,
      maximumRetries: Number.POSITIVE_INFINITY,
      maximumAgeSeconds: 60,
      deadLetters: { queueName: 'fixture-WornOut' },
    });
    const record = (eventName: string) => ({ eventName }) as Parameters<typeof matches>[0];
    const matches = pipe?.matches ?? (() => false);
    expect([matches(record('INSERT')), matches(record('MODIFY'))]).toEqual([true, false]);
    expect(pipe?.eventOf([record('INSERT')])).toEqual([{ eventName: 'INSERT' }]);
  });

  it.each(rights.map(([action]) => action))('does not start if its role lacks %s', (action) => {
    expect(() => readPipe({}, action)).toThrow(`not authorized to perform: ${action}`);
  });

  it.each([
    ['an enrichment', { Enrichment: att('worker') }, 'Enrichment'],
    ['a target that is not waited for', { TargetParameters: {} }, 'REQUEST_RESPONSE'],
    ['an unknown function', { Target: 'arn:none' }, 'no function'],
  ])('does not start with %s', (_what, changes, named) => {
    expect(() => readPipe(changes)).toThrow(named);
  });
});
