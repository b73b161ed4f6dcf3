import type { Challenge } from '#core/model/challenge.ts';
import { fakeAccountStore } from '../fakes/account-store.ts';
import { fakeChallengeStore } from '../fakes/challenge-store.ts';
import { fakeLedgers } from '../fakes/ledger-store.ts';
import { fakeStores, type Stores } from '../world/stores.ts';

/**
 * Stores that count a wrong code without a condition: read, compare, add one, write. The model must
 * find this race.
 */
export function storesThatReadBeforeTheyCount(pause: () => Promise<void>): Stores {
  const items = new Map<string, Challenge>();
  const ledgers = fakeLedgers();
  const challenges = fakeChallengeStore(ledgers, items);
  const stores = fakeStores();
  return {
    ...stores,
    ledgers,
    accounts: fakeAccountStore(challenges, [], stores.sessionStore, items),
    challenges: {
      ...challenges,
      async countAttempt(idHash, at) {
        const read = items.get(idHash);
        const open =
          read?.status === 'pending' &&
          read.attempts < at.maxAttempts &&
          (read.expiresAt ?? read.sendBy) > at.now;
        if (!open) return { kind: 'unchanged', challenge: read };
        await pause();
        const challenge = { ...(items.get(idHash) ?? read), attempts: read.attempts + 1 };
        items.set(idHash, challenge);
        return { kind: 'counted', challenge };
      },
    },
  };
}
