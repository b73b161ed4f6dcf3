import { beforeAll, describe, expect, it } from 'vitest';
import type { AccountClaim } from '#core/model/account.ts';
import type { SecurityEvent } from '#core/model/records.ts';
import { accountClaim, challenge, now, unique } from '../support/fakes/builders.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

describe.each(implementations)('accounts in %s', (_, open) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await open();
  });

  /** A claim whose ticket is in use by `a`, on a phone whose slots are open. */
  async function prepared(...parts: Parameters<typeof accountClaim>): Promise<AccountClaim> {
    const claim = accountClaim(...parts);
    const { challenges, accounts } = stores;
    await accounts.openSlots(claim.account.phoneTag);
    const ticket = { status: 'in-use', usedBy: 'a', inUseUntil: now + 20 } as const;
    await challenges.start(challenge({ idHash: claim.holder, ...ticket }), [], now);
    return claim;
  }

  async function active(...parts: Parameters<typeof accountClaim>): Promise<AccountClaim> {
    const claim = await prepared(...parts);
    expect(await stores.accounts.claim(claim, now)).toEqual({ kind: 'claimed' });
    const by = { usedBy: 'a', userId: 'sub' };
    expect(await stores.accounts.activate(claim, by, {})).toEqual({ kind: 'activated' });
    return claim;
  }

  it('are provisional when claimed, and active with their user when activated', async () => {
    const claim = await prepared();
    const { usernameTag } = claim.account;
    expect(await stores.accounts.find(usernameTag)).toBeUndefined();
    await stores.accounts.claim(claim, now);
    expect(await stores.accounts.find(usernameTag)).toMatchObject(claim.account);
    await stores.accounts.activate(claim, { usedBy: 'a', userId: 'sub' }, {});
    const account = { ...claim.account, status: 'active', userId: 'sub' };
    expect(await stores.accounts.find(usernameTag)).toMatchObject(account);
  });

  it('spend the ticket that created them', async () => {
    const claim = await active();
    expect(await stores.challenges.find(claim.holder)).toMatchObject({ status: 'spent' });
  });

  it('refuse a taken username before a registered identity, and never release an active name', async () => {
    const { account } = await active();
    const { usernameTag, identityTag } = account;
    const both = await prepared({}, { usernameTag, identityTag });
    const identity = await prepared({}, { identityTag });
    const long = now + 10 ** 8;
    expect(await stores.accounts.claim(both, long)).toEqual({ kind: 'username-taken' });
    expect(await stores.accounts.claim(identity, long)).toEqual({ kind: 'identity-registered' });
  });

  describe('while tags rotate', () => {
    const elsewhere = (usernameTags: string[], identityTags: string[] = []) => ({
      elsewhere: { usernameTags, identityTags },
    });

    it('refuse a username or a national ID that is taken under a tag of another level', async () => {
      const { account } = await active();
      const { usernameTag, identityTag } = account;
      const [name, both, identity] = [
        await prepared(elsewhere([usernameTag])),
        await prepared(elsewhere([usernameTag], [identityTag])),
        await prepared(elsewhere([], [identityTag])),
      ];
      expect(await stores.accounts.claim(name, now)).toEqual({ kind: 'username-taken' });
      expect(await stores.accounts.claim(both, now)).toEqual({ kind: 'username-taken' });
      expect(await stores.accounts.claim(identity, now)).toEqual({ kind: 'identity-registered' });
      expect(await stores.accounts.find(identity.account.usernameTag)).toBeUndefined();
    });

    it('report a full phone before a name that is taken under another tag', async () => {
      const { account } = await active();
      const full = await prepared({ ...elsewhere([account.usernameTag]), accountsPerPhone: 0 });
      expect(await stores.accounts.claim(full, now)).toMatchObject({ kind: 'phone-full' });
    });

    it('are claimed past free names, lapsed claims and the same ticket’s own claim of another level', async () => {
      const lapsed = await prepared({ lapsesAt: now + 10 });
      await stores.accounts.claim(lapsed, now);
      const { usernameTag, identityTag } = lapsed.account;
      const late = await prepared(elsewhere([usernameTag, unique()], [identityTag, unique()]));
      expect(await stores.accounts.claim(late, now)).toEqual({ kind: 'username-taken' });
      expect(await stores.accounts.claim(late, now + 10)).toEqual({ kind: 'claimed' });
      const own = accountClaim(
        { holder: lapsed.holder, ...elsewhere([usernameTag], [identityTag]) },
        { phoneTag: lapsed.account.phoneTag },
      );
      expect(await stores.accounts.claim(own, now)).toEqual({ kind: 'claimed' });
    });
  });

  it('leave nothing behind when a claim is refused', async () => {
    const { account } = await active();
    const refused = await prepared({}, { identityTag: account.identityTag });
    await stores.accounts.claim(refused, now);
    expect(await stores.accounts.find(refused.account.usernameTag)).toBeUndefined();
    expect(await stores.accounts.openSlots(refused.account.phoneTag)).toEqual({});
  });

  it.each(['usernameTag', 'identityTag'] as const)(
    'accept one of several parallel claims of one %s',
    async (name) => {
      const shared = { [name]: unique() };
      const claims = await Promise.all([1, 2, 3, 4].map(() => prepared({}, shared)));
      const results = await Promise.all(claims.map((claim) => stores.accounts.claim(claim, now)));
      expect(results.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    },
  );

  it('may be claimed again with the same ticket, and with any ticket after they lapsed', async () => {
    const first = await prepared({ lapsesAt: now + 600 });
    await stores.accounts.claim(first, now);
    expect(await stores.accounts.claim(first, now)).toEqual({ kind: 'claimed' });

    const { usernameTag, identityTag } = first.account;
    const second = await prepared({ lapsesAt: now + 1200 }, { usernameTag, identityTag });
    expect(await stores.accounts.claim(second, now + 599)).toEqual({ kind: 'username-taken' });
    expect(await stores.accounts.claim(second, now + 600)).toEqual({ kind: 'claimed' });
    const late = await stores.accounts.activate(first, { usedBy: 'a', userId: 'sub' }, {});
    expect(late).toEqual({ kind: 'lost' });
  });

  it('stay active when their own ticket is replayed', async () => {
    const claim = await active();
    expect(await stores.accounts.claim(claim, now)).toEqual({ kind: 'already-active' });
    const { usernameTag } = claim.account;
    expect(await stores.accounts.find(usernameTag)).toMatchObject({ status: 'active' });
  });

  it('are not activated with a ticket that another request has', async () => {
    const claim = await prepared();
    await stores.accounts.claim(claim, now);
    const lost = await stores.accounts.activate(claim, { usedBy: 'b', userId: 'sub' }, {});
    expect(lost).toEqual({ kind: 'lost' });
    const { usernameTag } = claim.account;
    expect(await stores.accounts.find(usernameTag)).toMatchObject({ status: 'provisional' });
  });

  it('get another user only while they are active, and remember each former user', async () => {
    const { account } = await active();
    const read = async () => (await stores.accounts.find(account.usernameTag)) ?? account;
    // A parallel request may have bound the same user: that counts as success, and is recorded
    // once.
    for (const of of [await read(), { ...account, userId: 'sub' }]) {
      expect(await stores.accounts.bindUser(of, 'new')).toEqual({ kind: 'bound' });
      expect(await read()).toMatchObject({ userId: 'new', formerUserIds: ['sub'] });
    }
    await stores.accounts.bindUser(await read(), 'newer');
    expect(await read()).toMatchObject({ userId: 'newer', formerUserIds: ['sub', 'new'] });
    const claim = await prepared();
    await stores.accounts.claim(claim, now);
    for (const usernameTag of [claim.account.usernameTag, unique()]) {
      const of = { ...account, usernameTag, userId: 'sub' };
      expect(await stores.accounts.bindUser(of, 'new')).toEqual({ kind: 'gone' });
    }
  });

  it('get no user from a request that belongs to a former owner of the name', async () => {
    const { account } = await active();
    const owner = { ...account, userId: 'sub' };
    for (const other of [{ userId: unique() }, { identityTag: unique() }]) {
      const bound = await stores.accounts.bindUser({ ...owner, ...other }, 'new');
      expect(bound).toEqual({ kind: 'gone' });
    }
    // A former owner finds the user of the name: this is no parallel request of the same owner.
    const before = { ...owner, userId: unique() };
    expect(await stores.accounts.bindUser(before, 'sub')).toEqual({ kind: 'gone' });
    expect(await stores.accounts.find(account.usernameTag)).toMatchObject({ userId: 'sub' });
  });

  it('are changed by a code only while they are on the phone it went to', async () => {
    const { account } = await active();
    const of = { ...account, userId: 'sub' };
    const change = { sessionsValidFrom: now };
    const elsewhere = await stores.accounts.change(of, change, {}, { phoneTag: unique() });
    expect(elsewhere).toEqual({ kind: 'gone' });
    const { phoneTag } = account;
    expect(await stores.accounts.change(of, change, {}, { phoneTag })).toEqual({ kind: 'changed' });
  });

  describe('that a ticket changes', () => {
    const event = (userId: string): SecurityEvent => ({
      id: `2026-11-23T07:30:00.000Z#${unique()}`,
      type: 'password.reset',
      at: now,
      userId,
      origin: { addressTag: 'tag', device: 'Chrome, Android' },
    });

    async function prepare() {
      const { account } = await active();
      const of = { ...account, userId: unique() };
      await stores.accounts.bindUser({ ...account, userId: 'sub' }, of.userId);
      const idHash = unique();
      const ticket = { status: 'in-use', usedBy: 'a', inUseUntil: now + 20 } as const;
      const good = { purpose: 'registration', ticketExpiresAt: now + 600 } as const;
      await stores.challenges.start(challenge({ idHash, ...ticket, ...good }), [], now);
      const change = (at: number, usedBy = 'a', phoneTag = account.phoneTag) =>
        stores.accounts.change(
          of,
          { sessionsValidFrom: at },
          { events: [event(of.userId)] },
          { phoneTag, notifiedBy: { idHash, usedBy } },
        );
      const told = async () => (await stores.events.list(of.userId)).length;
      const validFrom = async () =>
        (await stores.accounts.find(account.usernameTag))?.sessionsValidFrom;
      return { idHash, change, told, validFrom };
    }

    it('change once and record one event under parallel requests; the others change nothing', async () => {
      const { change, told, validFrom } = await prepare();
      const results = await Promise.all([1, 2, 3, 4].map((n) => change(now + n)));
      const kinds = results.map(({ kind }) => kind);
      expect(kinds.toSorted()).toEqual(['changed', 'told', 'told', 'told']);
      expect(await told()).toBe(1);
      expect(await validFrom()).toBe(now + 1 + kinds.indexOf('changed'));
    });

    it('record one event, although the ticket was released or spent in between', async () => {
      const { idHash, change, told } = await prepare();
      const { challenges } = stores;
      expect(await change(now)).toEqual({ kind: 'changed' });
      await challenges.releaseTicket(idHash, 'a');
      expect(await change(now)).toEqual({ kind: 'lost' });
      const next = { purpose: 'registration', usedBy: 'b', now, until: now + 20 } as const;
      const taken = await challenges.claimTicket(idHash, { ...next, maxUses: 20 });
      expect(taken.kind).toBe('claimed');
      expect(await change(now)).toEqual({ kind: 'lost' });
      expect(await change(now, 'b')).toEqual({ kind: 'told' });
      await challenges.spendTicket(idHash, 'b');
      expect(await change(now, 'b')).toEqual({ kind: 'told' });
      expect(await told()).toBe(1);
    });

    it('neither change nor record with another request’s ticket or on another phone', async () => {
      const { change, told, validFrom } = await prepare();
      expect(await change(now, 'b')).toEqual({ kind: 'lost' });
      expect(await change(now, 'a', unique())).toEqual({ kind: 'gone' });
      expect([await told(), await validFrom()]).toEqual([0, undefined]);
      // The refused calls left the ticket as it was.
      expect(await change(now)).toEqual({ kind: 'changed' });
      expect(await told()).toBe(1);
    });
  });

  describe('the slots of a phone', () => {
    it('never exceed the stage’s limit, however many claims are parallel', async () => {
      const phoneTag = unique();
      const claims = await Promise.all(
        Array.from({ length: 6 }, () => prepared({ accountsPerPhone: 2 }, { phoneTag })),
      );
      const results = await Promise.all(claims.map((claim) => stores.accounts.claim(claim, now)));
      expect(results.filter(({ kind }) => kind === 'claimed')).toHaveLength(2);
      const full = results.find(({ kind }) => kind === 'phone-full');
      expect(full).toBeDefined();
      expect(Object.keys(await stores.accounts.openSlots(phoneTag))).toHaveLength(2);
    });

    it('are reported as full before username and national ID are looked at', async () => {
      const { account: standing } = await active();
      const { account: own, holder } = await active();
      const full = { accountsPerPhone: 1 };
      const names = {
        free: {},
        'taken username': { usernameTag: standing.usernameTag },
        'taken ID': { identityTag: standing.identityTag },
        both: { usernameTag: standing.usernameTag, identityTag: standing.identityTag },
      };
      for (const [name, taken] of Object.entries(names)) {
        const claim = await prepared(full, { phoneTag: own.phoneTag, ...taken });
        expect(await stores.accounts.claim(claim, now), name).toEqual({
          kind: 'phone-full',
          slots: { [holder]: 0 },
        });
      }
    });

    it('are one per ticket, whatever username the ticket tries', async () => {
      const claim = await prepared({ accountsPerPhone: 1 });
      await stores.accounts.claim(claim, now);
      const renamed = { ...claim, account: { ...claim.account, usernameTag: unique() } };
      expect(await stores.accounts.claim(renamed, now)).toEqual({ kind: 'claimed' });
    });

    it('are removed after they lapsed, unless they changed in between', async () => {
      const claim = await prepared({ accountsPerPhone: 1 });
      const { phoneTag } = claim.account;
      await stores.accounts.claim(claim, now);
      await stores.accounts.pruneSlots(phoneTag, { [claim.holder]: claim.lapsesAt - 1 });
      expect(await stores.accounts.openSlots(phoneTag)).toEqual({ [claim.holder]: now + 600 });
      await stores.accounts.pruneSlots(phoneTag, { [claim.holder]: claim.lapsesAt });
      expect(await stores.accounts.openSlots(phoneTag)).toEqual({});
    });

    it('never lapse once the account is active', async () => {
      const { account, holder } = await active();
      const slots = await stores.accounts.openSlots(account.phoneTag);
      expect(slots).toEqual({ [holder]: 0 });
    });
  });
});
