import { md5, type Queue } from '../queues/queue.ts';
import { type Answer, errorAnswer, jsonAnswer } from './aws-answers.ts';
import type { RawCall } from './aws-call.ts';

/** SQS's longest delay: fifteen minutes. */
const maxDelaySeconds = 900;
const supported = new Set(['QueueUrl', 'MessageBody', 'DelaySeconds']);

/** Serves `SendMessage`. Functions receive by event source mappings and call nothing else. */
export function serveQueues({ operation, request }: RawCall, queues: Queue[]): Answer {
  // Refuse what the queue does not keep, such as attributes: consumers would miss it silently.
  const foreign = Object.keys(request).find((name) => !supported.has(name));
  if (operation !== 'SendMessage') return unsupported(operation);
  if (foreign) return unsupported(`${operation} with ${foreign}`);
  return sendMessage(request, queues);
}

function sendMessage(request: RawCall['request'], queues: Queue[]): Answer {
  const { QueueUrl, MessageBody, DelaySeconds } = request;
  const queue = queues.find(({ url }) => url === QueueUrl);
  if (!queue) return refuse('QueueDoesNotExist', 'The specified queue does not exist.');
  if (typeof MessageBody !== 'string' || !MessageBody) {
    return refuse('MissingParameter', 'The request must contain the parameter MessageBody.');
  }
  if (DelaySeconds !== undefined && !isDelay(DelaySeconds)) {
    const reason = `DelaySeconds must be >= 0 and <= ${maxDelaySeconds}.`;
    return refuse(
      'InvalidParameterValue',
      `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: ${reason}`,
    );
  }
  const { messageId } = queue.send(MessageBody, DelaySeconds);
  return jsonAnswer({ MessageId: messageId, MD5OfMessageBody: md5(MessageBody) });
}

function isDelay(value: unknown): value is number {
  const seconds = Number(value);
  return Number.isInteger(value) && seconds >= 0 && seconds <= maxDelaySeconds;
}

function refuse(code: string, message: string): Answer {
  return errorAnswer('sqs', code, message);
}

function unsupported(what: string): Answer {
  return refuse('UnsupportedOperation', `${what} is not served locally`);
}
