import { describe, expect, it } from 'vitest';
import { principalOf } from '../../../local/aws/iam.ts';
import { readQueueMappings } from '../../../local/event-sources/queue-mapping.ts';
import { functionDefinitions } from '../../../local/functions/function-definition.ts';
import { openQueues } from '../../../local/queues/queues.ts';
import { openTemplates, type Template } from '../../../local/template/template.ts';
import { fixture } from '../../support/world/fixture-cloud.ts';

/** Reads the fixture's mapping of a queue after a change to its template's text. */
function read(change: (json: string) => string = (json) => json) {
  const templates = openTemplates([JSON.parse(change(JSON.stringify(fixture))) as Template]);
  for (const logicalId of ['Table', 'Pool', 'Client']) {
    const attributes = { Arn: 'arn', StreamArn: 'arn:aws:dynamodb:me-south-1:0:table/t/stream/1' };
    templates.identify({ stack: 'fixture', logicalId }, { ref: logicalId, attributes });
  }
  const definitions = functionDefinitions(templates);
  return readQueueMappings(templates, {
    ...openQueues(templates, { now: Date.now }),
    definitions,
    principalOf: (name) => {
      const roleArn = definitions.find((definition) => definition.name === name)?.roleArn ?? '';
      return principalOf(templates, roleArn, name);
    },
  });
}

const replace = (from: string, to: string) => (json: string) => {
  expect(json).toContain(from);
  return json.replaceAll(from, to);
};

describe('the event source mapping of a queue', () => {
  it('is read from the template, with the queue’s rules', () => {
    expect(read()).toMatchObject([
      {
        functionName: 'worker',
        batchSize: 10,
        maximumConcurrency: 10,
        reportsItemFailures: true,
        queue: {
          queueName: 'fixture-Jobs',
          url: 'https://sqs.me-south-1.amazonaws.com/000000000000/fixture-Jobs',
          arn: 'arn:aws:sqs:me-south-1:000000000000:fixture-Jobs',
          rules: {
            delaySeconds: 0,
            visibilitySeconds: 30,
            retentionSeconds: 3600,
            maxReceiveCount: 2,
          },
        },
      },
    ]);
  });

  it.each(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])(
    'does not start if the role lacks %s, and names it',
    (action) => {
      expect(() => read(replace(`"${action}"`, '"other:Action"'))).toThrow(
        `not authorized to perform: ${action}`,
      );
    },
  );

  it.each([
    [
      'a visibility time shorter than the function’s',
      '"VisibilityTimeout":30',
      '"VisibilityTimeout":1',
      'visibility timeout',
    ],
    ['a concurrency of one', '"MaximumConcurrency":10', '"MaximumConcurrency":1', 'concurrency'],
    [
      'a batching window',
      '"ScalingConfig"',
      '"MaximumBatchingWindowInSeconds":1,"ScalingConfig"',
      'windows',
    ],
    ['a filter', '"ScalingConfig"', '"FilterCriteria":{},"ScalingConfig"', 'filters'],
    ['a FIFO queue', '"VisibilityTimeout":30', '"FifoQueue":true', 'FIFO'],
    ['dead letters that go nowhere', '["WornOut","Arn"]', '["Table","Arn"]', 'there is no queue'],
    [
      'a queue of dead letters',
      '"EventSourceArn":{"Fn::GetAtt":["Jobs"',
      '"EventSourceArn":{"Fn::GetAtt":["WornOut"',
      'dead letters',
    ],
  ])('does not start with %s, and says so', (_, from, to, problem) => {
    expect(() => read(replace(from, to))).toThrow(problem);
  });
});
