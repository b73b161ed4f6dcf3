import { region } from '../template/physical-ids.ts';

/** A record in the form that Lambda passes to a function. Images are DynamoDB JSON. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: string;
  readonly eventSource: string;
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  readonly dynamodb: {
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Readonly<Record<string, object>>;
    /** The item after the write; absent for a REMOVE. */
    readonly NewImage?: Readonly<Record<string, object>>;
    /** The item before the write, if the stream has old images; absent for an INSERT. */
    readonly OldImage?: Readonly<Record<string, object>>;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
}

/**
 * Turns a record of DynamoDB Local into one of Lambda's.
 *
 * DynamoDB Local rounds the time of a write down to the minute. The time of reading is closer,
 * because records are read soon after the write. A record from before a restart gets the end of its
 * minute.
 * @param now the cloud's clock in epoch milliseconds; DynamoDB Local uses real time
 */
export function toLambdaRecord(
  record: Omit<StreamRecord, 'eventSourceARN'>,
  streamArn: string,
  now: () => number,
): StreamRecord {
  const minuteEnds = record.dynamodb.ApproximateCreationDateTime * 1000 + 60_000;
  const ahead = now() - Date.now();
  const created = Math.floor((Math.min(Date.now(), minuteEnds) + ahead) / 1000);
  return {
    ...record,
    awsRegion: region,
    eventSourceARN: streamArn,
    dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: created },
  };
}
