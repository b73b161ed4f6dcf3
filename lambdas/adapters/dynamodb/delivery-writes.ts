import type { ChallengeStore } from '../../core/ports.ts';
import type { UpdateChallenge } from './challenge-update.ts';

/** The provider has not reported this very send undelivered: a receipt may overtake the settling of its send. */
const NOT_FAILED_BY = 'NOT contains(failedBy, :provider)';
/** It is of the newest send and the first word on it: late, repeated and contradicting receipts end here. */
const OF_NEWEST = 'sends = :number AND (attribute_not_exists(delivery) OR delivery = :sent)';
/** Whoever reports it took it, or may have: it is not settled yet. */
const OF_TAKER = '(attribute_not_exists(provider) OR provider = :provider)';
/** Nobody asks about one whose code was verified, and writing it would have the stream count that again. */
const UNVERIFIED = '#status = :pending';
/** Sending again makes sense. Attempts do not count: an SMS of a locked challenge warns its owner. */
const LIVES = 'expiresAt > :now';

/** The writes about what became of a send: the sender's own, and the provider's receipts. */
export const deliveryWrites = (
  update: UpdateChallenge,
): Pick<ChallengeStore, 'settle' | 'recordReceipt'> => ({
  async settle(idHash, sendNumber, { delivery, provider, decoy }) {
    // A receipt that was faster than this write knows better.
    const set = ['delivery = if_not_exists(delivery, :delivery)'];
    if (provider !== undefined) set.push('provider = :provider');
    if (decoy) set.push('decoy = :true');
    if (delivery === 'sent') set.push('handedOver = :true');
    const condition = ['outbox = :number', ...(provider === undefined ? [] : [NOT_FAILED_BY])];
    await update(idHash, `SET ${set.join(', ')} REMOVE outbox`, condition.join(' AND '), {
      ...{ ':number': sendNumber, ':delivery': delivery, ':provider': provider },
      ...((decoy || delivery === 'sent') && { ':true': true }),
    });
  },

  async recordReceipt(idHash, { sendNumber, provider, delivery, now }) {
    const condition = [UNVERIFIED, OF_NEWEST, OF_TAKER];
    const values = {
      ...{ ':number': sendNumber, ':provider': provider, ':sent': 'sent', ':pending': 'pending' },
    };
    if (delivery === 'failed') {
      condition.push(NOT_FAILED_BY);
      const queued = await update(
        idHash,
        'SET outbox = :number, failedBy = list_append(if_not_exists(failedBy, :none), :one) REMOVE delivery, provider',
        [...condition, LIVES].join(' AND '),
        { ...values, ':none': [], ':one': [provider], ':now': now },
      );
      if ('won' in queued) return;
    }
    // Only a provider that took it can report it delivered, though its receipt may overtake our own write.
    const set = delivery === 'delivered' ? ', handedOver = :true' : '';
    await update(idHash, `SET delivery = :delivery${set}`, condition.join(' AND '), {
      ...{ ...values, ':delivery': delivery },
      ...(set && { ':true': true }),
    });
  },
});
