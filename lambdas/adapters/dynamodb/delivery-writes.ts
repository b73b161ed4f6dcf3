import type { Certainty, ChallengeStore } from '../../core/challenge-ports.ts';
import type { UpdateChallenge, WriteChallenge } from './challenge-update.ts';

/** The provider has not reported this very send undelivered: a receipt may overtake the settling of its send. */
const NOT_FAILED_BY = 'NOT contains(failedBy, :provider)';
/** It is of the newest send. */
const OF_NEWEST = 'sends = :number';
/** It is the first word on it: late, repeated and contradicting receipts end here. */
const FIRST_WORD = '(attribute_not_exists(delivery) OR delivery = :sent)';
/** Our own "failed" is no provider's word: where none of them answered, one may have sent it all the same. */
const NOT_DELIVERED = '(attribute_not_exists(delivery) OR delivery <> :delivered)';
/** Whoever reports it took it, or was asked and may have. */
const OF_ASKED = '(provider = :provider OR contains(asked, :provider))';
/** Nobody else took it: what one loses that another sends is no loss. */
const OF_TAKER = '(attribute_not_exists(provider) OR provider = :provider)';
/** Nobody asks about one whose code was verified, and writing it would have the stream count that again. */
const UNVERIFIED = '#status = :pending';
/** Sending again makes sense. Attempts do not count: an SMS of a locked challenge warns its owner. */
const LIVES = 'expiresAt > :now';

/**
 * The writes about what became of a send: the sender's own, and the provider's receipts. The latter's role may touch the
 * attributes named there and see none (lib/constructs/sms-receipts.ts).
 */
export const deliveryWrites = (
  update: UpdateChallenge,
  write: WriteChallenge,
): Pick<ChallengeStore, 'ask' | 'defer' | 'settle' | 'recordReceipt'> => ({
  async ask(idHash, sendNumber, { was, asked, nonce }) {
    const result = await update(
      idHash,
      'SET asked = :asked, askedBy = :nonce, handedOver = :true',
      // Optimistic: of two that deliver the same send one asks the provider.
      'outbox = :number AND (attribute_not_exists(asked) OR asked = :was)',
      {
        ...{ ':number': sendNumber, ':was': was, ':asked': asked },
        ':nonce': nonce,
        ':true': true,
      },
    );
    // The SDK repeats a write whose answer was lost: then it was this very call that noted it.
    return 'won' in result || result.lost?.askedBy === nonce;
  },

  async defer(idHash, sendNumber, { round, ...certainty }) {
    const sure = sayFor(certainty);
    await update(idHash, ...expressions({ ...sure, set: ['round = :round', ...sure.set] }), {
      ...{ ':number': sendNumber, ':round': round, ':asked': certainty.asked },
    });
  },

  async settle(idHash, sendNumber, { delivery, provider, decoy, certainty }) {
    const sure = certainty ? sayFor(certainty) : { set: [], remove: [], when: [] };
    const handedOver = delivery === 'sent' ? ['handedOver = :true'] : [];
    const change = {
      set: [
        // A receipt that was faster than this write knows better.
        'delivery = if_not_exists(delivery, :delivery)',
        ...(provider === undefined ? [] : ['provider = :provider']),
        ...(decoy ? ['decoy = :true'] : []),
        ...handedOver,
        ...sure.set,
      ],
      remove: ['outbox', 'round', ...sure.remove],
      when: [...(provider === undefined ? [] : [NOT_FAILED_BY]), ...sure.when],
    };
    await update(idHash, ...expressions(change), {
      ...{ ':number': sendNumber, ':delivery': delivery, ':provider': provider },
      ...((decoy || delivery === 'sent') && { ':true': true }),
      ...(certainty && { ':asked': certainty.asked }),
    });
  },

  async recordReceipt(idHash, { sendNumber, provider, delivery, now }) {
    const condition = [UNVERIFIED, OF_NEWEST, OF_ASKED, NOT_FAILED_BY];
    const values = { ':number': sendNumber, ':provider': provider, ':pending': 'pending' };
    if (delivery === 'delivered') {
      await write(
        idHash,
        'SET delivery = :delivered, handedOver = :true',
        [...condition, NOT_DELIVERED].join(' AND '),
        { ...values, ':delivered': 'delivered', ':true': true },
      );
      return;
    }
    condition.push(FIRST_WORD, OF_TAKER);
    const failure = 'failedBy = list_append(if_not_exists(failedBy, :none), :one)';
    const failed = { ...values, ':sent': 'sent', ':none': [], ':one': [provider] };
    const queued = await write(
      idHash,
      `SET outbox = :number, ${failure} REMOVE delivery, provider, round`,
      [...condition, LIVES].join(' AND '),
      { ...failed, ':now': now },
    );
    if (queued) return;
    // The code is dead: there is nothing to send again.
    await write(idHash, `SET delivery = :failed, ${failure}`, condition.join(' AND '), {
      ...{ ...failed, ':failed': 'failed' },
    });
  },
});

/** Parts of an update of a send that is still owed. */
interface Change {
  readonly set: readonly string[];
  readonly remove: readonly string[];
  readonly when: readonly string[];
}

const expressions = ({ set, remove, when }: Change): [update: string, condition: string] => [
  `SET ${set.join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
  ['outbox = :number', ...when].join(' AND '),
];

/** Strikes off who said no; the code verifies no longer if nobody else may have it, unless a receipt says otherwise. */
const sayFor = ({ handedOver }: Certainty): Change => ({
  set: ['asked = :asked'],
  remove: handedOver ? [] : ['handedOver'],
  when: handedOver ? [] : ['attribute_not_exists(delivery)'],
});
