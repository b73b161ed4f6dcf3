import { reviewNumberOf } from '../budgets/review-numbers.ts';
import { unseal } from '../crypto/seal.ts';
import { phoneContext } from '../model/challenge.ts';
import type { Ports } from '../ports/index.ts';
import type { StoredNotice } from '../ports/notice-store.ts';
import type { OwedNotice } from '../ports/retry-queue.ts';
import type { Outcome } from './deliver-challenge.ts';
import { noticeMessage } from './notice-messages.ts';
import { noticeRetryPolicy } from './retry-policy.ts';
import { scheduleRetry } from './schedule-retry.ts';
import { type ProviderRound, settlementOf } from './send.ts';
import { tryProviders } from './try-providers.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'keys'
  | 'notices'
  | 'sms'
  | 'retries'
  | 'spendings'
  | 'breakers'
  | 'spending'
  | 'reviewNumbers'
>;

/**
 * Delivers a notice, as the table's stream hands it over: at least once, so the outbox mark is read again first and
 * cleared last. Nobody waits for it with a form open: what cannot go out now is tried for hours, ever more seldom.
 * @throws whatever the table or the keys said; the stream or the queue brings it again
 */
export const deliverNotice =
  (ports: Needs) =>
  async (owed: OwedNotice): Promise<Outcome> => {
    const { clock, notices } = ports;
    const { noticeId, sendNumber } = owed;
    const notice = await notices.find(noticeId);
    if (notice?.outbox !== sendNumber) return 'settled-before';
    // The stream brought it again, or the queue did: its next round is under way.
    if ((notice.round ?? 0) > owed.round) return 'settled-before';

    // It arrived, whoever died before saying so.
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
    const round = await askFor(ports, notice, owed);
    if (round.kind === 'overtaken') return 'settled-before';
    // Who spends the day's money must not silence what tells his victim.
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

async function askFor(
  ports: Needs,
  notice: StoredNotice,
  { sendNumber, round }: OwedNotice,
): Promise<ProviderRound> {
  const { id, kind, language, phone, phoneTag, expiresAt } = notice;
  return tryProviders(ports)({
    outbox: ports.notices,
    id,
    sendNumber,
    round,
    state: notice,
    expiresAt,
    payment: 'notice',
    retryPolicy: noticeRetryPolicy,
    message: {
      phone: await unseal(ports.keys, phoneContext(phoneTag), phone),
      body: noticeMessage(kind, language),
      reference: `n.${id}.${sendNumber}`,
    },
  });
}

/** Seconds before each further round; the last of them is the longest that a queue delays. */
const pauses = [5, 30, 120, 300, 900];
