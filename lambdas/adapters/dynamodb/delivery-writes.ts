import { maxAttemptsPerProvider, type RetryPolicy } from '#core/delivery/retry-policy.ts';
import type { Outbox } from '#core/ports/outbox.ts';
import type { Update, Write } from './conditional-update.ts';

/** The provider has not reported this very send undelivered: a receipt may overtake the settling of its send. */
const NOT_FAILED_BY = 'NOT contains(failedBy, :provider)';
/** It is of the newest send. */
const OF_NEWEST = 'sends = :number';
/** It is the first word on it: late, repeated and contradicting receipts end here. */
const FIRST_WORD = '(attribute_not_exists(delivery) OR delivery = :sent)';
/** Our own "failed" is no provider's word: where none of them answered, one may have sent it all the same. */
const NOT_DELIVERED = '(attribute_not_exists(delivery) OR delivery <> :delivered)';
/** Nobody else took it: what one loses that another sends is no loss. */
const OF_TAKER = '(attribute_not_exists(provider) OR provider = :provider)';
/** Nobody asks about one whose code was verified, and writing it would have the stream count that again. */
const UNVERIFIED = '#status = :pending';
/** Sending again makes sense. Attempts do not count: an SMS of a locked challenge warns its owner. */
const LIVES = 'expiresAt > :now';

/**
 * The writes about what became of a send, of a code or a notice: the sender's own, and the provider's receipts. The
 * latter's role may touch the attributes named there and see none (lib/constructs/sms-receipts.ts).
 */
export const deliveryWrites = (
  update: Update<{ readonly askedBy?: string }>,
  write: Write,
  retryPolicy: RetryPolicy,
): Outbox => {
  /** A change with which notes go; they go without it too, where it comes too late: the "no" was said. */
  async function striking(
    id: string,
    struck: readonly string[],
    change: string,
    condition: string,
    values: Record<string, unknown>,
  ): Promise<boolean> {
    const gone = struck.length > 0 ? { ':struck': new Set(struck) } : undefined;
    const result = await update(id, gone ? `${change} DELETE asked :struck` : change, condition, {
      ...values,
      ...gone,
    });
    if ('won' in result) return true;
    if (gone) await update(id, 'DELETE asked :struck', 'attribute_exists(asked)', gone);
    return false;
  }

  return {
    async recordAttempt(id, sendNumber, { entry, nonce }) {
      const result = await update(
        id,
        'ADD asked :entries SET askedBy = :nonce',
        // Of two that deliver the same send one asks the provider.
        'outbox = :number AND NOT contains(asked, :entry)',
        {
          ':number': sendNumber,
          ':entry': entry,
          ':entries': new Set([entry]),
          ':nonce': nonce,
        },
      );
      // The SDK repeats a write whose answer was lost: then it was this very call that noted it.
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
      await striking(id, removedAttempts, `SET ${set.join(', ')}`, 'outbox = :number', values);
    },

    async settle(id, sendNumber, { delivery, provider, decoy, removedAttempts = [] }) {
      const set = [
        // A receipt that was faster than this write knows better.
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
      const change = `SET ${set.join(', ')} REMOVE outbox, round, unansweredAt`;
      return striking(id, removedAttempts, change, condition.join(' AND '), values);
    },

    async recordReceipt(id, { sendNumber, provider, delivery, now }) {
      const asks = Array.from(
        { length: maxAttemptsPerProvider(retryPolicy) },
        (_, before) => before + 1,
      );
      // Whoever reports it took it, or was asked and may have.
      const ofAsked = asks.map((time) => `contains(asked, :ask${time})`).join(' OR ');
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
        ...Object.fromEntries(asks.map((n) => [`:ask${n}`, `${sendNumber}.${provider}.${n}`])),
      };
      if (delivery === 'delivered') {
        await write(id, 'SET delivery = :delivered', [...condition, NOT_DELIVERED].join(' AND '), {
          ...values,
          ':delivered': 'delivered',
        });
        return;
      }
      condition.push(FIRST_WORD, OF_TAKER);
      const failure = `failedBy = ${appended(':one')}`;
      const failed = { ...values, ':sent': 'sent', ':none': [], ':one': [provider] };
      const queued = await write(
        id,
        `SET outbox = :number, ${failure} REMOVE delivery, provider, round`,
        [...condition, LIVES].join(' AND '),
        { ...failed, ':now': now },
      );
      if (queued) return;
      // The code is dead: there is nothing to send again.
      await write(id, `SET delivery = :failed, ${failure}`, condition.join(' AND '), {
        ...failed,
        ':failed': 'failed',
      });
    },
  };
};

const appended = (value: string) => `list_append(if_not_exists(failedBy, :none), ${value})`;
