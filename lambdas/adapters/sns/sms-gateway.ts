import {
  InvalidParameterException,
  InvalidParameterValueException,
  PublishCommand,
  type SNSClient,
  SNSServiceException,
} from '@aws-sdk/client-sns';
import type { SmsAnswer, SmsGateway } from '#core/ports/sms.ts';
import { neverSent } from '../never-sent.ts';

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
      return { kind: 'accepted' };
    } catch (error) {
      return answerOf(error);
    }
  },
});

function answerOf(error: unknown): SmsAnswer {
  // "Phone number is opted out", "Invalid parameter: PhoneNumber": this phone takes none of our SMS.
  const forGood =
    error instanceof InvalidParameterException || error instanceof InvalidParameterValueException;
  if (forGood) return { kind: 'refused' };
  return wasDeclined(error) || neverSent(error)
    ? { kind: 'failed', troubled: true, error }
    : { kind: 'unknown', error };
}

/**
 * Whether SNS declined, or there were no credentials to call it with. After an internal error of SNS the SMS may still
 * be out.
 */
function wasDeclined(error: unknown): boolean {
  if (!(error instanceof SNSServiceException)) {
    return error instanceof Error && error.name === 'CredentialsProviderError';
  }
  const { httpStatusCode = 500 } = error.$metadata;
  return httpStatusCode < 500 || httpStatusCode === 503 || unavailable.has(error.name);
}

const unavailable = new Set(['ServiceUnavailable', 'ThrottledException', 'Throttling']);
