import { describe, expect, it } from 'vitest';
import { accessDenied, errorAnswer, unknownCaller } from '../../../local/aws/aws-answers.ts';
import { accessesOf } from '../../../local/aws/iam-actions.ts';

/** Status, type and SQS's old name of an error. */
function shape({ status, headers, body }: ReturnType<typeof errorAnswer>) {
  return [status, JSON.parse(String(body)).__type, headers['x-amzn-query-error']];
}

describe('an error of SQS', () => {
  it('has its type, and the code of the query protocol that SDKs read', () => {
    expect(shape(errorAnswer('sqs', 'QueueDoesNotExist', ''))).toEqual([
      400,
      'com.amazonaws.sqs#QueueDoesNotExist',
      'AWS.SimpleQueueService.NonExistentQueue;Sender',
    ]);
    expect(shape(errorAnswer('sqs', 'InternalFailure', '', 500)).at(-1)).toBe(
      'InternalFailure;Receiver',
    );
    expect(shape(accessDenied('sqs', '')).at(-1)).toBe('AccessDenied;Sender');
    expect(shape(unknownCaller('sqs')).at(-1)).toBe('InvalidClientTokenId;Sender');
  });

  it('is the only one that has such a code', () => {
    expect(shape(errorAnswer('secretsmanager', 'InternalServiceError', '')).at(-1)).toBeUndefined();
  });
});

describe('a call to SQS', () => {
  const base = { service: 'sqs', accessKeyId: undefined } as const;
  const QueueUrl = 'https://sqs.me-south-1.amazonaws.com/000000000000/jobs';

  it.each(['SendMessage', 'SendMessageBatch'])(
    '%s needs the right to send to the queue',
    (operation) => {
      expect(accessesOf({ ...base, operation, request: { QueueUrl } }, [])).toEqual([
        { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:me-south-1:000000000000:jobs' },
      ]);
    },
  );
});
