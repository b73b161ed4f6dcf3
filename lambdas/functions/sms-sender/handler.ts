import type { DynamoDBBatchResponse, DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import { creditVerifiedCode } from '#core/budgets/credit-verified-code.ts';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { deliverNotice } from '#core/delivery/deliver-notice.ts';
import { type AccountWrite, tellOwner } from '#core/delivery/tell-owner.ts';
import type { OwedSend } from '#core/ports/retry-queue.ts';
import { sqsClient } from '../../adapters/clients.ts';
import { createRetryQueue } from '../../adapters/sqs/retry-queue.ts';
import { codeKeys, phoneSealKeys, sealKeys, tags } from '../../compose/key-ports.ts';
import {
  accountStore,
  breakerStore,
  challengeStore,
  ledgerStore,
  noticeStore,
  spendStore,
  systemPorts,
} from '../../compose/ports.ts';
import { smsRoutes } from '../../compose/sms-routes.ts';
import { describeError, log } from '../../observability/log.ts';
import { spendMetrics } from '../../observability/spend-metrics.ts';
import { env } from './env.ts';
import { report, reportUntold } from './report.ts';
import { workOf } from './work.ts';

const ports = {
  ...systemPorts,
  ...codeKeys(env),
  ...tags(env),
  ...phoneSealKeys(env),
  ...sealKeys(env),
  ...breakerStore(env),
  ...noticeStore(env),
  ...spendStore(env),
  ...accountStore(env),
  ...challengeStore(env),
  ...ledgerStore(env),
  sms: smsRoutes(env, (provider, error) =>
    log('ERROR', 'provider', { provider, ...describeError(error) }),
  ),
  retries: createRetryQueue({ client: sqsClient(), queueUrl: env.RETRY_QUEUE_URL }),
  limits: env.LIMITS,
  reviewNumbers: env.REVIEW_NUMBERS,
  portalHost: env.PORTAL_HOST,
  spending: env.SPENDING,
  spendMetrics,
};
const deliver = { code: deliverChallenge(ports), notice: deliverNotice(ports) };
const count = creditVerifiedCode(ports);
const tell = tellOwner(ports);

/**
 * Delivers the sends that the outbox owes: from the table's stream, and from the retry queue after no provider could
 * take them. Also counts the codes that were verified, and owes a notice to owners who lost their account or its phone.
 * Failures are reported one by one. Lambda retries a stream from the first failure, and the sends behind it that
 * succeeded are settled already.
 */
export async function handler(
  event: DynamoDBStreamEvent | SQSEvent,
): Promise<DynamoDBBatchResponse> {
  const { deliveries, verifications, losses } = workOf(event);
  const outcomes = await Promise.all([
    ...deliveries.map(({ identifier, send }) => attempt(identifier, () => deliverOne(send()))),
    ...verifications.map(({ identifier, idHash }) => attempt(identifier, () => count(idHash))),
    ...losses.map(({ identifier, write }) => attempt(identifier, () => tellOne(write))),
  ]);
  const failed = outcomes.filter((identifier) => identifier !== undefined);
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

async function deliverOne(send: OwedSend): Promise<void> {
  const delivery = 'noticeId' in send ? await deliver.notice(send) : await deliver.code(send);
  report(send, delivery);
}

async function tellOne(write: AccountWrite): Promise<void> {
  const told = await tell(write);
  if (told === 'untellable') reportUntold();
}

/** @returns the identifier of a task that must run again */
async function attempt(identifier: string, work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    log('ERROR', 'outbox', describeError(error));
    return identifier;
  }
}
