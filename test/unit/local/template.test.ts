import { describe, expect, it } from 'vitest';
import { openTemplates, type Template } from '../../../local/template/template.ts';

type Resources = NonNullable<Template['body']['Resources']>;

function stack(name: string, Resources: Resources, more: object = {}): Template {
  return { stack: name, body: { Resources, ...more }, assets: {} };
}

/** A placeholder of Fn::Sub. */
const hole = (name: string) => `\${${name}}`;

/** A reference to another stack's output. */
const output = (
  StackName: string,
  OutputName: string,
  Region: unknown = { Ref: 'AWS::Region' },
) => ({
  'Fn::GetStackOutput': { StackName, OutputName, Region },
});

/** Resolves one value as a property of a resource. */
function resolve(value: unknown, more: object = {}) {
  const templates = openTemplates([
    stack(
      'data',
      { Queue: { Type: 'AWS::SQS::Queue' } },
      {
        Outputs: { QueueArn: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
      },
    ),
    stack(
      'api',
      {
        Function: {
          Type: 'AWS::Lambda::Function',
          Metadata: { 'aws:cdk:path': 'api/Functions/sms-sender/Resource' },
        },
        Table: { Type: 'AWS::DynamoDB::Table' },
        Subject: { Type: 'Test::Subject', Properties: { Value: value } },
      },
      more,
    ),
  ]);
  return templates.resources('Test::Subject')[0]?.properties['Value'];
}

describe('a template', () => {
  it.each([
    [{ Ref: 'AWS::Region' }, 'me-south-1'],
    [{ Ref: 'Function' }, 'sms-sender'],
    [
      { 'Fn::GetAtt': 'Function.Arn' },
      'arn:aws:lambda:me-south-1:000000000000:function:sms-sender',
    ],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }]] }, 'a-000000000000'],
    [
      { 'Fn::Sub': ['AWS::Partition', 'Function', 'Function.Arn', '!Literal'].map(hole).join('/') },
      /^aws\/sms-sender\/arn:.*\/\$\{Literal\}$/,
    ],
    [{ 'Fn::Sub': [`${hole('Name')}!`, { Name: { Ref: 'Function' } }] }, 'sms-sender!'],
    [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b'] }] }, 'b'],
    [output('data', 'QueueArn'), 'arn:aws:sqs:me-south-1:000000000000:data-Queue'],
    [
      [1, { Ref: 'AWS::NoValue' }, true],
      [1, true],
    ],
    [{ Kept: null, Gone: { Ref: 'AWS::NoValue' } }, { Kept: null }],
  ])('resolves %j', (value, expected) => {
    if (expected instanceof RegExp) expect(resolve(value)).toMatch(expected);
    else expect(resolve(value)).toEqual(expected);
  });

  it('takes the branch of a condition, and never reads the other', () => {
    const Conditions = {
      Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'me-south-1'] },
      Elsewhere: { 'Fn::Not': [{ Condition: 'Here' }] },
    };
    const value = { 'Fn::If': ['Elsewhere', { Ref: 'Missing' }, 'here'] };
    expect(resolve(value, { Conditions })).toBe('here');
  });

  it.each([
    [{ Ref: 'Missing' }, 'there is no resource Missing'],
    [{ Deep: [{ 'Fn::GetAtt': ['Function', 'Colour'] }] }, 'attribute Colour of Function'],
    [output('data', 'Gone'), 'stack data has no output Gone'],
    [output('gone', 'QueueArn'), 'stack gone has no output QueueArn'],
    [output('data', 'QueueArn', 'us-east-1'), 'of another account or region is not supported'],
    [{ 'Fn::Cidr': [] }, 'Fn::Cidr is not supported'],
    [{ 'Fn::Sub': hole('Missing') }, 'there is no resource Missing'],
  ])('names resource and property of what it cannot resolve: %j', (value, problem) => {
    expect(() => resolve(value)).toThrow(problem);
    expect(() => resolve(value)).toThrow('api.Subject.Properties.Value');
  });

  it('knows a created resource only after it was told', () => {
    expect(() => resolve({ Ref: 'Table' })).toThrow('Ref to Table is not known');
    const templates = openTemplates([
      stack('api', {
        Table: { Type: 'AWS::DynamoDB::Table' },
        Subject: { Type: 'Test::Subject', Properties: { Value: { Ref: 'Table' } } },
      }),
    ]);
    templates.identify({ stack: 'api', logicalId: 'Table' }, { ref: 'people' });
    expect(templates.resources('Test::Subject')[0]?.properties).toEqual({ Value: 'people' });
  });
});
