import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord, SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { toAttributes } from '../../../lambdas/adapters/dynamodb/table.ts';
import { settingsAsJson } from '../../../lib/bundles/function-bundles.ts';
import { functionSettings } from '../../../lib/config/function-settings.ts';
import { local } from '../../../lib/config/stages/local.ts';
import { challenge, idHash, limits, spending } from '../../support/fakes/builders.ts';
import { freshMaterial, testKeys } from '../../support/fakes/keys.ts';
import { noticeOf } from '../../support/world/records.ts';

const dynamodb = mockClient(DynamoDBClient);
const secrets = mockClient(SecretsManagerClient);
const sns = mockClient(SNSClient);
const sqs = mockClient(SQSClient);
const material = { current: freshMaterial() };
const keys = testKeys(material);

vi.stubEnv('AWS_REGION', 'me-south-1');
vi.stubEnv('TABLE_NAME', 'table');
for (const name of ['CODES', 'TAGS', 'PHONE_SEALS', 'SEALS'])
  vi.stubEnv(`${name}_SECRET_ARN`, 'arn');
vi.stubEnv('RETRY_QUEUE_URL', 'https://sqs.me-south-1.amazonaws.com/1/retries');
vi.stubEnv('PROVIDER_SECRET_ARN', '');
vi.stubGlobal(
  'SETTINGS',
  settingsAsJson({ ...functionSettings(local), LIMITS: limits, SPENDING: spending }),
);
secrets.on(GetSecretValueCommand).resolves({
  SecretString: JSON.stringify({ 1: material.current.versions[0]?.secret }),
});
const { handler } = await import('../../../lambdas/functions/sms-sender/handler.ts');

const [a, b] = [idHash('password-reset'), idHash('password-reset')];

const record = (idHash: string, outbox: number, sequence: number): DynamoDBRecord => ({
  eventName: 'MODIFY',
  dynamodb: {
    Keys: { pk: { S: `challenge#${idHash}` }, sk: { S: 'challenge' } },
    NewImage: { outbox: { N: String(outbox) } },
    SequenceNumber: String(sequence),
  },
});

beforeEach(() => {
  dynamodb.reset();
  sns.reset();
  sqs.reset();
  const phone = keys.sealedPhone('+966551234567');
  const expiresAt = Math.floor(Date.now() / 1000) + 300;
  const stored = challenge({ purpose: 'password-reset', ...phone, expiresAt });
  dynamodb.on(GetItemCommand).resolves({ Item: toAttributes({ ...stored, pk: `challenge#${a}` }) });
  dynamodb.on(UpdateItemCommand).resolves({ Attributes: {} });
  sns.on(PublishCommand).resolves({});
});

it('five wrong guesses during a delivery still cause one SMS', async () => {
  const batch = [1, 2, 3, 4, 5].map((sequence) => record(a, 1, sequence));
  expect(await handler({ Records: batch })).toEqual({ batchItemFailures: [] });
  expect(sns.commandCalls(PublishCommand)).toHaveLength(1);
});

it('a send that fails at the provider waits in the queue and blocks no other send', async () => {
  sns.on(PublishCommand).rejectsOnce(Object.assign(new Error('down'), { code: 'ECONNREFUSED' }));
  const batch = [record(a, 1, 11), record(a, 1, 12)];
  expect(await handler({ Records: batch })).toEqual({ batchItemFailures: [] });
  const [message] = sqs.commandCalls(SendMessageCommand);
  expect(message?.args[0].input).toEqual({
    QueueUrl: 'https://sqs.me-south-1.amazonaws.com/1/retries',
    DelaySeconds: 2,
    MessageBody: JSON.stringify({ idHash: a, sendNumber: 1, round: 1 }),
  });
});

const message = (body: string): SQSRecord => ({
  messageId: `m-${body.length}`,
  receiptHandle: 'r',
  body,
  md5OfBody: '',
  messageAttributes: {},
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn',
  awsRegion: 'me-south-1',
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 's',
    ApproximateFirstReceiveTimestamp: '0',
  },
});

it('a queued send is sent; a foreign message is retried until it becomes a dead letter', async () => {
  const good = message(JSON.stringify({ idHash: a, sendNumber: 1, round: 3 }));
  const alien = message('{}');
  const { batchItemFailures } = await handler({ Records: [good, alien] });
  expect(batchItemFailures).toEqual([{ itemIdentifier: 'm-2' }]);
  expect(sns.commandCalls(PublishCommand)).toHaveLength(1);
});

it('a send that fails at the table is retried from its first record on, and no other send is', async () => {
  dynamodb.on(GetItemCommand).rejectsOnce(new Error('down')).resolves({});
  const batch = [record(a, 1, 11), record(b, 1, 12), record(a, 1, 13)];
  const { batchItemFailures } = await handler({ Records: batch });
  expect(batchItemFailures).toEqual([{ itemIdentifier: '11' }]);
});

describe('a notice', () => {
  const id = 'n'.repeat(22);
  const owed = (sequence: number): DynamoDBRecord => {
    const { dynamodb: image, ...rest } = record('x', 1, sequence);
    const Keys = { pk: { S: `notice#${id}` }, sk: { S: 'notice' } };
    return { ...rest, eventName: 'INSERT', dynamodb: { ...image, Keys } };
  };

  beforeEach(() => {
    const phone = keys.sealedPhone('+966551234567');
    const expiresAt = Math.floor(Date.now() / 1000) + 300;
    const notice = noticeOf({ ...phone, expiresAt, language: 'en' });
    const { id: _, ...stored } = { ...notice, pk: `notice#${id}`, outbox: 1 };
    dynamodb.on(GetItemCommand).resolves({ Item: toAttributes(stored) });
  });

  it('is told apart from a code by its key, and is sent', async () => {
    expect(await handler({ Records: [owed(1)] })).toEqual({ batchItemFailures: [] });
    const [call] = dynamodb.commandCalls(GetItemCommand);
    expect(call?.args[0].input.Key?.['pk']).toEqual({ S: `notice#${id}` });
    const [sent] = sns.commandCalls(PublishCommand);
    expect(sent?.args[0].input.Message).toBe(
      'Your health portal password was changed. If that was not you, call 937.',
    );
  });

  it('that fails at the provider waits in the queue, which holds no phone, and is sent from there', async () => {
    sns.on(PublishCommand).rejectsOnce(Object.assign(new Error('down'), { code: 'ECONNREFUSED' }));
    await handler({ Records: [owed(1)] });
    const body = sqs.commandCalls(SendMessageCommand)[0]?.args[0].input.MessageBody ?? '';
    expect(JSON.parse(body)).toEqual({ noticeId: id, sendNumber: 1, round: 1 });
    expect(await handler({ Records: [message(body)] })).toEqual({ batchItemFailures: [] });
    expect(sns.commandCalls(PublishCommand)).toHaveLength(2);
  });

  it('that is given up is counted for the alarm; a waiting or a sent one is not', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const failures = () => write.mock.calls.join('').match(/"NoticeFailed":1/g)?.length ?? 0;
    sns.on(PublishCommand).rejectsOnce(Object.assign(new Error('down'), { code: 'ECONNREFUSED' }));
    await handler({ Records: [owed(1)] });
    await handler({ Records: [owed(2)] });
    expect(failures()).toBe(0);
    const over = { ...noticeOf({ expiresAt: 1 }), pk: `notice#${id}`, outbox: 1 };
    dynamodb.on(GetItemCommand).resolves({ Item: toAttributes({ ...over }) });
    await handler({ Records: [owed(3)] });
    expect(failures()).toBe(1);
    write.mockRestore();
  });
});
