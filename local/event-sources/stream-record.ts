import { region } from '../template/physical-ids.ts';

/** A record as Lambda hands it to a function; images are DynamoDB JSON. */
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
    readonly NewImage?: Readonly<Record<string, object>>;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
}

/**
 * Makes a record of DynamoDB Local one of Lambda's.
 *
 * DynamoDB Local gives the minute a record was written in. It was written by the time it is read, so the
 * time of reading is closer, and the end of that minute is for a record from before a restart.
 * @param now the cloud's clock, epoch milliseconds; it may run ahead of DynamoDB Local's
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
