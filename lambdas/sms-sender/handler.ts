import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { basics, smsGateway, stores } from '../compose.ts';
import { deliverChallenge } from '../core/engine/deliver-challenge.ts';
import { describeError, log } from '../http/log.ts';
import { env } from './env.ts';

const deliver = deliverChallenge({
  ...basics(env),
  ...stores(env),
  sms: smsGateway(env),
  limits: env.LIMITS,
  portalHost: env.PORTAL_HOST,
});

/** One send that a batch asks for. */
interface Owed {
  readonly idHash: string;
  readonly sendNumber: number;
  /** Of the first record that asks for it: where Lambda is to go on if the send fails. */
  readonly sequenceNumber: string;
}

/**
 * Delivers what the outbox owes. Sends that fail are reported one by one: Lambda tries again from the first of
 * them, and those behind it that did go out are settled already.
 */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const outcomes = await Promise.all(owedBy(Records).map(deliverOne));
  const failed = outcomes.filter((identifier) => identifier !== undefined);
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/**
 * One send a challenge, the newest. A wrong guess writes the challenge too, with the mark still on it: were each
 * record delivered, guessing during the delivery would multiply the SMS.
 */
function owedBy(records: readonly DynamoDBRecord[]): Owed[] {
  const owed = new Map<string, Owed>();
  for (const { dynamodb } of records) {
    const idHash = dynamodb?.Keys?.['pk']?.S?.replace('challenge#', '') ?? '';
    const sendNumber = Number(dynamodb?.NewImage?.['outbox']?.N);
    const { sequenceNumber = dynamodb?.SequenceNumber ?? '' } = owed.get(idHash) ?? {};
    owed.set(idHash, { idHash, sendNumber, sequenceNumber });
  }
  return [...owed.values()];
}

/** @returns the sequence number from which it must come again */
async function deliverOne(send: Owed): Promise<string | undefined> {
  try {
    log('INFO', 'outbox', { delivery: await deliver(send.idHash, send.sendNumber) });
    return undefined;
  } catch (error) {
    log('ERROR', 'outbox', describeError(error));
    return send.sequenceNumber;
  }
}
