import { maxAttemptsPerProvider, type RetryPolicy } from '#core/delivery/retry-policy.ts';
import { type Challenge, type SendState, sendKey } from '#core/model/challenge.ts';
import type { Outbox } from '#core/ports/outbox.ts';

/** The attributes that the writes about a send read. */
export interface Owing extends SendState {
  readonly status: Challenge['status'];
  readonly sends: number;
  readonly expiresAt?: number;
  readonly askedBy?: string;
  readonly keyVersion?: number;
  /** Of a challenge. */
  readonly sentAt?: Challenge['sentAt'];
}

const withoutSend = (sentAt: Challenge['sentAt'] = {}, sendNumber: number) =>
  Object.fromEntries(Object.entries(sentAt).filter(([key]) => key !== sendKey(sendNumber)));

/**
 * The writes about the delivery of a send, on items in memory. Each runs without interruption, as
 * one conditional write.
 */
export function fakeOutbox<Item extends Owing>(
  items: {
    get(id: string): Item | undefined;
    set(id: string, item: Item): unknown;
  },
  retryPolicy: RetryPolicy,
): Outbox {
  /** A copy of the item without some attributes. */
  const without = (item: Owing, ...names: (keyof Owing)[]): Owing =>
    Object.fromEntries(
      Object.entries(item).filter(([name]) => !names.includes(name as keyof Owing)),
    ) as unknown as Owing;
  const put = (id: string, item: Owing) => items.set(id, item as Item);

  /**
   * Removes attempts from the set of asked providers. As in DynamoDB, an empty set is no attribute.
   */
  function removeAttempts(id: string, removed: readonly string[]): void {
    const item = items.get(id);
    if (!item?.asked || removed.length === 0) return;
    const left = [...item.asked].filter((entry) => !removed.includes(entry));
    put(id, { ...without(item, 'asked'), ...(left.length > 0 && { asked: new Set(left) }) });
  }

  return {
    async recordAttempt(id, sendNumber, { entry, nonce, keyVersion }) {
      const item = items.get(id);
      if (item?.askedBy === nonce) return true;
      if (item?.outbox !== sendNumber || item.asked?.has(entry)) return false;
      if (keyVersion !== undefined && (item.keyVersion ?? keyVersion) !== keyVersion) return false;
      put(id, {
        ...item,
        asked: new Set([...(item.asked ?? []), entry]),
        askedBy: nonce,
        ...(keyVersion !== undefined && { keyVersion }),
      });
      return true;
    },

    async defer(id, sendNumber, { round, removedAttempts, refusedBy, unansweredAt }) {
      removeAttempts(id, removedAttempts);
      const item = items.get(id);
      if (item?.outbox !== sendNumber) return;
      put(id, {
        ...item,
        round,
        ...(unansweredAt !== undefined && { unansweredAt }),
        ...(refusedBy.length > 0 && { failedBy: [...(item.failedBy ?? []), ...refusedBy] }),
      });
    },

    async settle(id, sendNumber, { removedAttempts = [], unitsReturned, ...outcome }) {
      removeAttempts(id, removedAttempts);
      const item = items.get(id);
      if (item?.outbox !== sendNumber) return false;
      if (outcome.provider && item.failedBy?.includes(outcome.provider)) return false;
      put(id, {
        ...without(item, 'outbox', 'round', 'unansweredAt'),
        ...outcome,
        ...(unitsReturned && { sentAt: withoutSend(item.sentAt, sendNumber) }),
        delivery: item.delivery ?? outcome.delivery,
      });
      return true;
    },

    async recordReceipt(id, { sendNumber, provider, delivery, now }) {
      const item = items.get(id);
      const { failedBy = [], asked } = item ?? {};
      const asks = Array.from(
        { length: maxAttemptsPerProvider(retryPolicy) },
        (_, before) => before + 1,
      );
      const mayHave = asks.some((time) => asked?.has(`${sendNumber}.${provider}.${time}`));
      const counts =
        item?.sends === sendNumber &&
        item.status === 'pending' &&
        (item.provider === provider || mayHave) &&
        !failedBy.includes(provider) &&
        item.delivery !== 'delivered';
      if (!counts) return;
      if (delivery === 'delivered') {
        put(id, { ...item, delivery });
        return;
      }
      if (item.delivery === 'failed' || (item.provider ?? provider) !== provider) return;
      const failed = { ...item, failedBy: [...failedBy, provider] };
      if ((item.expiresAt ?? 0) <= now) put(id, { ...failed, delivery });
      else put(id, { ...without(failed, 'delivery', 'provider', 'round'), outbox: sendNumber });
    },
  };
}
