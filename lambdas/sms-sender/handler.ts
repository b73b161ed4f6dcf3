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

/**
 * Delivers what the outbox owes. Records that fail are reported one by one: Lambda tries again from the first of
 * them, and those behind it that did go out are settled already.
 */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const outcomes = await Promise.all(Records.map(deliverRecord));
  const failed = outcomes.filter((identifier) => identifier !== undefined);
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** @returns the sequence number of a record that must come again */
async function deliverRecord({ dynamodb }: DynamoDBRecord): Promise<string | undefined> {
  const idHash = dynamodb?.Keys?.['pk']?.S?.replace('challenge#', '') ?? '';
  const sendNumber = Number(dynamodb?.NewImage?.['outbox']?.N);
  try {
    log('INFO', 'outbox', { delivery: await deliver(idHash, sendNumber) });
    return undefined;
  } catch (error) {
    log('ERROR', 'outbox', describeError(error));
    return dynamodb?.SequenceNumber ?? '';
  }
}
