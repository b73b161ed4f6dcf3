import { describe, expect, it } from 'vitest';
import { principalOf } from '../../../local/aws/iam.ts';
import type { Table } from '../../../local/dynamodb/tables.ts';
import { readMappings } from '../../../local/event-sources/stream-mapping.ts';
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
function read(change: (json: string) => string = (json) => json) {
  const template = JSON.parse(change(JSON.stringify(fixture))) as Template;
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
  return readMappings(templates, {
    tables: [table],
    definitions,
    deadLetters: openDeadLetterQueues(templates),
    principalOf: (name) => {
      const roleArn = definitions.find((definition) => definition.name === name)?.roleArn ?? '';
      return principalOf(templates, roleArn, name);
    },
  });
}

describe('an event source', () => {
  it('is read from the template', () => {
    expect(read()).toMatchObject([
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
