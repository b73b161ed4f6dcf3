import { beforeAll, describe, expect, it } from 'vitest';
import type { Account, AccountClaim } from '#core/model/account.ts';
import type { SecurityEvent } from '#core/model/records.ts';
import { accountClaim, challenge, now, unique } from '../support/fakes/builders.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

describe.each(implementations)('accounts that leave their phone in %s', (_, open) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await open();
  });

  async function active(
    partial: Partial<Account> = {},
    claimed: Partial<AccountClaim> = {},
  ): Promise<Account> {
    const claim = accountClaim(claimed, partial);
    const { accounts } = stores;
    await accounts.openSlots(claim.account.phoneTag);
    await inUse(claim.holder);
    await accounts.claim(claim, now);
    await accounts.activate(claim, { usedBy: 'a', userId: unique() }, {});
    return read(claim.account.usernameTag);
  }

  async function read(usernameTag: string): Promise<Account> {
    const account = await stores.accounts.find(usernameTag);
    if (!account) throw new Error('There is no such account');
    return account;
  }

  async function inUse(idHash = unique()) {
    const ticket = { status: 'in-use', usedBy: 'a', inUseUntil: now + 20 } as const;
    await stores.challenges.start(challenge({ idHash, ...ticket }), [], now);
    return { idHash, usedBy: 'a' };
  }

  const event = (userId = '', type: SecurityEvent['type'] = 'phone.changed'): SecurityEvent => ({
    id: `2026-11-23T07:30:00.000Z#${unique()}`,
    type,
    at: now,
    userId,
    origin: { addressTag: 'tag', device: 'Chrome, Android' },
  });

  async function newPhone(accountsPerPhone = 5) {
    const phoneTag = unique();
    await stores.accounts.openSlots(phoneTag);
    return {
      phone: 'sealed anew',
      phoneTag,
      phoneHeldUntil: now + 86_400,
      accountsPerPhone,
      formerPhone: 'sealed before',
      formerPhoneTag: unique(),
    };
  }

  async function closing(account: Account): Promise<Account> {
    await stores.accounts.beginClosing(account, now);
    return { ...account, status: 'closing' };
  }

  const slotsOn = async (phoneTag: string) =>
    Object.keys(await stores.accounts.openSlots(phoneTag));

  it('move with their slot, their ticket and the event of the move', async () => {
    const account = await active();
    const [to, ticket, told] = [await newPhone(), await inUse(), event(account.userId)];
    const moved = await stores.accounts.movePhone(account, to, { events: [told] }, ticket);
    expect(moved).toEqual({ kind: 'moved' });
    const { accountsPerPhone: _, ...now } = to;
    expect(await read(account.usernameTag)).toMatchObject(now);
    expect(await slotsOn(account.phoneTag)).toEqual([]);
    expect(await slotsOn(to.phoneTag)).toHaveLength(1);
    expect(await stores.challenges.find(ticket.idHash)).toMatchObject({ status: 'spent' });
    expect(await stores.events.list(account.userId ?? '')).toContainEqual(told);
  });

  it('move back, and on to a third phone, and always have exactly one slot', async () => {
    const account = await active();
    const first = { ...(await newPhone()), phoneTag: account.phoneTag };
    const second = await newPhone();
    for (const to of [second, first, second]) {
      const from = await read(account.usernameTag);
      const moved = await stores.accounts.movePhone(from, to, {}, await inUse());
      expect(moved).toEqual({ kind: 'moved' });
      expect(await slotsOn(from.phoneTag)).toEqual([]);
      expect(await slotsOn(to.phoneTag)).toHaveLength(1);
    }
  });

  it('stay where they are when the new phone has no free slot, however many move in parallel', async () => {
    const to = await newPhone(2);
    const people = await Promise.all([1, 2, 3, 4].map(() => active()));
    const results = await Promise.all(
      people.map(async (one) => stores.accounts.movePhone(one, to, {}, await inUse())),
    );
    expect(results.filter(({ kind }) => kind === 'moved')).toHaveLength(2);
    expect(await slotsOn(to.phoneTag)).toHaveLength(2);
    for (const [i, { kind }] of results.entries()) {
      if (kind === 'moved') continue;
      expect(kind).toBe('phone-full');
      const stayed = people[i]?.phoneTag ?? '';
      expect(await slotsOn(stayed)).toHaveLength(1);
    }
  });

  it('move only from the phone they were read on, and only with a ticket of their own', async () => {
    const account = await active();
    const [to, ticket] = [await newPhone(), await inUse()];
    const { accounts } = stores;
    const elsewhere = { ...account, phoneTag: unique() };
    expect(await accounts.movePhone(elsewhere, to, {}, ticket)).toEqual({ kind: 'gone' });
    const other = { ...account, userId: unique() };
    expect(await accounts.movePhone(other, to, {}, ticket)).toEqual({ kind: 'gone' });
    const foreign = { ...ticket, usedBy: 'b' };
    expect(await accounts.movePhone(account, to, {}, foreign)).toEqual({ kind: 'lost' });
    expect(await read(account.usernameTag)).toMatchObject({ phoneTag: account.phoneTag });
    expect(await slotsOn(to.phoneTag)).toEqual([]);
  });

  it('close with name, identity, slot, session and ticket, and leave the other accounts of the phone', async () => {
    const family = await active();
    const { phoneTag } = family;
    const account = await closing(await active({ phoneTag }));
    const { usernameTag, identityTag, userId = '' } = account;
    const session = await openSession(userId);
    const [ticket, told] = [await inUse(), event(userId, 'account.closed')];
    const { accounts, sessionStore } = stores;
    const closed = await accounts.close(account, session, { events: [told] }, ticket);
    expect(closed).toEqual({ kind: 'closed' });
    expect(await accounts.find(usernameTag)).toBeUndefined();
    expect(await sessionStore.find(userId, session)).toBeUndefined();
    expect(await slotsOn(phoneTag)).toEqual([family.holder]);
    expect(await stores.challenges.find(ticket.idHash)).toMatchObject({ status: 'spent' });
    // Name and identity are free at once.
    const claim = accountClaim({}, { usernameTag, identityTag, phoneTag });
    expect(await accounts.claim(claim, now)).toEqual({ kind: 'claimed' });
  });

  it('are marked as closing once before they close, and cannot change from then on', async () => {
    const account = await active();
    const { accounts } = stores;
    const ticket = await inUse();
    expect(await accounts.close(account, 'none', {}, ticket)).toEqual({ kind: 'gone' });
    for (const _twin of [1, 2]) {
      expect(await accounts.beginClosing(account, now)).toEqual({ kind: 'closing' });
    }
    expect(await read(account.usernameTag)).toMatchObject({ status: 'closing' });
    expect(await accounts.change(account, { sessionsValidFrom: now }, {})).toEqual({
      kind: 'gone',
    });
    const to = await newPhone();
    expect(await accounts.movePhone(account, to, {}, ticket)).toEqual({ kind: 'gone' });
  });

  it('that are closing can be restored with their user or with a new one', async () => {
    const { accounts } = stores;
    for (const id of [undefined, unique()]) {
      const account = await closing(await active());
      const { usernameTag, userId = '' } = account;
      expect(await accounts.bindUser(account, id ?? userId)).toEqual({ kind: 'bound' });
      const back = await read(usernameTag);
      expect(back).toMatchObject({ status: 'active', userId: id ?? userId });
      expect(back.formerUserIds).toEqual(id && [userId]);
      // The closing that was in progress cannot finish.
      const ticket = await inUse();
      expect(await accounts.close(account, 'none', {}, ticket)).toEqual({ kind: 'gone' });
    }
  });

  it('do not close while their phone is held, nor for another user', async () => {
    const account = await active();
    const { accounts } = stores;
    await accounts.movePhone(account, await newPhone(), {}, await inUse());
    const moved = await read(account.usernameTag);
    const until = moved.phoneHeldUntil ?? 0;
    for (const of of [account, { ...moved, userId: unique() }]) {
      expect(await accounts.beginClosing(of, until)).toEqual({ kind: 'gone' });
    }
    expect(await accounts.beginClosing(moved, until - 1)).toEqual({ kind: 'gone' });
    expect(await accounts.beginClosing(moved, until)).toEqual({ kind: 'closing' });
  });

  it('are closed once: a second close finds no account', async () => {
    const account = await closing(await active());
    const { accounts } = stores;
    const ticket = await inUse();
    const foreign = { ...ticket, usedBy: 'b' };
    expect(await accounts.close(account, 'none', {}, foreign)).toEqual({ kind: 'lost' });
    expect(await accounts.close(account, 'none', {}, ticket)).toEqual({ kind: 'closed' });
    expect(await accounts.close(account, 'none', {}, ticket)).toEqual({ kind: 'gone' });
  });

  it('leave no trace of a user except the records that must stay, however many there are', async () => {
    const { events, sessionStore } = stores;
    const [userId, other] = [unique(), unique()];
    const many = Array.from({ length: 60 }, () => event(userId));
    for (const one of many) await events.add(one);
    const ids = many.map(({ id }) => id).toSorted();
    expect((await events.list(userId)).map(({ id }) => id)).toEqual(ids);
    await events.add(event(other));
    const last = event(userId, 'account.closed');
    await events.add(last);
    await events.eraseAll(userId);
    expect(await events.list(userId)).toEqual([last]);
    expect(await events.list(other)).toHaveLength(1);

    const kept = await openSession(userId);
    for (let i = 0; i < 3; i++) await openSession(userId);
    await sessionStore.eraseAll(userId, kept);
    expect((await sessionStore.list(userId)).map(({ sessionId }) => sessionId)).toEqual([kept]);
    await sessionStore.eraseAll(userId);
    expect(await sessionStore.list(userId)).toEqual([]);
  });

  it('keep the session that changed the password open, until all sessions are ended', async () => {
    const account = await active();
    const { accounts } = stores;
    await accounts.change(account, { sessionsValidFrom: now, exceptSession: 'mine' }, {});
    expect(await read(account.usernameTag)).toMatchObject({ exceptSession: 'mine' });
    await accounts.change(account, { sessionsValidFrom: now + 1 }, {});
    expect((await read(account.usernameTag)).exceptSession).toBeUndefined();
  });

  async function openSession(userId: string): Promise<string> {
    const sessionId = unique();
    await stores.sessionStore.create(
      {
        userId,
        sessionId,
        usernameTag: unique(),
        generation: 1,
        rotatedAt: now,
        createdAt: now,
        lastUsedAt: now,
        expiresAt: now + 86_400,
        directoryToken: 'sealed',
        device: 'Chrome, Android',
      },
      {},
    );
    return sessionId;
  }
});
