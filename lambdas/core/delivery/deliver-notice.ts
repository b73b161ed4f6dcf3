import { chargeReminderToPhone } from '../budgets/charge-reminder.ts';
import { reviewNumberOf } from '../budgets/review-numbers.ts';
import { unseal } from '../crypto/seal.ts';
import { reminderContext } from '../model/records.ts';
import { isTagOf, openPhone } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';
import type { StoredNotice } from '../ports/notice-store.ts';
import type { OwedNotice } from '../ports/retry-queue.ts';
import type { Outcome } from './deliver-challenge.ts';
import { nameOnSharedPhone } from './name-on-shared-phone.ts';
import { noticeMessage, reminderMessage } from './notice-messages.ts';
import { noticeRetryPolicy } from './retry-policy.ts';
import { scheduleRetry } from './schedule-retry.ts';
import { type ProviderRound, settlementOf } from './send.ts';
import { tryProviders } from './try-providers.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'clock'
  | 'entropy'
  | 'phoneSealKeys'
  | 'sealKeys'
  | 'ledgers'
  | 'tags'
  | 'notices'
  | 'sms'
  | 'retries'
  | 'spendings'
  | 'breakers'
  | 'spending'
  | 'reviewNumbers'
>;

/**
 * Delivers a notice. The table's stream delivers at least once, so the outbox mark is read first and cleared last. No
 * person waits for a notice in front of a form, so it is retried for hours, at growing intervals.
 * @throws errors of the table and of the keys; the stream or the queue then delivers the notice again
 */
export const deliverNotice =
  (ports: Needs) =>
  async (owed: OwedNotice): Promise<Outcome> => {
    const { clock, notices } = ports;
    const { noticeId, sendNumber } = owed;
    const notice = await notices.find(noticeId);
    if (notice?.outbox !== sendNumber) return 'settled-before';
    // A repeated delivery by the stream or the queue: the next round is already under way.
    if ((notice.round ?? 0) > owed.round) return 'settled-before';

    // A receipt reported delivery, but an earlier run crashed before it settled the send.
    if (notice.delivery === 'delivered') {
      await notices.settle(noticeId, sendNumber, { delivery: 'sent' });
      return 'sent';
    }
    if (clock() >= notice.expiresAt) {
      await notices.settle(noticeId, sendNumber, { delivery: 'failed' });
      return 'expired';
    }
    if (await reviewNumberOf(ports)(notice.phoneTag)) {
      await notices.settle(noticeId, sendNumber, { delivery: 'sent' });
      return 'review';
    }
    if (notice.kind === 'username-reminder' && notice.decoy) {
      await notices.settle(noticeId, sendNumber, { delivery: 'sent' });
      return 'decoy';
    }
    // The seal is as old as the account's phone. The tag tells whether the number is the account's.
    const phone = await openPhone(ports.phoneSealKeys, notice, 0);
    if (!isTagOf(await ports.tags(), notice.phoneTag, phone)) {
      await notices.settle(noticeId, sendNumber, { delivery: 'failed' });
      return 'forged';
    }
    if (!(await chargeReminderToPhone(ports)(notice))) {
      await notices.settle(noticeId, sendNumber, { delivery: 'failed' });
      return 'phone-capped';
    }
    const round = await sendNotice(ports, notice, phone, owed);
    if (round.kind === 'overtaken') return 'settled-before';
    // An attacker who uses up the day's money must not suppress the notice to their victim.
    if (round.kind === 'later' || round.kind === 'no-budget') {
      const at = { outbox: notices, id: noticeId };
      const next = { ...owed, round: owed.round + 1 };
      await scheduleRetry(ports)(at, next, pauses[owed.round] ?? 900, round);
      return round.kind;
    }
    await notices.settle(noticeId, sendNumber, settlementOf(round));
    if (round.kind === 'accepted') return 'sent';
    return round.mayBeOut ? 'unanswered' : 'refused';
  };

async function sendNotice(
  ports: Needs,
  notice: StoredNotice,
  phone: string,
  { sendNumber, round }: OwedNotice,
): Promise<ProviderRound> {
  const { id, expiresAt } = notice;
  return tryProviders(ports)({
    outbox: ports.notices,
    id,
    sendNumber,
    round,
    state: notice,
    expiresAt,
    payment: notice.kind === 'username-reminder' ? 'username-reminder' : 'notice',
    reserved: false,
    retryPolicy: noticeRetryPolicy,
    keyVersion: undefined,
    message: {
      phone,
      body: await bodyOf(ports, notice),
      reference: `n.${id}.${sendNumber}`,
    },
  });
}

async function bodyOf(ports: Needs, notice: StoredNotice): Promise<string> {
  const { id, language, createdAt } = notice;
  if (notice.kind !== 'username-reminder') {
    return noticeMessage(notice.kind, language, await nameOnSharedPhone(ports)(notice));
  }
  const username = await unseal(ports.sealKeys, reminderContext(id), notice.username, createdAt);
  return reminderMessage(username, language);
}

/** Seconds before each further round. 900 is the longest delay of an SQS message. */
const pauses = [5, 30, 120, 300, 900];
