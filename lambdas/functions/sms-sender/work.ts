import type { DynamoDBRecord, DynamoDBStreamEvent, SQSEvent, SQSRecord } from 'aws-lambda';
import type { AccountWrite } from '#core/delivery/tell-owner.ts';
import type { OwedSend } from '#core/ports/retry-queue.ts';
import { accountWriteFrom } from '../../adapters/dynamodb/account-image.ts';
import type { Attributes } from '../../adapters/dynamodb/table.ts';
import { readOwedSend } from '../../adapters/sqs/retry-queue.ts';

/** One task of an event. */
interface Task {
  /** Where Lambda resumes if the task fails: a sequence number of the stream, or a message of the queue. */
  readonly identifier: string;
}

/** A send to deliver. `send` throws for a malformed message. */
export interface Delivery extends Task {
  readonly send: () => OwedSend;
}

/** A verified code, to be counted. */
export interface Verification extends Task {
  readonly idHash: string;
}

/** A write of an account's item, of which its owner may have to be told. */
export interface Loss extends Task {
  readonly write: AccountWrite;
}

interface Work {
  readonly deliveries: Delivery[];
  readonly verifications: Verification[];
  readonly losses: Loss[];
}

/** The tasks in an event of the table's stream or of the retry queue. */
export function workOf({ Records }: DynamoDBStreamEvent | SQSEvent): Work {
  if (areMessages(Records)) {
    return { deliveries: Records.map(deliveryOf), verifications: [], losses: [] };
  }
  const owing = Records.filter(({ dynamodb }) => dynamodb?.NewImage?.['outbox'] !== undefined);
  // Both apply to a code that was verified while its next send is still owed.
  const verified = Records.filter(({ dynamodb }) => isVerified(dynamodb?.NewImage));
  return {
    deliveries: newestSends(owing),
    verifications: verified.map(verificationOf),
    losses: Records.filter(isOfAccount).flatMap(lossOf),
  };
}

const isVerified = (image: NonNullable<DynamoDBRecord['dynamodb']>['NewImage']): boolean =>
  image?.['status']?.S === 'verified';

const isOfAccount = ({ dynamodb }: DynamoDBRecord): boolean =>
  dynamodb?.Keys?.['pk']?.S?.startsWith('account#') ?? false;

const areMessages = (records: readonly (DynamoDBRecord | SQSRecord)[]): records is SQSRecord[] =>
  records.every((record) => 'messageId' in record);

const deliveryOf = ({ messageId, body }: SQSRecord): Delivery => ({
  identifier: messageId,
  send: () => readOwedSend(body),
});

const verificationOf = ({ dynamodb }: DynamoDBRecord): Verification => ({
  identifier: dynamodb?.SequenceNumber ?? '',
  idHash: idHashOf(dynamodb),
});

function lossOf({ eventID, dynamodb }: DynamoDBRecord): Loss[] {
  const write = accountWriteFrom({
    eventID,
    sequenceNumber: dynamodb?.SequenceNumber,
    // The types of Lambda's events and of the SDK describe the same JSON.
    before: dynamodb?.OldImage as Attributes | undefined,
    after: dynamodb?.NewImage as Attributes | undefined,
  });
  return write ? [{ identifier: dynamodb?.SequenceNumber ?? '', write }] : [];
}

/**
 * One delivery per item: the newest send, resumed from the item's first record. A wrong guess also writes the challenge
 * while the outbox mark is still set. If each record were delivered, guesses during the delivery would multiply the
 * SMS.
 */
function newestSends(records: readonly DynamoDBRecord[]): Delivery[] {
  const newest = new Map<string, Delivery>();
  for (const { dynamodb } of records) {
    const pk = dynamodb?.Keys?.['pk']?.S ?? '';
    const { identifier = dynamodb?.SequenceNumber ?? '' } = newest.get(pk) ?? {};
    newest.set(pk, { identifier, send: () => sendOf(dynamodb) });
  }
  return [...newest.values()];
}

/** The prefix of the key tells a code from a notice. */
function sendOf(image: DynamoDBRecord['dynamodb']): OwedSend {
  const [kind, id = ''] = (image?.Keys?.['pk']?.S ?? '').split('#');
  const turn = { sendNumber: Number(image?.NewImage?.['outbox']?.N), round: 0 };
  return kind === 'notice' ? { noticeId: id, ...turn } : { idHash: id, ...turn };
}

const idHashOf = (image: DynamoDBRecord['dynamodb']): string =>
  image?.Keys?.['pk']?.S?.replace('challenge#', '') ?? '';
