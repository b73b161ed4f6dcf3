import type { FeedbackFlow } from '#core/model/feedback.ts';

/**
 * The fields of a log line. There is no free text, so nothing that a person typed can get in. Error messages stay out
 * too: they may quote what a person typed.
 */
export interface LogFields {
  readonly requestId?: string;
  readonly route?: string;
  readonly status?: number;
  /** Code of the problem that was answered. */
  readonly problem?: string;
  readonly ms?: number;
  /** Outcome of a send, or of a receipt. */
  readonly delivery?: string;
  /** Id of a relying service, from the stage's configuration. */
  readonly service?: string;
  /** A flow that a person was asked about, of `feedbackFlows`. */
  readonly flow?: FeedbackFlow;
  /** Name of an SMS provider, from the stage's configuration. */
  readonly provider?: string;
  /** Class of an unexpected error. `at` holds its stack. */
  readonly error?: string;
  readonly at?: readonly string[];
  /** Request id of the AWS call that failed. */
  readonly awsRequestId?: string;
}

/** Writes one JSON line, as Lambda's JSON log format accepts it. */
export function log(level: 'INFO' | 'ERROR', message: string, fields: LogFields): void {
  const line = { timestamp: new Date().toISOString(), level, message, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/**
 * Counts one occurrence for the alarms: a log line in CloudWatch's embedded metric format, namespace `Hawiya`. It has
 * no dimensions, because a caller could choose their values.
 * @param fields of the line, which is all that tells occurrences apart
 */
export function metric(
  name:
    | 'ForgedPhone'
    | 'EventMalformed'
    | 'FlowFailed'
    | 'FlowWorked'
    | 'GuessingBreakerOpened'
    | 'NoticeFailed'
    | 'ReviewNumberUsed'
    | 'SmsBreakerOpened',
  fields: Pick<LogFields, 'flow'> = {},
): void {
  const line = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        { Namespace: 'Hawiya', Dimensions: [[]], Metrics: [{ Name: name, Unit: 'Count' }] },
      ],
    },
    level: 'INFO',
    message: 'metric',
    ...fields,
    [name]: 1,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** A line of a stack that names a position in a file. */
const frame = /^\s+at .+:\d+:\d+\)?$/;

/**
 * The safe facts about an error: its class, its stack without the message, and the request id that AWS support asks
 * for.
 * Never throws: the caller needs an answer for the oddest error too.
 */
export function describeError(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  try {
    const { $metadata } = error as { $metadata?: { requestId?: string } };
    return {
      error: String(error.name),
      at: framesOf(String(error.stack ?? ''), String(error.message)),
      ...($metadata?.requestId && { awsRequestId: String($metadata.requestId) }),
    };
  } catch {
    return { error: 'unreadable' };
  }
}

/** The frames of a stack. The stack begins with the message, and a message may hold lines that look like frames. */
function framesOf(stack: string, message: string): string[] {
  const end = stack.includes(message) ? stack.indexOf(message) + message.length : 0;
  const lines = stack.slice(end).split('\n');
  return lines.flatMap((line) => (frame.test(line) ? [line.trim()] : [])).slice(0, 6);
}
