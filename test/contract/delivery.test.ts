import { beforeAll, describe, expect, it } from 'vitest';
import type { Challenge } from '../../lambdas/core/engine/challenge.ts';
import type { Receipt } from '../../lambdas/core/ports.ts';
import { challenge, now, unique } from '../support/builders.ts';
import { implementations, type Stores } from '../support/stores.ts';

describe.each(implementations)('what became of a send, in %s', (_, open) => {
  let store: Stores['challenges'];
  beforeAll(async () => {
    store = (await open()).challenges;
  });

  /** A challenge whose first send is owed. */
  async function owed(partial: Partial<Challenge> = {}): Promise<string> {
    const it = challenge(partial);
    await store.start(it, [], now);
    return it.idHash;
  }

  async function taken(by: string, partial: Partial<Challenge> = {}): Promise<string> {
    const idHash = await owed(partial);
    await store.settle(idHash, 1, { delivery: 'sent', provider: by });
    return idHash;
  }

  const receipt = (partial: Partial<Receipt> = {}): Receipt => ({
    ...{ sendNumber: 1, provider: 'a', delivery: 'delivered', now },
    ...partial,
  });

  /** What is known, without what was never written. */
  async function known(idHash: string) {
    const { outbox, delivery, provider, failedBy } = (await store.find(idHash)) ?? {};
    return JSON.parse(JSON.stringify({ outbox, delivery, provider, failedBy }));
  }

  it('is what the sender settles', async () => {
    expect(await known(await taken('a'))).toEqual({ delivery: 'sent', provider: 'a' });
    const refused = await owed();
    await store.settle(refused, 1, { delivery: 'failed' });
    expect(await known(refused)).toEqual({ delivery: 'failed' });
  });

  it('is delivered when the provider says so, and stays that', async () => {
    const idHash = await taken('a');
    await store.recordReceipt(idHash, receipt());
    await store.recordReceipt(idHash, receipt({ delivery: 'failed' }));
    expect(await known(idHash)).toEqual({ delivery: 'delivered', provider: 'a' });
  });

  it('goes back into the outbox when the provider says that it failed, once', async () => {
    const idHash = await taken('a');
    const failed = receipt({ delivery: 'failed' });
    await Promise.all([store.recordReceipt(idHash, failed), store.recordReceipt(idHash, failed)]);
    expect(await known(idHash)).toEqual({ outbox: 1, failedBy: ['a'] });
    await store.settle(idHash, 1, { delivery: 'sent', provider: 'b' });
    await store.recordReceipt(idHash, failed);
    expect(await known(idHash)).toEqual({ delivery: 'sent', provider: 'b', failedBy: ['a'] });
    await store.recordReceipt(idHash, receipt({ delivery: 'failed', provider: 'b' }));
    expect(await known(idHash)).toEqual({ outbox: 1, failedBy: ['a', 'b'] });
  });

  it('has failed for good once the code is dead', async () => {
    const idHash = await taken('a', { expiresAt: now });
    await store.recordReceipt(idHash, receipt({ delivery: 'failed' }));
    expect(await known(idHash)).toEqual({ delivery: 'failed', provider: 'a' });
  });

  it('is nobody’s question once the code was verified', async () => {
    const idHash = await taken('a', { status: 'verified' });
    await store.recordReceipt(idHash, receipt());
    await store.recordReceipt(idHash, receipt({ delivery: 'failed' }));
    expect(await known(idHash)).toEqual({ delivery: 'sent', provider: 'a' });
  });

  it('is not for a provider to say that did not take it, nor of another send', async () => {
    const idHash = await taken('a');
    await store.recordReceipt(idHash, receipt({ provider: 'b' }));
    await store.recordReceipt(idHash, receipt({ provider: 'b', delivery: 'failed' }));
    await store.recordReceipt(idHash, receipt({ sendNumber: 2 }));
    await store.recordReceipt(idHash, receipt({ sendNumber: 2, delivery: 'failed' }));
    expect(await known(idHash)).toEqual({ delivery: 'sent', provider: 'a' });
  });

  it('is kept where the receipt was faster than the settling', async () => {
    const [arrived, lost] = [await owed(), await owed()];
    await store.recordReceipt(arrived, receipt());
    await store.recordReceipt(lost, receipt({ delivery: 'failed' }));
    for (const idHash of [arrived, lost]) {
      await store.settle(idHash, 1, { delivery: 'sent', provider: 'a' });
    }
    expect(await known(arrived)).toEqual({ delivery: 'delivered', provider: 'a' });
    expect(await known(lost)).toEqual({ outbox: 1, failedBy: ['a'] });
  });

  it('is forgotten with the next send', async () => {
    const idHash = await taken('a');
    await store.recordReceipt(idHash, receipt({ delivery: 'failed' }));
    const read = await store.find(idHash);
    const next = { sendAgainAt: now + 120, expiresAt: now + 300 };
    if (read) await store.send(read, next, [], now);
    expect(await known(idHash)).toEqual({ outbox: 2 });
  });

  it('makes no challenge of a reference nobody has', async () => {
    const idHash = unique();
    await store.recordReceipt(idHash, receipt());
    await store.recordReceipt(idHash, receipt({ delivery: 'failed' }));
    expect(await store.find(idHash)).toBeUndefined();
  });
});
