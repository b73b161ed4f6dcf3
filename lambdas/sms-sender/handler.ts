import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { basics, stores } from '../compose.ts';
import { smsGateway } from '../compose-sms.ts';
import { deliverChallenge } from '../core/engine/deliver-challenge.ts';
import { recordVerified } from '../core/engine/record-verified.ts';
import { describeError, log, metric } from '../http/log.ts';
import { env } from './env.ts';
import { idHashOf, type Owed, owedBy } from './owed.ts';

const ports = {
  ...basics(env),
  ...stores(env),
  sms: smsGateway(env, (provider, error) =>
    log('ERROR', 'provider', { provider, ...describeError(error) }),
  ),
  limits: env.LIMITS,
  portalHost: env.PORTAL_HOST,
  spending: env.SPENDING,
};
const deliver = deliverChallenge(ports);

/**
 * Delivers what the outbox owes, and counts the codes that were verified. What fails is reported one by one: Lambda
 * tries again from the first of them, and those behind it that were done are settled already.
 */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const verified = Records.filter(({ dynamodb }) => dynamodb?.NewImage?.['outbox'] === undefined);
  const owed = owedBy(Records.filter((record) => !verified.includes(record)));
  const outcomes = await Promise.all([...owed.map(deliverOne), ...verified.map(countVerified)]);
  const failed = outcomes.filter((identifier) => identifier !== undefined);
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** @returns the sequence number from which it must come again */
function deliverOne({ idHash, sendNumber, sequenceNumber }: Owed): Promise<string | undefined> {
  return orAgain(sequenceNumber, async () => {
    const delivery = await deliver(idHash, sendNumber);
    log('INFO', 'outbox', { delivery });
    if (delivery === 'no-budget') metric('SmsBreakerOpened');
  });
}

function countVerified({ dynamodb }: DynamoDBRecord): Promise<string | undefined> {
  return orAgain(dynamodb?.SequenceNumber ?? '', () => recordVerified(ports)(idHashOf(dynamodb)));
}

async function orAgain(sequenceNumber: string, work: () => Promise<void>) {
  try {
    await work();
    return undefined;
  } catch (error) {
    log('ERROR', 'outbox', describeError(error));
    return sequenceNumber;
  }
}
