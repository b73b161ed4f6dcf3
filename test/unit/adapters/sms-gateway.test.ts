import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  AuthorizationErrorException,
  InternalErrorException,
  InvalidParameterException,
  PublishCommand,
  SNSClient,
  ThrottledException,
} from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { connectTimeout } from '../../../lambdas/adapters/never-sent.ts';
import { createSnsGateway } from '../../../lambdas/adapters/sns/sms-gateway.ts';

const sns = mockClient(SNSClient);
const client = new SNSClient({ region: 'me-south-1' });
const gateway = createSnsGateway({ client, senderId: 'HAWIYA', maxPriceUsd: 0.2 });
const message = (body = 'x') => ({
  phone: '+966551234567',
  body,
  reference: 'hash.1',
});

beforeEach(() => {
  sns.reset();
});

describe('the SNS gateway', () => {
  it('sends transactional SMS to the phone, under the registered name and with a maximum price', async () => {
    sns.on(PublishCommand).resolves({ MessageId: 'm' });
    const result = await gateway.send(message('رمز فتح حسابك: 012345'));
    expect(result).toEqual({ kind: 'accepted' });
    expect(sns.calls().map(({ args }) => args[0].input)).toEqual([
      {
        PhoneNumber: '+966551234567',
        Message: 'رمز فتح حسابك: 012345',
        MessageAttributes: {
          'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
          'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: 'HAWIYA' },
          'AWS.SNS.SMS.MaxPrice': { DataType: 'Number', StringValue: '0.2' },
        },
      },
    ]);
  });

  it('tells a phone that can never be reached (opted out, for example) from a failure', async () => {
    const $metadata = {};
    const optedOut = { $metadata, message: 'Phone number is opted out' };
    sns.on(PublishCommand).rejects(new InvalidParameterException(optedOut));
    expect(await gateway.send(message())).toEqual({ kind: 'refused' });
  });

  it.each([
    ['it throttles', new ThrottledException({ $metadata: { httpStatusCode: 429 }, message: 'm' })],
    [
      'it says no',
      new AuthorizationErrorException({ $metadata: { httpStatusCode: 403 }, message: 'm' }),
    ],
    [
      'no connection came about',
      Object.assign(new Error(`x ${connectTimeout} y`), { name: 'TimeoutError' }),
    ],
    ['the connection is refused', Object.assign(new Error('m'), { code: 'ECONNREFUSED' })],
    [
      'there are no credentials',
      Object.assign(new Error('m'), { name: 'CredentialsProviderError' }),
    ],
  ])('reports "not taken" when %s', async (_, error) => {
    sns.on(PublishCommand).rejects(error);
    expect(await gateway.send(message())).toEqual({ kind: 'failed', troubled: true, error });
  });

  it.each([
    ['times out', Object.assign(new Error('m'), { name: 'TimeoutError' })],
    [
      'is an error of its own',
      new InternalErrorException({ $metadata: { httpStatusCode: 500 }, message: 'm' }),
    ],
    ['breaks off', Object.assign(new Error('m'), { code: 'ECONNRESET' })],
  ])('leaves the outcome open when the answer %s', async (_, error) => {
    sns.on(PublishCommand).rejects(error);
    expect(await gateway.send(message())).toEqual({ kind: 'unknown', error });
  });

  it('knows the message by which the installed SDK reports a failed connection', async () => {
    const path = fileURLToPath(import.meta.resolve('@smithy/node-http-handler'));
    expect(await readFile(path, 'utf8')).toContain(connectTimeout);
  });
});
