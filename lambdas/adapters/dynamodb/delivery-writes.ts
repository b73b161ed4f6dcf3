import { maxAttemptsPerProvider, type RetryPolicy } from '#core/delivery/retry-policy.ts';
import { sendKey } from '#core/model/challenge.ts';
import type { Outbox } from '#core/ports/outbox.ts';
import type { Update, Write } from './conditional-update.ts';

/** The provider has not reported this send as undelivered. Its receipt may overtake the write that settles the send. */
const NOT_FAILED_BY = 'NOT contains(failedBy, :provider)';
/** The receipt is for the newest send. */
const OF_NEWEST = 'sends = :number';
/** No receipt has settled this send yet. Late, repeated and contradicting receipts fail here. */
const UNSETTLED = '(attribute_not_exists(delivery) OR delivery = :sent)';
/**
 * "failed" may be our own verdict: if no provider answered, one of them may still have sent the SMS. So only
 * "delivered" is final.
 */
const NOT_DELIVERED = '(attribute_not_exists(delivery) OR delivery <> :delivered)';
/** No other provider accepted the send. A failure at one provider does not matter when another one sent the SMS. */
const OF_ACCEPTING_PROVIDER = '(attribute_not_exists(provider) OR provider = :provider)';
/** Delivery does not matter once the code is verified. A write would make the stream count the verification again. */
const UNVERIFIED = '#status = :pending';
/** No SMS of the challenge held another code. */
const SAME_CODE = '(attribute_not_exists(keyVersion) OR keyVersion = :keyVersion)';
/**
 * The code is still valid, so sending again makes sense. Attempts do not matter: the SMS of a locked challenge warns
 * its owner.
 */
const UNEXPIRED = 'expiresAt > :now';

/**
 * The writes about the outcome of a send, of a code or a notice: those of the sender, and those of the providers'
 * receipts. The role of the receipts may write the attributes named there and read none
 * (lib/constructs/sms-receipts.ts).
 */
export const deliveryWrites = (
  update: Update<{ readonly askedBy?: string }>,
  write: Write,
  retryPolicy: RetryPolicy,
): Outbox => {
  /**
   * Makes a change that also removes recorded attempts. If the change comes too late, the attempts are removed all the
   * same: the provider did refuse them.
   */
  async function removingAttempts(
    id: string,
    removed: readonly string[],
    change: string,
    condition: string,
    values: Record<string, unknown>,
  ): Promise<boolean> {
    const removal = removed.length > 0 ? { ':removed': new Set(removed) } : undefined;
    const result = await update(
      id,
      removal ? `${change} DELETE asked :removed` : change,
      condition,
      {
        ...values,
        ...removal,
      },
    );
    if ('won' in result) return true;
    if (removal) await update(id, 'DELETE asked :removed', 'attribute_exists(asked)', removal);
    return false;
  }

  return {
    async recordAttempt(id, sendNumber, { entry, nonce, keyVersion }) {
      const result = await update(
        id,
        `ADD asked :entries SET askedBy = :nonce${keyVersion === undefined ? '' : ', keyVersion = :keyVersion'}`,
        [
          // When two invocations deliver the same send, only one attempts the provider.
          'outbox = :number AND NOT contains(asked, :entry)',
          ...(keyVersion === undefined ? [] : [SAME_CODE]),
        ].join(' AND '),
        {
          ':number': sendNumber,
          ':entry': entry,
          ':entries': new Set([entry]),
          ':nonce': nonce,
          ...(keyVersion !== undefined && { ':keyVersion': keyVersion }),
        },
      );
      // The SDK retries a write whose answer was lost. The nonce tells that this very call recorded the attempt.
      return 'won' in result || result.lost?.askedBy === nonce;
    },

    async defer(id, sendNumber, { round, removedAttempts, refusedBy, unansweredAt }) {
      const set = [
        'round = :round',
        ...(unansweredAt === undefined ? [] : ['unansweredAt = :unansweredAt']),
        ...(refusedBy.length === 0 ? [] : [`failedBy = ${appended(':refusedBy')}`]),
      ];
      const values = {
        ':number': sendNumber,
        ':round': round,
        ':unansweredAt': unansweredAt,
        ...(refusedBy.length > 0 && { ':refusedBy': refusedBy, ':none': [] }),
      };
      await removingAttempts(
        id,
        removedAttempts,
        `SET ${set.join(', ')}`,
        'outbox = :number',
        values,
      );
    },

    async settle(id, sendNumber, outcome) {
      const { delivery, provider, decoy, unitsReturned, removedAttempts = [] } = outcome;
      const set = [
        // A receipt may be faster than this write, and its outcome counts.
        'delivery = if_not_exists(delivery, :delivery)',
        ...(provider === undefined ? [] : ['provider = :provider']),
        ...(decoy ? ['decoy = :true'] : []),
      ];
      const condition = ['outbox = :number', ...(provider === undefined ? [] : [NOT_FAILED_BY])];
      const values = {
        ':number': sendNumber,
        ':delivery': delivery,
        ':provider': provider,
        ...(decoy && { ':true': true }),
      };
      const removed = [
        'outbox, round, unansweredAt',
        ...(unitsReturned ? [`sentAt.${sendKey(sendNumber)}`] : []),
      ];
      const change = `SET ${set.join(', ')} REMOVE ${removed.join(', ')}`;
      return removingAttempts(id, removedAttempts, change, condition.join(' AND '), values);
    },

    async recordReceipt(id, { sendNumber, provider, delivery, now }) {
      const attempts = Array.from(
        { length: maxAttemptsPerProvider(retryPolicy) },
        (_, before) => before + 1,
      );
      // Only a provider that accepted the send, or that was asked for it, may report on it.
      const ofAsked = attempts.map((number) => `contains(asked, :attempt${number})`).join(' OR ');
      const condition = [
        UNVERIFIED,
        OF_NEWEST,
        NOT_FAILED_BY,
        `(provider = :provider OR ${ofAsked})`,
      ];
      const values = {
        ':number': sendNumber,
        ':provider': provider,
        ':pending': 'pending',
        ...Object.fromEntries(
          attempts.map((n) => [`:attempt${n}`, `${sendNumber}.${provider}.${n}`]),
        ),
      };
      if (delivery === 'delivered') {
        await write(id, 'SET delivery = :delivered', [...condition, NOT_DELIVERED].join(' AND '), {
          ...values,
          ':delivered': 'delivered',
        });
        return;
      }
      condition.push(UNSETTLED, OF_ACCEPTING_PROVIDER);
      const failure = `failedBy = ${appended(':one')}`;
      const failed = { ...values, ':sent': 'sent', ':none': [], ':one': [provider] };
      const queued = await write(
        id,
        `SET outbox = :number, ${failure} REMOVE delivery, provider, round`,
        [...condition, UNEXPIRED].join(' AND '),
        { ...failed, ':now': now },
      );
      if (queued) return;
      // The code has expired: there is nothing to send again.
      await write(id, `SET delivery = :failed, ${failure}`, condition.join(' AND '), {
        ...failed,
        ':failed': 'failed',
      });
    },
  };
};

const appended = (value: string) => `list_append(if_not_exists(failedBy, :none), ${value})`;
