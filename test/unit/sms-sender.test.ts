import { randomBytes } from 'node:crypto';
import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { DynamoDBRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it, vi } from 'vitest';
import { toAttributes } from '../../lambdas/adapters/dynamodb/table.ts';
import { createKeyring } from '../../lambdas/core/crypto/keyring.ts';
import { seal } from '../../lambdas/core/crypto/seal.ts';
import { phoneContext } from '../../lambdas/core/engine/challenge.ts';
import { challenge, limits, spending } from '../support/builders.ts';

const dynamodb = mockClient(DynamoDBClient);
const secrets = mockClient(SecretsManagerClient);
const sns = mockClient(SNSClient);
const material = 'k'.repeat(64);

vi.stubEnv('AWS_REGION', 'me-south-1');
vi.stubEnv('TABLE_NAME', 'table');
vi.stubEnv('SECRET_ARN', 'arn');
vi.stubEnv('LIMITS', JSON.stringify(limits));
vi.stubEnv('SPENDING', JSON.stringify(spending));
vi.stubEnv('SMS_PROVIDERS', JSON.stringify([{ kind: 'sns', name: 'sns', maxPriceUsd: 0.5 }]));
vi.stubEnv('PORTAL_HOST', 'localhost');
vi.stubEnv('SMS_SENDER_ID', 'HAWIYA');
secrets.on(GetSecretValueCommand).resolves({
  SecretString: JSON.stringify({ current: '1', 1: material }),
});
const { handler } = await import('../../lambdas/sms-sender/handler.ts');

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
  const keyring = createKeyring({ current: 1, versions: { 1: material } });
  const phone = seal(keyring, randomBytes, phoneContext('tag'), '+966551234567');
  const expiresAt = Math.floor(Date.now() / 1000) + 300;
  const stored = challenge({ purpose: 'password-reset', phoneTag: 'tag', phone, expiresAt });
  dynamodb.on(GetItemCommand).resolves({ Item: toAttributes({ ...stored, pk: 'challenge#a' }) });
  dynamodb.on(UpdateItemCommand).resolves({ Attributes: {} });
  sns.on(PublishCommand).resolves({});
});

it('five wrong guesses during the delivery do not make five SMS of one', async () => {
  const batch = [1, 2, 3, 4, 5].map((sequence) => record('a', 1, sequence));
  expect(await handler({ Records: batch })).toEqual({ batchItemFailures: [] });
  expect(sns.commandCalls(PublishCommand)).toHaveLength(1);
});

it('a send that fails is asked for again from its first record on, and only that one', async () => {
  sns.on(PublishCommand).rejectsOnce(new Error('down')).resolves({});
  const batch = [record('a', 1, 11), record('b', 1, 12), record('a', 1, 13)];
  const { batchItemFailures } = await handler({ Records: batch });
  expect(batchItemFailures).toEqual([{ itemIdentifier: '11' }]);
});
