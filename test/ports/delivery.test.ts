import { beforeAll, describe, expect, it } from 'vitest';
import type { Challenge } from '#core/model/challenge.ts';
import type { Receipt } from '#core/ports/outbox.ts';
import type { ChallengeFields } from '../support/fakes/builders.ts';
import { challenge, fieldsOf, now, unique } from '../support/fakes/builders.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

describe.each(implementations)('the delivery of a send, in %s', (_, open) => {
  let store: Stores['challenges'];
  beforeAll(async () => {
    store = (await open()).challenges;
  });

  /** A challenge whose first send is owed. */
  async function owed(partial: ChallengeFields = {}): Promise<string> {
    const it = challenge({ asked: undefined, ...partial });
    await store.start(it, [], now);
    return it.idHash;
  }

  /** A challenge that a provider was asked to deliver and has not answered. */
  async function asked(by: string, partial: ChallengeFields = {}): Promise<string> {
    const idHash = await owed(partial);
    await store.recordAttempt(idHash, 1, note(by));
    return idHash;
  }

  async function taken(by: string, partial: ChallengeFields = {}): Promise<string> {
    const idHash = await asked(by, partial);
    await store.settle(idHash, 1, { delivery: 'sent', provider: by });
    return idHash;
  }

  /** The first attempt of a provider for the first send. */
  const note = (provider: string) => ({ entry: `1.${provider}.1`, nonce: unique() });

  const receipt = (partial: Partial<Receipt> = {}): Receipt => ({
    sendNumber: 1,
    provider: 'a',
    delivery: 'delivered',
    now,
    ...partial,
  });

  /** The known state, without attributes that were never written. */
  async function known(idHash: string) {
    const { outbox, delivery, provider, failedBy } = fieldsOf(await store.find(idHash));
    return JSON.parse(JSON.stringify({ outbox, delivery, provider, failedBy }));
  }

  it('is what the sender settles', async () => {
    expect(await known(await taken('a'))).toEqual({ delivery: 'sent', provider: 'a' });
    const refused = await owed();
    await store.settle(refused, 1, { delivery: 'failed' });
    expect(await known(refused)).toEqual({ delivery: 'failed' });
  });

  it('is delivered when the provider reports it, and stays delivered', async () => {
    const idHash = await taken('a');
    await store.recordReceipt(idHash, receipt());
    await store.recordReceipt(idHash, receipt({ delivery: 'failed' }));
    expect(await known(idHash)).toEqual({ delivery: 'delivered', provider: 'a' });
  });

  it('goes back into the outbox once when the provider reports a failure', async () => {
    const idHash = await taken('a');
    const failed = receipt({ delivery: 'failed' });
    await Promise.all([store.recordReceipt(idHash, failed), store.recordReceipt(idHash, failed)]);
    expect(await known(idHash)).toEqual({ outbox: 1, failedBy: ['a'] });
    await store.recordAttempt(idHash, 1, note('b'));
    await store.settle(idHash, 1, { delivery: 'sent', provider: 'b' });
    await store.recordReceipt(idHash, failed);
    expect(await known(idHash)).toEqual({ delivery: 'sent', provider: 'b', failedBy: ['a'] });
    await store.recordReceipt(idHash, receipt({ delivery: 'failed', provider: 'b' }));
    expect(await known(idHash)).toEqual({ outbox: 1, failedBy: ['a', 'b'] });
  });

  it('has failed for good after the code expired', async () => {
    const idHash = await taken('a', { expiresAt: now });
    await store.recordReceipt(idHash, receipt({ delivery: 'failed' }));
    expect(await known(idHash)).toEqual({ delivery: 'failed', provider: 'a', failedBy: ['a'] });
  });

  it('no longer changes after the code was verified', async () => {
    const idHash = await taken('a', { status: 'verified' });
    await store.recordReceipt(idHash, receipt());
    await store.recordReceipt(idHash, receipt({ delivery: 'failed' }));
    expect(await known(idHash)).toEqual({ delivery: 'sent', provider: 'a' });
  });

  it('is not changed by a provider that did not take it, nor by the receipt of another send', async () => {
    const idHash = await taken('a');
    await store.recordReceipt(idHash, receipt({ provider: 'b' }));
    await store.recordReceipt(idHash, receipt({ provider: 'b', delivery: 'failed' }));
    await store.recordReceipt(idHash, receipt({ sendNumber: 2 }));
    await store.recordReceipt(idHash, receipt({ sendNumber: 2, delivery: 'failed' }));
    expect(await known(idHash)).toEqual({ delivery: 'sent', provider: 'a' });
  });

  it('is kept when the receipt arrives before the settling', async () => {
    const [arrived, lost] = [await asked('a'), await asked('a')];
    await store.recordReceipt(arrived, receipt());
    await store.recordReceipt(lost, receipt({ delivery: 'failed' }));
    for (const idHash of [arrived, lost]) {
      await store.settle(idHash, 1, { delivery: 'sent', provider: 'a' });
    }
    expect(await known(arrived)).toEqual({ delivery: 'delivered', provider: 'a' });
    expect(await known(lost)).toEqual({ outbox: 1, failedBy: ['a'] });
  });

  it('is not changed by a provider that was never asked', async () => {
    const idHash = await asked('a');
    await store.recordReceipt(idHash, receipt({ provider: 'b' }));
    await store.recordReceipt(idHash, receipt({ provider: 'b', delivery: 'failed' }));
    expect(await known(idHash)).toEqual({ outbox: 1 });
  });

  it('is delivered when any provider reports it, also when another one took it too', async () => {
    const idHash = await asked('a');
    await store.recordAttempt(idHash, 1, note('b'));
    await store.settle(idHash, 1, { delivery: 'sent', provider: 'b' });
    // Another provider has the SMS, so this loss does not count.
    await store.recordReceipt(idHash, receipt({ delivery: 'failed' }));
    expect(await known(idHash)).toEqual({ delivery: 'sent', provider: 'b' });
    await store.recordReceipt(idHash, receipt());
    expect(await known(idHash)).toEqual({ delivery: 'delivered', provider: 'b' });
  });

  it('is delivered although no provider answered in time', async () => {
    const idHash = await asked('a');
    await store.settle(idHash, 1, { delivery: 'failed', removedAttempts: [] });
    await store.recordReceipt(idHash, receipt());
    expect(await known(idHash)).toEqual({ delivery: 'delivered' });
  });

  it('is settled by one of two parallel requests', async () => {
    const idHash = await asked('a');
    const settle = () =>
      store.settle(idHash, 1, { delivery: 'failed', removedAttempts: ['1.a.1'] });
    expect((await Promise.all([settle(), settle()])).sort()).toEqual([false, true]);
  });

  describe('a recorded attempt', () => {
    const verifies = async (idHash: string) => {
      const at = { right: true, now, ticketExpiresAt: now + 600, maxAttempts: 5, nonce: unique() };
      return (await store.verify(idHash, at)).kind === 'verified';
    };
    const removedAttempts = ['1.a.1'];

    it('is made by one of two parallel requests, and only for a send that is owed', async () => {
      const idHash = await owed();
      const notes = [1, 2].map(() => store.recordAttempt(idHash, 1, note('a')));
      expect((await Promise.all(notes)).sort()).toEqual([false, true]);
      expect(await store.recordAttempt(idHash, 2, note('b'))).toBe(false);
      expect(await store.recordAttempt(unique(), 1, note('a'))).toBe(false);
    });

    it('is recognised by its writer when the answer to the write was lost', async () => {
      const idHash = await owed();
      const mine = note('a');
      expect(await store.recordAttempt(idHash, 1, mine)).toBe(true);
      expect(await store.recordAttempt(idHash, 1, mine)).toBe(true);
      expect(await store.recordAttempt(idHash, 1, { ...mine, nonce: unique() })).toBe(false);
    });

    it('makes the code valid until every asked provider has refused', async () => {
      expect(await verifies(await owed())).toBe(false);
      expect(await verifies(await asked('a'))).toBe(true);
      const [refused, waiting] = [await asked('a'), await asked('a')];
      await store.settle(refused, 1, { delivery: 'failed', removedAttempts });
      await store.defer(waiting, 1, { round: 1, removedAttempts, refusedBy: ['b'] });
      expect([await verifies(refused), await verifies(waiting)]).toEqual([false, false]);
      expect(await store.find(waiting)).toMatchObject({ outbox: 1, round: 1, failedBy: ['b'] });
      expect(await store.recordAttempt(waiting, 1, note('a'))).toBe(true);
      expect(await verifies(waiting)).toBe(true);
    });

    it('of another provider keeps the code valid', async () => {
      const idHash = await asked('a');
      await store.recordAttempt(idHash, 1, note('b'));
      await store.settle(idHash, 1, { delivery: 'failed', removedAttempts });
      expect(await verifies(idHash)).toBe(true);
    });

    it('is deleted on a refusal, although the claimant requested another send in between', async () => {
      for (const say of ['settle', 'defer'] as const) {
        const idHash = await asked('a');
        const read = await store.find(idHash);
        const next = { sendAgainAt: now + 120, expiresAt: now + 300 };
        if (read) await store.send(read as Challenge, next, [], now);
        if (say === 'settle')
          await store.settle(idHash, 1, { delivery: 'failed', removedAttempts });
        else await store.defer(idHash, 1, { round: 1, removedAttempts, refusedBy: [] });
        expect(await known(idHash)).toEqual({ outbox: 2 });
        expect(await verifies(idHash)).toBe(false);
      }
    });

    it('of an earlier send keeps the code valid, whatever happens to the next', async () => {
      const idHash = await taken('a');
      const read = await store.find(idHash);
      const next = { sendAgainAt: now + 120, expiresAt: now + 300 };
      if (read) await store.send(read as Challenge, next, [], now);
      await store.recordAttempt(idHash, 2, { entry: '2.b.1', nonce: unique() });
      await store.settle(idHash, 2, { delivery: 'failed', removedAttempts: ['2.b.1'] });
      expect(await verifies(idHash)).toBe(true);
    });
  });

  describe('the key version of a code', () => {
    const withVersion = (provider: string, keyVersion: number, sendNumber = 1) => ({
      ...note(provider),
      entry: `${sendNumber}.${provider}.1`,
      keyVersion,
    });
    const unsent = () => owed({ keyVersion: undefined });
    const versionOf = async (idHash: string) => fieldsOf(await store.find(idHash)).keyVersion;
    const verifies = async (idHash: string, ...keyVersions: number[]) => {
      const at = { right: true, now, ticketExpiresAt: now + 600, maxAttempts: 5, nonce: unique() };
      return (await store.verify(idHash, { ...at, keyVersions })).kind === 'verified';
    };

    it('is written with the first attempt: only the code of that version verifies', async () => {
      const idHash = await unsent();
      expect(await store.recordAttempt(idHash, 1, withVersion('a', 2))).toBe(true);
      expect(await versionOf(idHash)).toBe(2);
      expect(await verifies(idHash, 1)).toBe(false);
      expect(await verifies(idHash, 2)).toBe(true);
    });

    it('is that of all attempts: one with another version is refused and leaves no trace', async () => {
      const idHash = await unsent();
      await store.recordAttempt(idHash, 1, withVersion('a', 1));
      expect(await store.recordAttempt(idHash, 1, withVersion('b', 2))).toBe(false);
      const stored = fieldsOf(await store.find(idHash));
      expect(stored).toMatchObject({ keyVersion: 1, asked: new Set(['1.a.1']) });
      expect(await store.recordAttempt(idHash, 1, withVersion('b', 1))).toBe(true);
      expect(await verifies(idHash, 2)).toBe(false);
    });

    it('is that of one of two senders that change to a new version at once', async () => {
      const idHash = await unsent();
      const recorded = await Promise.all([
        store.recordAttempt(idHash, 1, withVersion('a', 1)),
        store.recordAttempt(idHash, 1, withVersion('b', 2)),
      ]);
      expect(recorded.toSorted()).toEqual([false, true]);
      expect(await versionOf(idHash)).toBe(recorded[0] ? 1 : 2);
    });

    it('stays the same after a refusal, and for the next send', async () => {
      const idHash = await unsent();
      await store.recordAttempt(idHash, 1, withVersion('a', 1));
      await store.settle(idHash, 1, { delivery: 'failed', removedAttempts: ['1.a.1'] });
      const read = await store.find(idHash);
      const next = { sendAgainAt: now + 120, expiresAt: now + 300 };
      if (read) await store.send(read as Challenge, next, [], now);
      expect(await store.recordAttempt(idHash, 2, withVersion('a', 2, 2))).toBe(false);
      expect(await store.recordAttempt(idHash, 2, withVersion('a', 1, 2))).toBe(true);
    });

    it('is recognised by its writer when the answer to the write was lost', async () => {
      const idHash = await unsent();
      const mine = withVersion('a', 2);
      expect(await store.recordAttempt(idHash, 1, mine)).toBe(true);
      expect(await store.recordAttempt(idHash, 1, mine)).toBe(true);
      expect(await versionOf(idHash)).toBe(2);
    });

    it('is not written with an attempt that sends no code, and then no code verifies', async () => {
      const idHash = await unsent();
      expect(await store.recordAttempt(idHash, 1, note('review'))).toBe(true);
      expect(await versionOf(idHash)).toBeUndefined();
      expect(await verifies(idHash, 1, 2)).toBe(false);
    });
  });

  it('is forgotten with the next send', async () => {
    const idHash = await taken('a');
    await store.recordReceipt(idHash, receipt({ delivery: 'failed' }));
    const read = await store.find(idHash);
    const next = { sendAgainAt: now + 120, expiresAt: now + 300 };
    if (read) await store.send(read as Challenge, next, [], now);
    expect(await known(idHash)).toEqual({ outbox: 2 });
  });

  it('creates no challenge for an unknown reference', async () => {
    const idHash = unique();
    await store.recordReceipt(idHash, receipt());
    await store.recordReceipt(idHash, receipt({ delivery: 'failed' }));
    expect(await store.find(idHash)).toBeUndefined();
  });
});
