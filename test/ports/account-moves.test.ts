import { beforeAll, describe, expect, it } from 'vitest';
import type { Account, AccountClaim, PhoneHold, PhoneMove, PhoneOf } from '#core/model/account.ts';
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
    return { phone: 'sealed anew', phoneTag, accountsPerPhone, hold: undefined };
  }

  type Move = PhoneMove & { readonly accountsPerPhone: number };
  const until = now + 86_400;
  /** A move whose new phone is held. */
  const held = (to: Move, former: PhoneOf, phoneHeldUntil = until): Move => ({
    ...to,
    hold: {
      phoneHeldFrom: now,
      phoneHeldUntil,
      formerPhone: former.phone,
      formerPhoneTag: former.phoneTag,
    },
  });

  async function closing(account: Account): Promise<Account> {
    await stores.accounts.beginClosing(account, now);
    return { ...account, status: 'closing' };
  }

  const slotsOn = async (phoneTag: string) =>
    Object.keys(await stores.accounts.openSlots(phoneTag));

  it('move with their slot, their ticket and the event of the move', async () => {
    const account = await active();
    const [ticket, told] = [await inUse(), event(account.userId)];
    const to = held(await newPhone(), account);
    const moved = await stores.accounts.movePhone(account, to, { events: [told] }, ticket);
    expect(moved).toEqual({ kind: 'moved' });
    const { phone, phoneTag, hold } = to;
    expect(await read(account.usernameTag)).toMatchObject({ phone, phoneTag, ...hold });
    expect(await slotsOn(to.phoneTag)).toHaveLength(1);
    expect(await stores.challenges.find(ticket.idHash)).toMatchObject({ status: 'spent' });
    expect(await stores.events.list(account.userId ?? '')).toContainEqual(told);
  });

  it('keep a slot on the former phone that lapses with the hold, over several moves and back', async () => {
    const account = await active();
    const { holder = '', phoneTag: home } = account;
    const slots = (phoneTag: string) => stores.accounts.openSlots(phoneTag);
    const move = async (to: Move) => {
      const from = await read(account.usernameTag);
      const moved = await stores.accounts.movePhone(from, to, {}, await inUse());
      expect(moved).toEqual({ kind: 'moved' });
    };
    const [first, second] = [await newPhone(), await newPhone()];
    await move(held(first, account));
    expect([await slots(home), await slots(first.phoneTag)]).toEqual([
      { [holder]: until },
      { [holder]: 0 },
    ]);
    await move(held(second, account, until + 60));
    expect([await slots(home), await slots(first.phoneTag), await slots(second.phoneTag)]).toEqual([
      { [holder]: until + 60 },
      {},
      { [holder]: 0 },
    ]);
    // Its own kept slot is room enough on a full phone.
    await move(held({ ...first, phoneTag: home, accountsPerPhone: 1 }, account, until + 90));
    expect([await slots(home), await slots(second.phoneTag)]).toEqual([{ [holder]: 0 }, {}]);
    await move(first);
    expect([await slots(home), await slots(first.phoneTag)]).toEqual([{}, { [holder]: 0 }]);
    expect((await read(account.usernameTag)).phoneHeldUntil).toBeUndefined();
  });

  describe('whose change of phone is undone', () => {
    async function moved(partial: Partial<Account> = {}) {
      const account = await active(partial);
      const to = held(await newPhone(), account);
      await stores.accounts.movePhone(account, to, {}, await inUse());
      return { account, to, held: await readHeld(account) };
    }
    async function readHeld({ usernameTag }: Account): Promise<Account & PhoneHold> {
      const found = await read(usernameTag);
      const { phoneHeldUntil = 0, formerPhone = '', formerPhoneTag = '' } = found;
      expect(found.phoneHeldFrom).toBe(now);
      return { ...found, phoneHeldFrom: now, phoneHeldUntil, formerPhone, formerPhoneTag };
    }
    const back = { now: now + 60, sessionsValidFrom: now + 61, dropsFactors: false };
    const slots = (phoneTag: string) => stores.accounts.openSlots(phoneTag);

    it('have phone and slot back, no session, the ticket spent and the hold’s end kept', async () => {
      const { account, to, held } = await moved();
      const { accounts } = stores;
      await accounts.change(held, { sessionsValidFrom: now, exceptSession: 'thief' }, {});
      const [ticket, told] = [await inUse(), event(account.userId, 'phone.restored')];
      const of = await readHeld(account);
      expect(await accounts.restorePhone(of, back, { events: [told] }, ticket)).toEqual({
        kind: 'restored',
      });
      const after = await read(account.usernameTag);
      const { phone, phoneTag, holder = '' } = account;
      const sessionsValidFrom = now + 61;
      expect(after).toMatchObject({ phone, phoneTag, phoneHeldUntil: until, sessionsValidFrom });
      for (const gone of [
        'phoneHeldFrom',
        'formerPhone',
        'formerPhoneTag',
        'exceptSession',
      ] as const) {
        expect(after[gone]).toBeUndefined();
      }
      expect([await slots(phoneTag), await slots(to.phoneTag)]).toEqual([{ [holder]: 0 }, {}]);
      expect(await stores.challenges.find(ticket.idHash)).toMatchObject({
        status: 'spent',
        restoredUntil: until,
      });
      expect(await stores.events.list(account.userId ?? '')).toContainEqual(told);
      // Once.
      expect(await accounts.restorePhone(of, back, {}, await inUse())).toEqual({ kind: 'gone' });
    });

    it('are undone by one of several parallel requests', async () => {
      const { account, held } = await moved();
      const results = await Promise.all(
        [1, 2, 3, 4].map(async () => stores.accounts.restorePhone(held, back, {}, await inUse())),
      );
      const kinds = results.map(({ kind }) => kind).toSorted();
      expect(kinds).toEqual(['gone', 'gone', 'gone', 'restored']);
      expect(Object.keys(await slots(account.phoneTag))).toHaveLength(1);
    });

    it('stay where they are with another’s ticket, after the hold, or when something else changed', async () => {
      const { accounts } = stores;
      const { account, to, held } = await moved();
      const ticket = await inUse();
      const restore = (of: Account & PhoneHold, at = back) =>
        accounts.restorePhone(of, at, {}, ticket);
      const foreign = { ...ticket, usedBy: 'b' };
      expect(await accounts.restorePhone(held, back, {}, foreign)).toEqual({ kind: 'lost' });
      const gone = { kind: 'gone' };
      expect(await restore(held, { ...back, now: until })).toEqual(gone);
      expect(await restore({ ...held, userId: unique() })).toEqual(gone);
      expect(await restore({ ...held, phoneTag: unique() })).toEqual(gone);
      const { phoneTag: other } = await newPhone();
      expect(await restore({ ...held, formerPhoneTag: other })).toEqual(gone);
      expect(await restore({ ...held, phoneHeldUntil: until + 1 })).toEqual(gone);
      // An app that was added since the account was read.
      const totp = { secret: 'sealed', confirmedAt: now + 5, lastStep: 0 };
      await accounts.enrolTotp(held, { totp, recoveryCodes: ['a'], offeredAt: now + 1 }, {});
      expect(await restore(held)).toEqual(gone);
      expect(await read(account.usernameTag)).toMatchObject({ phoneTag: to.phoneTag, totp });
      expect(await stores.challenges.find(ticket.idHash)).toMatchObject({ status: 'in-use' });
    });

    it.each([true, false])(
      'lose their app and recovery codes only on request (%s)',
      async (drops) => {
        const { accounts } = stores;
        const { account, held } = await moved();
        const totp = { secret: 'sealed', confirmedAt: now + 5, lastStep: 0 };
        await accounts.enrolTotp(held, { totp, recoveryCodes: ['a'], offeredAt: now + 1 }, {});
        const of = await readHeld(account);
        const change = { ...back, dropsFactors: drops };
        expect(await accounts.restorePhone(of, change, {}, await inUse())).toEqual({
          kind: 'restored',
        });
        const after = await read(account.usernameTag);
        expect([after.totp, after.recoveryCodes, after.factorsChangedAt]).toEqual(
          drops ? [undefined, undefined, now + 60] : [totp, ['a'], now + 5],
        );
      },
    );

    it('lose to a second move, and win over one that read the account before', async () => {
      const { accounts } = stores;
      const { account, held: first } = await moved();
      const next = held(await newPhone(), account, until + 60);
      await accounts.movePhone(first, next, {}, await inUse());
      expect(await accounts.restorePhone(first, back, {}, await inUse())).toEqual({ kind: 'gone' });
      const second = await readHeld(account);
      expect(await accounts.restorePhone(second, back, {}, await inUse())).toEqual({
        kind: 'restored',
      });
      const late = held(await newPhone(), account, until + 90);
      expect(await accounts.movePhone(second, late, {}, await inUse())).toEqual({ kind: 'gone' });
      expect(await read(account.usernameTag)).toMatchObject({
        phoneTag: account.phoneTag,
        phoneHeldUntil: until + 60,
      });
      expect(await slots(next.phoneTag)).toEqual({});
    });
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
    await accounts.movePhone(account, held(await newPhone(), account), {}, await inUse());
    const moved = await read(account.usernameTag);
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
    const changed = await read(account.usernameTag);
    await accounts.change(changed, { sessionsValidFrom: now + 1 }, {});
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
        usedFrom: { addressTag: 'network', device: 'Chrome, Android' },
        device: 'Chrome, Android',
        ownDevice: true,
      },
      {},
    );
    return sessionId;
  }
});
