import { beforeAll, describe, expect, it } from 'vitest';
import type { Challenge } from '#core/model/challenge.ts';
import type { Charge, ChargedUnit } from '#core/model/ledger.ts';
import type { ProvenUse } from '#core/ports/challenge-store.ts';
import type { ChallengeFields } from '../support/fakes/builders.ts';
import { challenge, fieldsOf, now, unique } from '../support/fakes/builders.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

describe.each(implementations)('challenges in %s', (_, open) => {
  let stores: Stores;
  let store: Stores['challenges'];
  beforeAll(async () => {
    stores = await open();
    store = stores.challenges;
  });

  async function started(partial: ChallengeFields = {}): Promise<Challenge> {
    const it = challenge(partial);
    expect(await store.start(it, [], now)).toEqual({ kind: 'started' });
    return it;
  }

  const verification = (nonce = unique()) => ({
    right: true,
    now,
    ticketExpiresAt: now + 600,
    maxAttempts: 5,
    nonce,
  });

  async function verified(partial: ChallengeFields = {}): Promise<Challenge> {
    const it = await started(partial);
    await store.verify(it.idHash, verification());
    return it;
  }

  it('return what was stored', async () => {
    const it = await started({ purpose: 'password-reset', accountTag: 'a', username: 'sealed' });
    expect(await store.find(it.idHash)).toMatchObject(it);
    expect(await store.find(unique())).toBeUndefined();
  });

  describe('start', () => {
    it('stores nothing when a ledger has no room', async () => {
      const { idHash, ...rest } = challenge();
      const ledger = { scope: 'phone-registration', tag: unique() } as const;
      const charge = { ledger, counts: 'uses', budgets: { usesPerWindow: 1 } } as const;
      await started({ phoneTag: rest.phoneTag });
      await store.start(challenge(), [charge], now);

      const refused = await store.start({ idHash, ...rest }, [charge], now);

      const counts = { uses: 1, usesThisPart: 1, unverified: 0, failures: 0 };
      expect(refused).toEqual({ kind: 'refused', charge, counts });
      expect(await store.find(idHash)).toBeUndefined();
    });

    it('reports the refusal that lasts longest', async () => {
      const hour: Charge = {
        ledger: { scope: 'phone-registration', tag: unique() },
        counts: 'uses',
        budgets: { usesPerPart: 1 },
      };
      const year: Charge = {
        ledger: { scope: 'account-year', tag: unique() },
        budgets: { failuresPerWindow: 1 },
      };
      await store.start(challenge(), [hour, year], now);
      await stores.ledgers.recordFailure(year.ledger, now);
      const refused = await store.start(challenge(), [hour, year], now);
      expect(refused).toMatchObject({ kind: 'refused', charge: year });
    });

    it('never overwrites a challenge', async () => {
      const it = await started();
      const other = { ...it, phoneTag: unique() };
      const ledger = { scope: 'phone-registration', tag: other.phoneTag } as const;
      const charge: Charge = { ledger, counts: 'uses', budgets: { usesPerPart: 3 } };
      expect(await store.start(other, [charge], now)).toEqual({ kind: 'exists' });
      expect(await store.find(it.idHash)).toMatchObject({ phoneTag: it.phoneTag });
      expect((await stores.ledgers.counts(ledger, now)).uses).toBe(0);
    });
  });

  describe('verify with a review code', () => {
    it('verifies a challenge of a listed phone, and leaves the challenge of another phone unchanged', async () => {
      const phoneTags = [unique(), unique()];
      const mine = await started({ phoneTag: phoneTags[1] as string });
      const other = await started();
      expect(
        await store.verify(mine.idHash, { ...verification(), reviewed: { phoneTags, since: now } }),
      ).toMatchObject({
        kind: 'verified',
      });
      expect(
        await store.verify(other.idHash, {
          ...verification(),
          reviewed: { phoneTags, since: now },
        }),
      ).toMatchObject({
        kind: 'unchanged',
        challenge: { status: 'pending' },
      });
    });

    it('refuses a challenge from before the listed days, when another person may have had the number', async () => {
      const phoneTag = unique();
      const { idHash } = await started({ phoneTag });
      const reviewed = { phoneTags: [phoneTag], since: now + 1 };
      const result = await store.verify(idHash, { ...verification(), reviewed });
      expect(result).toMatchObject({ kind: 'unchanged', challenge: { status: 'pending' } });
    });

    it('refuses a decoy, an unsent challenge and a locked one', async () => {
      const phoneTag = unique();
      const refused = [
        await started({ phoneTag, decoy: true }),
        await started({ phoneTag, asked: undefined as never }),
        await started({ phoneTag, attempts: 5 }),
      ];
      for (const { idHash } of refused) {
        const result = await store.verify(idHash, {
          ...verification(),
          reviewed: { phoneTags: [phoneTag], since: now },
        });
        expect(result.kind).toBe('unchanged');
      }
    });
  });

  describe('verify with the key versions of a code', () => {
    const at = (...keyVersions: number[]) => ({ ...verification(), keyVersions });

    it('verifies the code of the version that the SMS held, and of no other', async () => {
      const { idHash } = await started({ keyVersion: 2 });
      for (const others of [at(1), at(3), at(1, 3)]) {
        const refused = await store.verify(idHash, others);
        expect(refused).toMatchObject({ kind: 'unchanged', challenge: { status: 'pending' } });
      }
      expect(await store.verify(idHash, at(1, 2))).toMatchObject({ kind: 'verified' });
    });

    it('verifies no code of a challenge whose SMS held none', async () => {
      const { idHash } = await started({ keyVersion: undefined });
      const refused = await store.verify(idHash, at(1, 2));
      expect(refused).toMatchObject({ kind: 'unchanged', challenge: { status: 'pending' } });
    });

    it('fails with a wrong code, also of the right version', async () => {
      const { idHash } = await started({ keyVersion: 2 });
      const result = await store.verify(idHash, { ...at(2), right: false });
      expect(result).toMatchObject({ kind: 'unchanged', challenge: { status: 'pending' } });
    });
  });

  describe('send', () => {
    const next = { sendAgainAt: now + 120, expiresAt: now + 300 };

    it('counts the send and puts it into the outbox', async () => {
      const it = await started();
      expect(await store.send(it, next, [], now)).toEqual({ kind: 'sent' });
      expect(await store.find(it.idHash)).toMatchObject({ ...next, sends: 2, outbox: 2 });
    });

    it('succeeds once for two requests that read the same state', async () => {
      const it = await started();
      const results = await Promise.all([
        store.send(it, next, [], now),
        store.send(it, next, [], now),
      ]);
      expect(results.map(({ kind }) => kind).sort()).toEqual(['sent', 'stale']);
    });

    it('is stale after the code was verified', async () => {
      const it = await verified();
      expect(await store.send(it, next, [], now)).toEqual({ kind: 'stale' });
    });

    it('changes nothing when a ledger has no room', async () => {
      const it = await started();
      const ledger = { scope: 'account', tag: unique() } as const;
      const charge = { ledger, budgets: { failuresPerWindow: 1 } } as const;
      await stores.ledgers.recordFailure(ledger, now);
      expect(await store.send(it, next, [charge], now)).toMatchObject({ kind: 'refused', charge });
      expect(await store.find(it.idHash)).toMatchObject({ sends: 1 });
    });
  });

  describe('what a challenge has taken', () => {
    it('is kept with it for each send: when phone and account were charged, and which address', async () => {
      const it = await started();
      const [first, second] = [
        { tag: 'a', at: now + 60 },
        { tag: 'b', at: now + 130 },
      ];
      const next = { sendAgainAt: now + 120, expiresAt: now + 300, addressUnit: first };
      expect(await store.send(it, next, [], now + 60)).toEqual({ kind: 'sent' });
      const again = { ...next, addressUnit: second };
      expect(await store.send({ ...it, sends: 2 }, again, [], now + 130)).toEqual({ kind: 'sent' });
      const { addressUnit: _, ...free } = next;
      expect(await store.send({ ...it, sends: 3 }, free, [], now + 200)).toEqual({ kind: 'sent' });
      expect(await store.find(it.idHash)).toMatchObject({
        sentAt: { send1: now, send2: now + 60, send3: now + 130, send4: now + 200 },
        addressUnits: [first, second],
      });
    });

    it('loses a send whose units are returned when it is settled', async () => {
      const it = await started();
      const next = { sendAgainAt: now + 120, expiresAt: now + 300 };
      await store.send(it, next, [], now + 60);
      await store.settle(it.idHash, 2, { delivery: 'failed', unitsReturned: true });
      expect(fieldsOf(await store.find(it.idHash)).sentAt).toEqual({ send1: now });
    });
  });

  describe('giving back', () => {
    const ofPhone = (counts: 'uses' | 'unverified-uses' = 'uses') => ({
      charge: {
        ledger: { scope: 'phone-login', tag: unique() },
        counts,
        budgets: { usesPerWindow: 99 },
      } as const,
      at: now,
    });
    const proven = (partial: Partial<ProvenUse> = {}): ProvenUse => ({
      ledger: { scope: 'verified-sms', tag: unique() },
      at: now,
      sms: 1,
      most: 4,
      units: [],
      ...partial,
    });
    const counts = ({ charge, at }: ChargedUnit) => stores.ledgers.counts(charge.ledger, at);

    it('happens once, and only after the code was verified', async () => {
      const unit = ofPhone();
      for (let n = 0; n < 3; n++) await stores.ledgers.charge(unit.charge, now);
      const { idHash } = await started();
      const what = proven({ units: [unit] });
      expect(await store.giveBack(idHash, what)).toEqual({ kind: 'counted-before' });
      expect(await counts(unit)).toMatchObject({ uses: 3, usesThisPart: 3 });
      await store.verify(idHash, verification());
      const all = await Promise.all([1, 2, 3, 4].map(() => store.giveBack(idHash, what)));
      expect(all.map(({ kind }) => kind).toSorted()).toEqual([
        'counted-before',
        'counted-before',
        'counted-before',
        'first',
      ]);
      expect(await counts(unit)).toMatchObject({ uses: 2, usesThisPart: 2 });
      expect(await store.countVerified(idHash)).toEqual({ kind: 'counted-before' });
    });

    it('takes several units out of the hours and days in which they were charged', async () => {
      const unit = ofPhone();
      const late = Date.UTC(2026, 10, 23, 23, 59) / 1000;
      const at = [late - 3600, late - 30, late, late + 120];
      for (const instant of at) await stores.ledgers.charge(unit.charge, instant);
      await stores.ledgers.charge(unit.charge, late);
      const { idHash } = await verified();
      const units = at.map((instant) => ({ ...unit, at: instant }));
      expect(await store.giveBack(idHash, proven({ units, sms: 4 }))).toEqual({ kind: 'first' });
      expect(await counts({ ...unit, at: late - 3600 })).toMatchObject({
        uses: 1,
        usesThisPart: 0,
      });
      expect(await counts({ ...unit, at: late })).toMatchObject({ uses: 1, usesThisPart: 1 });
      expect(await counts({ ...unit, at: late + 120 })).toMatchObject({ uses: 0, usesThisPart: 0 });
    });

    it('tells the first code of a phone and day from further ones, also of a parallel burst', async () => {
      const { ledger } = proven();
      const codes = await Promise.all([1, 2, 3].map(() => verified()));
      const all = await Promise.all(
        codes.map(({ idHash }) => store.giveBack(idHash, proven({ ledger }))),
      );
      expect(all.map(({ kind }) => kind).toSorted()).toEqual(['first', 'further', 'further']);
      const tomorrow = now + 86_400;
      const { idHash } = await verified();
      expect(await store.giveBack(idHash, proven({ ledger, at: tomorrow }))).toEqual({
        kind: 'first',
      });
    });

    it('ends with the SMS of a day that give something back: the code is counted, and its units stay', async () => {
      const { ledger } = proven();
      const unit = ofPhone();
      await stores.ledgers.charge(unit.charge, now);
      const what = proven({ ledger, sms: 2, units: [unit], most: 3 });
      const [one, two] = [await verified(), await verified()];
      expect(await store.giveBack(one.idHash, { ...what, units: [] })).toEqual({ kind: 'first' });
      expect(await store.giveBack(two.idHash, what)).toEqual({ kind: 'full' });
      expect(await counts(unit)).toMatchObject({ uses: 1 });
      expect(await store.giveBack(two.idHash, { ...what, most: 9 })).toEqual({
        kind: 'counted-before',
      });
    });
  });

  describe('verify', () => {
    it('succeeds once', async () => {
      const { idHash } = await started();
      expect(await store.verify(idHash, verification())).toMatchObject({ kind: 'verified' });
      const again = await store.verify(idHash, verification());
      expect(again).toMatchObject({ kind: 'unchanged', challenge: { status: 'verified' } });
    });

    it('fails with a wrong code', async () => {
      const { idHash } = await started();
      const wrong = { ...verification(), right: false };
      expect(await store.verify(idHash, wrong)).toMatchObject({ kind: 'unchanged' });
      expect(await store.find(idHash)).toMatchObject({ status: 'pending' });
    });

    it('is counted once, and only after it succeeded', async () => {
      const { idHash } = await started();
      expect(await store.countVerified(idHash)).toEqual({ kind: 'counted-before' });
      await store.verify(idHash, verification());
      const counted = await Promise.all([1, 2, 3].map(() => store.countVerified(idHash)));
      expect(counted.filter(({ kind }) => kind === 'counted')).toHaveLength(1);
    });

    it('recognises its own write when the SDK repeats it', async () => {
      const { idHash } = await started();
      const mine = verification();
      await store.verify(idHash, mine);
      const later = { ...mine, ticketExpiresAt: mine.ticketExpiresAt + 60 };
      // The repetition does not extend the life of the ticket.
      const { ticketExpiresAt } = mine;
      const again = { kind: 'verified', ticketExpiresAt, before: true };
      expect(await store.verify(idHash, later)).toEqual(again);
    });

    const withoutUndefined = (partial: object) =>
      Object.fromEntries(Object.entries(partial).filter(([, value]) => value !== undefined));
    const refused: [string, ChallengeFields][] = [
      ['a decoy', { decoy: true }],
      ['before a provider may have an SMS of it', { asked: undefined }],
      ['at the very second it expires', { expiresAt: now }],
      ['after five wrong codes', { attempts: 5 }],
      ['after it was verified', { status: 'verified' }],
      ['after it was spent', { status: 'spent' }],
    ];
    it.each(refused)('refuses %s', async (_name, partial) => {
      const { idHash } = await started(partial);
      const result = await store.verify(idHash, verification());
      expect(result).toMatchObject({ kind: 'unchanged', challenge: withoutUndefined(partial) });
    });

    it('fails before the code was sent', async () => {
      const { expiresAt: _, ...unsent } = challenge({ sends: 0 });
      await store.start(unsent, [], now);
      const result = await store.verify(unsent.idHash, verification());
      expect(result).toMatchObject({ kind: 'unchanged', challenge: { status: 'pending' } });
    });

    it('finds no unknown challenge, and creates none', async () => {
      const idHash = unique();
      const nothing = { kind: 'unchanged', challenge: undefined };
      expect(await store.verify(idHash, verification())).toEqual(nothing);
      expect(await store.countAttempt(idHash, { now, maxAttempts: 5 })).toEqual(nothing);
      expect(await store.find(idHash)).toBeUndefined();
    });
  });

  it('repeat their ticket a limited number of times under parallel requests, and never after its expiry', async () => {
    const { idHash } = await verified();
    const repeat = (at = now) => store.countReplay(idHash, { now: at, max: 5 });
    expect(await repeat(now + 600)).toEqual({ kind: 'refused' });
    const results = await Promise.all(Array.from({ length: 20 }, () => repeat()));
    expect(results.filter(({ kind }) => kind === 'counted')).toHaveLength(5);
    const open = await started();
    expect(await store.countReplay(open.idHash, { now, max: 5 })).toEqual({ kind: 'refused' });
  });

  describe('attempts', () => {
    it('are counted up to the maximum, however many requests are parallel', async () => {
      const { idHash } = await started();
      const results = await Promise.all(
        Array.from({ length: 30 }, () => store.countAttempt(idHash, { now, maxAttempts: 5 })),
      );
      expect(results.filter(({ kind }) => kind === 'counted')).toHaveLength(5);
      expect(await store.find(idHash)).toMatchObject({ attempts: 5 });
    });

    it('are counted before the first send too', async () => {
      const { expiresAt: _, ...unsent } = challenge({ sends: 0 });
      await store.start(unsent, [], now);
      const counted = await store.countAttempt(unsent.idHash, { now, maxAttempts: 5 });
      expect(counted).toMatchObject({ kind: 'counted', challenge: { attempts: 1 } });
    });

    it('are not counted on an expired or verified challenge', async () => {
      const expired = await started({ expiresAt: now });
      const done = await verified();
      for (const { idHash } of [expired, done]) {
        const result = await store.countAttempt(idHash, { now, maxAttempts: 5 });
        expect(result.kind).toBe('unchanged');
      }
    });
  });

  describe('tickets', () => {
    const use = (usedBy: string, partial = {}) => ({
      purpose: 'registration' as const,
      usedBy,
      now,
      until: now + 20,
      maxUses: 20,
      ...partial,
    });

    it('belong to one request at a time, and to the next one after the lease', async () => {
      const { idHash } = await verified();
      expect(await store.claimTicket(idHash, use('a'))).toMatchObject({ kind: 'claimed' });
      expect(await store.claimTicket(idHash, use('a'))).toMatchObject({ kind: 'claimed' });
      expect(await store.claimTicket(idHash, use('b'))).toEqual({ kind: 'busy', until: now + 20 });
      const later = { now: now + 20, until: now + 40 };
      expect(await store.claimTicket(idHash, use('b', later))).toMatchObject({ kind: 'claimed' });
      expect(await store.spendTicket(idHash, 'a')).toEqual({ kind: 'lost' });
      expect(await store.spendTicket(idHash, 'b')).toEqual({ kind: 'spent' });
    });

    it('are free again after they are released', async () => {
      const { idHash } = await verified();
      await store.claimTicket(idHash, use('a'));
      await store.releaseTicket(idHash, 'b');
      expect(await store.claimTicket(idHash, use('b'))).toMatchObject({ kind: 'busy' });
      await store.releaseTicket(idHash, 'a');
      expect(await store.claimTicket(idHash, use('b'))).toMatchObject({ kind: 'claimed' });
    });

    it('are free once the lease was ended, and the use is taken back, for the first such request alone', async () => {
      const { idHash } = await verified();
      const usesOf = async () => ((await store.find(idHash)) as { uses: number }).uses;
      await store.claimTicket(idHash, use('a'));
      await store.endLease(idHash, 'b', now);
      expect(await store.claimTicket(idHash, use('b'))).toMatchObject({ kind: 'busy' });
      await store.endLease(idHash, 'a', now);
      expect(await usesOf()).toBe(0);
      for (let n = 0; n < 3; n++) {
        await store.claimTicket(idHash, use('a'));
        await store.endLease(idHash, 'a', now);
      }
      expect(await usesOf()).toBe(0);
      expect(await store.claimTicket(idHash, use('b'))).toMatchObject({ kind: 'claimed' });
      await store.endLease(idHash, 'b', now);
      expect(await usesOf()).toBe(1);
      expect(await store.claimTicket(idHash, use('a'))).toMatchObject({ kind: 'busy' });
    });

    it('stay with the parallel copies of a request whose lease was ended', async () => {
      const { idHash } = await verified();
      await store.claimTicket(idHash, use('a'));
      await store.claimTicket(idHash, use('a'));
      await store.endLease(idHash, 'a', now);
      expect(await store.spendTicket(idHash, 'a')).toEqual({ kind: 'spent' });
    });

    it('are spent once and for good; a replay of the request that spent the ticket learns this', async () => {
      const { idHash } = await verified();
      await store.claimTicket(idHash, use('a'));
      await store.spendTicket(idHash, 'a');
      expect(await store.spendTicket(idHash, 'a')).toEqual({ kind: 'spent' });
      await store.releaseTicket(idHash, 'a');
      const done = { kind: 'done', challenge: { status: 'spent', usedBy: 'a' } };
      expect(await store.claimTicket(idHash, use('a'))).toMatchObject(done);
      expect(await store.claimTicket(idHash, use('b'))).toEqual({ kind: 'refused' });
      const foreign = use('a', { purpose: 'login' });
      expect(await store.claimTicket(idHash, foreign)).toEqual({ kind: 'refused' });
    });

    describe('of transactions', () => {
      const transaction = { purpose: 'transaction' as const, service: 'e-prescription' };
      const redemption = (usedBy: string, partial = {}) => ({
        service: 'e-prescription',
        usedBy,
        now,
        repeatSeconds: 600,
        ...partial,
      });

      it('are redeemed once; the request that redeemed the ticket gets the same answer for a while', async () => {
        const { idHash } = await verified(transaction);
        const redeemed = { kind: 'redeemed', challenge: { idHash, status: 'spent', spentAt: now } };
        expect(await store.redeemTicket(idHash, redemption('a'))).toMatchObject(redeemed);
        expect(await store.redeemTicket(idHash, redemption('b'))).toEqual({ kind: 'refused' });
        // The repeated answer outlives the ticket, because the first answer was lost.
        const last = redemption('a', { now: now + 599 });
        expect(await store.redeemTicket(idHash, last)).toMatchObject(redeemed);
        const late = redemption('a', { now: now + 600 });
        expect(await store.redeemTicket(idHash, late)).toEqual({ kind: 'refused' });
      });

      it('are redeemed by one of twenty parallel requests', async () => {
        const { idHash } = await verified(transaction);
        const all = Array.from({ length: 20 }, (_none, n) =>
          store.redeemTicket(idHash, redemption(String(n))),
        );
        const kinds = (await Promise.all(all)).map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === 'redeemed')).toHaveLength(1);
      });

      it('are refused to another service, to another flow, after their expiry and before verification', async () => {
        const { idHash } = await verified(transaction);
        const foreign = redemption('a', { service: 'pharmacy' });
        expect(await store.redeemTicket(idHash, foreign)).toEqual({ kind: 'refused' });
        const late = redemption('a', { now: now + 600 });
        expect(await store.redeemTicket(idHash, late)).toEqual({ kind: 'refused' });
        const others = [
          await verified(),
          await verified({ purpose: 'login', service: 'e-prescription' }),
          await started(transaction),
        ];
        for (const other of others) {
          const result = await store.redeemTicket(other.idHash, redemption('a'));
          expect(result).toEqual({ kind: 'refused' });
        }
        expect(await store.redeemTicket(unique(), redemption('a'))).toEqual({ kind: 'refused' });
        expect(await store.redeemTicket(idHash, redemption('a'))).toMatchObject({
          kind: 'redeemed',
        });
      });
    });

    const refused: [string, Parameters<typeof use>[1]][] = [
      ['for another purpose', { purpose: 'password-reset' }],
      ['after their expiry', { now: now + 600 }],
      ['after too many uses', { maxUses: 0 }],
    ];
    it.each(refused)('are refused %s', async (_name, partial) => {
      const { idHash } = await verified();
      expect(await store.claimTicket(idHash, use('a', partial))).toEqual({ kind: 'refused' });
    });

    it('do not exist before the code was verified', async () => {
      const { idHash } = await started();
      expect(await store.claimTicket(idHash, use('a'))).toEqual({ kind: 'refused' });
    });
  });

  describe('outbox', () => {
    it('is settled by the send it owes, not by an older one', async () => {
      const it = await started({ outbox: 2 });
      await store.settle(it.idHash, 1, { delivery: 'sent' });
      expect(await store.find(it.idHash)).toMatchObject({ outbox: 2 });
      await store.settle(it.idHash, 2, { delivery: 'sent', provider: 'a', decoy: true });
      const settled = await store.find(it.idHash);
      expect(settled).toMatchObject({ decoy: true, delivery: 'sent', provider: 'a' });
      expect(fieldsOf(settled).outbox).toBeUndefined();
    });
  });
});
