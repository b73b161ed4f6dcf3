import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { securityEvent } from '#core/audit/compose-records.ts';
import type { Charge } from '#core/model/ledger.ts';
import type { Notice, SecurityEventType } from '#core/model/records.ts';
import type { Device, Session } from '#core/model/session.ts';
import {
  accountClaim,
  challenge,
  codelessLogin,
  now,
  origin,
  unique,
} from '../support/fakes/builders.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

/** Where a session is refreshed from, another place than where it was opened. */
const usedFrom = { addressTag: 'another network', device: 'Safari, iOS' };

const entropy = () => Buffer.from(unique());

function newSession(partial: Partial<Session> = {}): Session {
  return {
    userId: randomUUID(),
    sessionId: randomUUID(),
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
    place: 'SA',
    ...partial,
  };
}

const records = (type: SecurityEventType, { userId }: Session) => ({
  events: [securityEvent({ clock: () => now, entropy }, type, userId, origin)],
});

const notice = (id: string): Notice => ({
  id,
  kind: 'new-device',
  language: 'ar',
  phone: 'sealed',
  phoneTag: unique(),
  createdAt: now,
  expiresAt: now + 3600,
});

describe.each(implementations)('sessions in %s', (_, open) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await open();
  });

  const typesOf = async ({ userId }: Session) =>
    (await stores.events.list(userId)).map(({ type }) => type);

  async function opened(partial: Partial<Session> = {}): Promise<Session> {
    const session = newSession(partial);
    const result = await stores.sessionStore.create(session, records('session.started', session));
    expect(result).toEqual({ kind: 'created' });
    return session;
  }

  it('are found as they were created, together with their event', async () => {
    const session = await opened();
    const { userId, sessionId } = session;
    expect(await stores.sessionStore.find(userId, sessionId)).toEqual(session);
    expect(await typesOf(session)).toEqual(['session.started']);
  });

  it('are opened without their notices where only the charge for those is refused, in the same state otherwise', async () => {
    const ledger = { scope: 'new-device-notices', tag: unique() } as const;
    const charge = { ledger, counts: 'uses', budgets: { usesPerWindow: 1 } } as const;
    const noticeCharge = { charge, at: now };
    const unit: Charge = {
      ledger: { scope: 'account-login', tag: unique() },
      counts: 'uses',
      budgets: { usesPerWindow: 99 },
    };
    for (let n = 0; n < 3; n++) await stores.ledgers.charge(unit, now);
    const open = async (noticeId: string) => {
      const session = newSession();
      const told = { ...records('session.started', session), notices: [notice(noticeId)] };
      const login = { noticeCharge, returned: { charge: unit, at: now } };
      const result = await stores.sessionStore.create(session, told, login);
      expect(result).toEqual({ kind: 'created' });
      return session;
    };
    const ids = [unique(), unique()];
    for (const id of ids) expect(await typesOf(await open(id))).toEqual(['session.started']);
    const found = await Promise.all(ids.map((id) => stores.notices.find(id)));
    expect(found.map((one) => one !== undefined)).toEqual([true, false]);
    expect(await stores.ledgers.counts(ledger, now)).toMatchObject({ uses: 1 });
    expect(await stores.ledgers.counts(unit.ledger, now)).toMatchObject({ uses: 1 });
  });

  it('are not opened where the ticket is lost and the charge for the notices is refused too', async () => {
    const ledger = { scope: 'new-device-notices', tag: unique() } as const;
    const charge = { ledger, counts: 'uses', budgets: { usesPerWindow: 0 } } as const;
    const noticeCharge = { charge, at: now };
    const session = newSession();
    const { idHash } = challenge();
    const result = await stores.sessionStore.create(
      session,
      { notices: [notice(unique())] },
      { noticeCharge, ticket: { idHash, usedBy: 'me' } },
    );
    expect(result).toEqual({ kind: 'lost' });
    expect(await stores.sessionStore.find(session.userId, session.sessionId)).toBeUndefined();
  });

  it('add the username that their account lacks, and are not opened where that account is gone', async () => {
    const claim = accountClaim({ lapsesAt: now + 600 });
    const { usernameTag, phoneTag } = claim.account;
    await stores.accounts.openSlots(phoneTag);
    await stores.accounts.claim(claim, now);
    const open = (of: string, session = newSession()) =>
      stores.sessionStore.create(session, {}, { username: { usernameTag: of, sealed: 'sealed' } });
    expect(await open(usernameTag)).toEqual({ kind: 'created' });
    expect(await stores.accounts.find(usernameTag)).toMatchObject({ username: 'sealed', phoneTag });
    const [gone, session] = [unique(), newSession()];
    expect(await open(gone, session)).toEqual({ kind: 'lost' });
    expect(await stores.accounts.find(gone)).toBeUndefined();
    expect(await stores.sessionStore.find(session.userId, session.sessionId)).toBeUndefined();
  });

  it('belong to their user alone', async () => {
    const { userId, sessionId } = await opened();
    expect(await stores.sessionStore.find(randomUUID(), sessionId)).toBeUndefined();
    expect(await stores.sessionStore.find(userId, randomUUID())).toBeUndefined();
    expect(await stores.sessionStore.list(randomUUID())).toEqual([]);
  });

  it('are opened once for a keyed login without a code, and the login names its session', async () => {
    const spent = codelessLogin();
    const open = (session: Session) =>
      stores.sessionStore.create(session, records('session.started', session), { spent });
    const [first, twin] = [newSession(), newSession()];
    expect(await open(first)).toEqual({ kind: 'created' });
    expect(await open(twin)).toEqual({ kind: 'exists' });
    expect(await stores.sessionStore.find(twin.userId, twin.sessionId)).toBeUndefined();
    const { sessionId } = first;
    const known = { status: 'spent', withoutCode: true, sessionId };
    expect(await stores.challenges.find(spent.idHash)).toMatchObject(known);
  });

  it('are recorded on the ticket that opened them, with the expiry of the remembered device', async () => {
    const held = challenge({ purpose: 'login', status: 'in-use', usedBy: 'me' });
    await stores.challenges.start(held, [], now);
    const session = newSession();
    const { userId, sessionId } = session;
    const expiresAt = now + 1000;
    const device = { userId, deviceId: unique(), createdAt: now, expiresAt, label: 'Chrome' };
    const login = { ticket: { idHash: held.idHash, usedBy: 'me' }, device };
    await stores.sessionStore.create(session, {}, login);
    const done = { status: 'spent', sessionId, deviceExpiresAt: expiresAt };
    expect(await stores.challenges.find(held.idHash)).toMatchObject(done);
  });

  it('return the unit of their password, and so does a challenge', async () => {
    const { challenges, ledgers, sessionStore } = stores;
    const charge: Charge = {
      ledger: { scope: 'login', tag: unique() },
      counts: 'uses',
      budgets: { usesPerWindow: 9 },
    };
    for (let n = 0; n < 2; n++) await ledgers.charge(charge, now);
    const returned = { charge, at: now };
    await sessionStore.create(newSession(), {}, { returned });
    expect(await ledgers.counts(charge.ledger, now)).toMatchObject({ uses: 1, usesThisPart: 1 });
    await challenges.start(challenge(), [], now, returned);
    expect(await ledgers.counts(charge.ledger, now)).toMatchObject({ uses: 0, usesThisPart: 0 });
  });

  it('on a device are opened only while it is remembered', async () => {
    const device: Device = {
      userId: randomUUID(),
      deviceId: unique(),
      label: 'Chrome, Android',
      createdAt: now,
      expiresAt: now + 86_400,
    };
    const on = () => newSession({ userId: device.userId, deviceId: device.deviceId });
    expect(await stores.sessionStore.create(on(), {})).toEqual({ kind: 'lost' });
    expect(await stores.sessionStore.create(on(), {}, { device })).toEqual({ kind: 'created' });
    expect(await stores.sessionStore.create(on(), {})).toEqual({ kind: 'created' });
    await stores.devices.forgetAll(device.userId);
    expect(await stores.sessionStore.create(on(), {})).toEqual({ kind: 'lost' });
  });

  it('are all listed for their user', async () => {
    const { userId } = await opened();
    const [one, other] = [await opened({ userId }), await opened({ userId })];
    const listed = await stores.sessionStore.list(userId);
    expect(listed).toHaveLength(3);
    expect(listed).toEqual(expect.arrayContaining([one, other]));
  });

  it('rotate once a generation, however many rotate in parallel; the others get the current session', async () => {
    const session = await opened();
    const later = now + 60;
    const tries = Array.from({ length: 20 }, () =>
      stores.sessionStore.rotate(session, later, usedFrom),
    );
    const results = await Promise.all(tries);
    expect(results.filter(({ kind }) => kind === 'rotated')).toHaveLength(1);
    const standing = { ...session, generation: 2, rotatedAt: later, lastUsedAt: later, usedFrom };
    const lost = results.filter(({ kind }) => kind === 'lost');
    expect(lost).toEqual(Array(19).fill({ kind: 'lost', session: standing }));
  });

  const budget = { perMinute: 3, perHour: 5 };
  const minute = 60;
  const hour = 3600;
  const refreshed = async (times: number, of: Session, at: number) => {
    const results = await Promise.all(
      Array.from({ length: times }, () => stores.sessionStore.countRefresh(of, budget, at)),
    );
    return results.filter(({ kind }) => kind === 'counted').length;
  };

  it('count a refresh in the write that reads them', async () => {
    const session = await opened();
    const counted = await stores.sessionStore.countRefresh(session, budget, now);
    expect(counted).toEqual({ kind: 'counted', session, pastCounts: [] });
    const { userId, sessionId } = session;
    expect(await stores.sessionStore.find(userId, sessionId)).toEqual(session);
  });

  it('are not made by a count: one that is over stays over', async () => {
    const session = newSession();
    expect(await stores.sessionStore.countRefresh(session, budget, now)).toEqual({ kind: 'gone' });
    await stores.sessionStore.returnRefresh(session, now);
    expect(await stores.sessionStore.find(session.userId, session.sessionId)).toBeUndefined();
  });

  it('allow the minute’s and the hour’s refreshes, however many are parallel', async () => {
    const session = await opened();
    const start = Math.ceil(now / hour) * hour;
    expect(await refreshed(20, session, start)).toBe(3);
    expect(await refreshed(20, session, start + minute)).toBe(2);
    expect(await refreshed(20, session, start + 2 * minute)).toBe(0);
    expect(await refreshed(20, session, start + hour)).toBe(3);
  });

  it('are refused with the session, until the end of the window that is full', async () => {
    const session = await opened();
    const start = Math.ceil(now / hour) * hour;
    const count = (at: number) => stores.sessionStore.countRefresh(session, budget, at);
    await refreshed(3, session, start + 1);
    const full = { kind: 'refused', session };
    expect(await count(start + 1)).toEqual({ ...full, until: start + minute });
    await refreshed(2, session, start + minute);
    expect(await count(start + minute)).toEqual({ ...full, until: start + hour });
  });

  it('take back a refresh, and never below zero', async () => {
    const session = await opened();
    await refreshed(3, session, now);
    await stores.sessionStore.returnRefresh(session, now);
    expect(await refreshed(20, session, now)).toBe(1);
    const back = () => stores.sessionStore.returnRefresh(session, now);
    await Promise.all(Array.from({ length: 9 }, back));
    expect(await refreshed(20, session, now)).toBe(3);
  });

  it('keep the counts of the current windows when they rotate', async () => {
    const session = await opened();
    await refreshed(1, session, now - hour);
    await refreshed(2, session, now);
    const counted = await stores.sessionStore.countRefresh(session, budget, now);
    if (counted.kind !== 'counted') throw new Error('The refresh was not counted');
    await stores.sessionStore.rotate(session, now, usedFrom, counted.pastCounts);
    const next = await stores.sessionStore.countRefresh(session, budget, now);
    expect(next).toMatchObject({ kind: 'refused', session: { generation: 2 } });
    const later = await stores.sessionStore.countRefresh(session, budget, now + hour);
    expect(later).toMatchObject({ kind: 'counted' });
  });

  it('end together with the device to be forgotten, and leave every other device', async () => {
    const session = newSession();
    const { userId } = session;
    const remember = async (deviceId: string) => {
      const times = { createdAt: now, expiresAt: now + 86_400 };
      const device = { userId, deviceId, label: 'Chrome, Android', ...times };
      await stores.sessionStore.create(
        { ...session, sessionId: deviceId, deviceId },
        {},
        { device },
      );
      return { ...session, sessionId: deviceId };
    };
    const [lost, kept] = [await remember(unique()), await remember(unique())];
    const left = async () => (await stores.devices.list(userId)).map(({ deviceId }) => deviceId);
    const stranger = await stores.sessionStore.end(
      newSession(),
      'owner',
      {},
      { forgotten: lost.sessionId },
    );
    expect(stranger).toEqual({ kind: 'gone' });
    expect(await left()).toHaveLength(2);
    expect(await stores.sessionStore.end(lost, 'owner', {}, { forgotten: lost.sessionId })).toEqual(
      {
        kind: 'ended',
      },
    );
    expect(await left()).toEqual([kept.sessionId]);
    expect(await stores.sessionStore.end(kept, 'log-out', {})).toEqual({ kind: 'ended' });
    expect(await left()).toEqual([kept.sessionId]);
  });

  it('end once, with their event, and never come back by a rotation', async () => {
    const session = await opened();
    const end = () => stores.sessionStore.end(session, 'idle', records('session.ended', session));
    const results = await Promise.all([end(), end(), end()]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['ended', 'gone', 'gone']);
    expect((await typesOf(session)).sort()).toEqual(['session.ended', 'session.started']);
    const rotated = await stores.sessionStore.rotate(session, now, usedFrom);
    expect(rotated).toEqual({ kind: 'lost', session: undefined });
    const { userId, sessionId } = session;
    expect(await stores.sessionStore.find(userId, sessionId)).toBeUndefined();
  });

  it('end without their notices where only the charge for those is refused, and charge nothing when they ended before', async () => {
    const ledger = { scope: 'reuse-notice', tag: unique() } as const;
    const charge = { ledger, counts: 'uses', budgets: { usesPerWindow: 1 } } as const;
    const noticeCharge = { charge, at: now };
    const end = (session: Session, id: string) => {
      const told = { ...records('session.reuse-detected', session), notices: [notice(id)] };
      return stores.sessionStore.end(session, 'reuse', told, { noticeCharge });
    };
    const [first, second] = [await opened(), await opened()];
    const burst = Array.from({ length: 5 }, () => unique());
    const ends = await Promise.all(burst.map((id) => end(first, id)));
    expect(ends.filter(({ kind }) => kind === 'ended')).toHaveLength(1);
    expect(await stores.ledgers.counts(ledger, now)).toMatchObject({ uses: 1 });
    const untold = unique();
    expect(await end(second, untold)).toEqual({ kind: 'ended' });
    const found = await Promise.all([...burst, untold].map((id) => stores.notices.find(id)));
    expect(found.filter((one) => one !== undefined)).toHaveLength(1);
    expect(found.at(-1)).toBeUndefined();
    expect((await typesOf(second)).sort()).toEqual(['session.reuse-detected', 'session.started']);
    expect(await stores.ledgers.counts(ledger, now)).toMatchObject({ uses: 1 });
  });

  it('leave their reason when they end, until they are erased, and are in no list', async () => {
    const session = await opened();
    const { userId, sessionId, rotatedAt } = session;
    const { sessionStore } = stores;
    expect(await sessionStore.read(userId, sessionId)).toEqual({ kind: 'open', session });
    await sessionStore.end(session, 'reuse', {});
    const left = { kind: 'ended', ended: { reason: 'reuse', rotatedAt } };
    expect(await sessionStore.read(userId, sessionId)).toEqual(left);
    expect(await sessionStore.countRefresh(session, budget, now)).toEqual(left);
    await sessionStore.returnRefresh(session, now);
    expect(await sessionStore.end(session, 'owner', {})).toEqual({ kind: 'gone' });
    expect(await sessionStore.read(userId, sessionId)).toEqual(left);
    expect(await sessionStore.list(userId)).toEqual([]);
    await sessionStore.eraseAll(userId);
    expect(await sessionStore.read(userId, sessionId)).toEqual({ kind: 'gone' });
  });
});
