import {
  InvalidParameterException,
  InvalidParameterValueException,
  PublishCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { SmsGateway } from '../../core/ports.ts';

const text = (value: string) => ({ DataType: 'String', StringValue: value });

/** Sends by Amazon SNS, as transactional SMS: delivery before cost. */
export const createSnsGateway = ({
  client,
  senderId,
  maxPriceUsd,
}: {
  readonly client: SNSClient;
  readonly senderId: string;
  readonly maxPriceUsd: number;
}): SmsGateway => ({
  async send({ phone, body }) {
    const message = new PublishCommand({
      PhoneNumber: phone,
      Message: body,
      MessageAttributes: {
        'AWS.SNS.SMS.SMSType': text('Transactional'),
        'AWS.SNS.SMS.SenderID': text(senderId),
        'AWS.SNS.SMS.MaxPrice': { DataType: 'Number', StringValue: String(maxPriceUsd) },
      },
    });
    try {
      await client.send(message);
      return { kind: 'accepted', provider: 'sns' };
    } catch (error) {
      // "Phone number is opted out", "Invalid parameter: PhoneNumber": trying again holds everybody else up.
      const forGood =
        error instanceof InvalidParameterException ||
        error instanceof InvalidParameterValueException;
      if (forGood) return { kind: 'refused' };
      throw error;
    }
  },
});
