import { fileURLToPath } from 'node:url';
import type { Template } from '../../../local/template/template.ts';

const directory = fileURLToPath(new URL('./fixture-functions', import.meta.url));

const att = (logicalId: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [logicalId, attribute] });

const filter = JSON.stringify({ dynamodb: { NewImage: { outbox: { N: [{ exists: true }] } } } });

const ownItems = {
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['own#*', 'shared#*'] },
};

/**
 * One stack with everything that the local cloud supports: a table with a stream, a pool, a secret,
 * a KMS key, queues, functions.
 */
export const fixture: Template = {
  stack: 'fixture',
  assets: { hash: directory },
  body: {
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::GlobalTable',
        Properties: {
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
          TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        },
      },
      Keys: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: { GenerateSecretString: { PasswordLength: 40, ExcludePunctuation: true } },
      },
      Macs: {
        Type: 'AWS::KMS::Key',
        Properties: { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
      },
      Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
      Client: {
        Type: 'AWS::Cognito::UserPoolClient',
        Properties: { UserPoolId: { Ref: 'Pool' } },
      },
      Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
      WornOut: { Type: 'AWS::SQS::Queue', Properties: {} },
      Jobs: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          VisibilityTimeout: 30,
          MessageRetentionPeriod: 3600,
          RedrivePolicy: { deadLetterTargetArn: att('WornOut'), maxReceiveCount: 2 },
        },
      },
      ...functionWithRole('caller', 'index.call', [
        allow(['dynamodb:GetItem', 'dynamodb:PutItem'], att('Table'), ownItems),
        allow('secretsmanager:GetSecretValue', { Ref: 'Keys' }),
        allow('cognito-idp:AdminGetUser', att('Pool')),
        allow('sns:Publish', '*'),
        { Effect: 'Deny', Action: 'sns:Publish', Resource: 'arn:*:sns:*:*:*' },
        allow('sqs:SendMessage', [att('Jobs'), 'arn:aws:sqs:me-south-1:000000000000:gone']),
      ]),
      ...functionWithRole('waiter', 'index.wait', []),
      ...functionWithRole('consumer', 'index.consume', [
        allow(
          ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
            (name) => `dynamodb:${name}`,
          ),
          att('Table', 'StreamArn'),
        ),
        allow('sqs:SendMessage', att('Queue')),
      ]),
      ...functionWithRole('worker', 'index.work', [
        allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], att('Jobs')),
      ]),
      // As CDK's SqsEventSource makes it.
      JobsMapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          BatchSize: 10,
          EventSourceArn: att('Jobs'),
          FunctionName: { Ref: 'worker' },
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: 10 },
        },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'consumer' },
          EventSourceArn: att('Table', 'StreamArn'),
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 10,
          ParallelizationFactor: 2,
          BisectBatchOnFunctionError: true,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          MaximumRetryAttempts: 1,
          MaximumRecordAgeInSeconds: 300,
          DestinationConfig: { OnFailure: { Destination: att('Queue') } },
          FilterCriteria: { Filters: [{ Pattern: filter }] },
        },
      },
    },
  },
};

function allow(Action: string | string[], Resource: unknown, Condition?: object) {
  return { Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) };
}

function functionWithRole(name: string, Handler: string, Statement: object[]) {
  return {
    [`${name}Role`]: { Type: 'AWS::IAM::Role', Properties: {} },
    [`${name}Policy`]: {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyDocument: { Statement }, Roles: [{ Ref: `${name}Role` }] },
    },
    [name]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Key: 'hash.zip' },
        Handler,
        Role: att(`${name}Role`),
        Timeout: 2,
        LoggingConfig: { LogFormat: 'JSON' },
        Environment: { Variables: { TABLE_NAME: { Ref: 'Table' }, QUEUE_URL: { Ref: 'Jobs' } } },
      },
    },
  };
}
