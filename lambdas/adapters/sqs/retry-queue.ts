import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import type { OwedSend, RetryQueue } from '#core/ports/retry-queue.ts';
import { parseJson } from '#core/values/json-field.ts';

const turn = {
  sendNumber: z.int().check(z.positive()),
  round: z.int().check(z.positive()),
};

/** The content of a message: enough to find the send again, and nothing of phone or code. */
const owedSend = z.union([
  z.strictObject({ idHash: z.string().check(z.minLength(1)), ...turn }),
  z.strictObject({ noticeId: z.string().check(z.minLength(1)), ...turn }),
]) satisfies z.ZodMiniType<OwedSend>;

/** Sends that wait for their next round, in Amazon SQS. Delays are whole seconds, 900 at most. */
export const createRetryQueue = ({
  client,
  queueUrl,
}: {
  readonly client: SQSClient;
  readonly queueUrl: string;
}): RetryQueue => ({
  async later(send, seconds) {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        DelaySeconds: seconds,
        MessageBody: JSON.stringify(send),
      }),
    );
  },
});

/** @throws Error for a malformed message, which ends in the dead-letter queue */
export const readOwedSend = (body: string): OwedSend => owedSend.parse(parseJson(body));
