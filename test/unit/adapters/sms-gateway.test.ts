import { InvalidParameterException, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSnsGateway } from '../../../lambdas/adapters/sns/sms-gateway.ts';

const sns = mockClient(SNSClient);
const client = new SNSClient({ region: 'me-south-1' });
const gateway = createSnsGateway({ client, senderId: 'HAWIYA', maxPriceUsd: 0.2 });
const message = (body = 'x') => ({
  ...{ phone: '+966551234567', body, reference: 'hash.1', sendNumber: 1, until: 0 },
});

beforeEach(() => {
  sns.reset();
});

describe('the SNS gateway', () => {
  it('sends to the phone, as transactional SMS, under the registered name and at a price', async () => {
    sns.on(PublishCommand).resolves({ MessageId: 'm' });
    const result = await gateway.send(message('رمز فتح حسابك: 012345'));
    expect(result).toEqual({ kind: 'accepted', provider: 'sns' });
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

  it('tells a phone that will never get it, opted out say, from a failure', async () => {
    const $metadata = {};
    const optedOut = { $metadata, message: 'Phone number is opted out' };
    sns.on(PublishCommand).rejects(new InvalidParameterException(optedOut));
    expect(await gateway.send(message())).toEqual({ kind: 'refused' });
  });

  it('lets a failure through, so that the outbox tries again', async () => {
    const error = new Error('ThrottledException');
    sns.on(PublishCommand).rejects(error);
    await expect(gateway.send(message())).rejects.toBe(error);
  });
});
