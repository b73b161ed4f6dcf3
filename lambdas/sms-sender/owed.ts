import type { DynamoDBRecord } from 'aws-lambda';

/** One send that a batch asks for. */
export interface Owed {
  readonly idHash: string;
  readonly sendNumber: number;
  /** Of the first record that asks for it: where Lambda is to go on if the send fails. */
  readonly sequenceNumber: string;
}

/**
 * One send a challenge, the newest. A wrong guess writes the challenge too, with the mark still on it: were each
 * record delivered, guessing during the delivery would multiply the SMS.
 */
export function owedBy(records: readonly DynamoDBRecord[]): Owed[] {
  const owed = new Map<string, Owed>();
  for (const { dynamodb } of records) {
    const idHash = idHashOf(dynamodb);
    const sendNumber = Number(dynamodb?.NewImage?.['outbox']?.N);
    const { sequenceNumber = dynamodb?.SequenceNumber ?? '' } = owed.get(idHash) ?? {};
    owed.set(idHash, { idHash, sendNumber, sequenceNumber });
  }
  return [...owed.values()];
}

/** The challenge that a record is of. */
export const idHashOf = (image: DynamoDBRecord['dynamodb']) =>
  image?.Keys?.['pk']?.S?.replace('challenge#', '') ?? '';
