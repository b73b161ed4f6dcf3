import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { SmsGateway } from '../../core/ports.ts';

const text = (value: string) => ({ DataType: 'String', StringValue: value });

/** Sends by Amazon SNS, as transactional SMS: delivery before cost. */
export const createSnsGateway = ({
  client,
  senderId,
}: {
  readonly client: SNSClient;
  readonly senderId: string;
}): SmsGateway => ({
  async send(phone, body) {
    await client.send(
      new PublishCommand({
        PhoneNumber: phone,
        Message: body,
        MessageAttributes: {
          'AWS.SNS.SMS.SMSType': text('Transactional'),
          'AWS.SNS.SMS.SenderID': text(senderId),
        },
      }),
    );
  },
});
