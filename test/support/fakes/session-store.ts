import type { Challenge } from '#core/model/challenge.ts';
import type { ChargedUnit } from '#core/model/ledger.ts';
import type { Records } from '#core/model/records.ts';
import type { Device, Session } from '#core/model/session.ts';
import { type EndedSession, endedAs } from '#core/model/session-end.ts';
import type { ChallengeStore } from '#core/ports/challenge-store.ts';
import type { DeviceStore } from '#core/ports/device-store.ts';
import type { ClosedSession, SessionStore } from '#core/ports/session-store.ts';
import type { HeldAccount } from './account-store.ts';
import type { HeldChallenge } from './challenge-store.ts';
import type { FakeLedgers } from './ledger-store.ts';

/**
 * Sessions in memory.
 * @param written gets the records that were written with a change
 */
export function fakeSessionStore(
  written: Partial<Records>[] = [],
  challenges?: ChallengeStore,
  devices = new Map<string, Device>(),
  ledgers?: Pick<FakeLedgers, 'charge' | 'chargeAll' | 'returnUnit'>,
  challengeItems = new Map<string, HeldChallenge>(),
  accounts = new Map<string, HeldAccount>(),
): SessionStore {
  const items = new Map<string, Session>();
  const ended = new Map<string, EndedSession>();
  const used = new Set<string>();
  const refreshes = new Map<string, number>();
  const refreshCounts = (of: Pick<Session, 'userId' | 'sessionId'>, now: number) =>
    [60, 3600].map((window) => `${keyOf(of)} ${window} ${Math.floor(now / window)}`);
  const keyOf = (of: Pick<Session, 'userId' | 'sessionId'>) => `${of.userId} ${of.sessionId}`;
  const closed = (of: Pick<Session, 'userId' | 'sessionId'>): ClosedSession => {
    const left = ended.get(keyOf(of));
    return left ? { kind: 'ended', ended: left } : { kind: 'gone' };
  };
  /** The records, without their notices where the charge for those is refused. */
  const affordable = (records: Partial<Records>, noticeCharge: ChargedUnit | undefined) => {
    const refused = noticeCharge && ledgers?.chargeAll([noticeCharge.charge], noticeCharge.at);
    return refused ? { ...records, notices: [] } : records;
  };
  return {
    async create(session, records, login = {}) {
      const { device, ticket, returned, charged, spent, username, noticeCharge } = login;
      const account = username && accounts.get(username.usernameTag);
      if (username && !account) return { kind: 'lost' };
      const { sessionId } = session;
      const opened = { sessionId, ...(device && { deviceExpiresAt: device.expiresAt }) };
      if (spent && challenges) {
        const { kind } = await challenges.start(
          { ...spent, ...opened } as unknown as Challenge,
          [],
          spent.createdAt,
        );
        if (kind !== 'started') return { kind: 'exists' };
      }
      if (ticket) {
        const result = await challenges?.spendTicket(ticket.idHash, ticket.usedBy);
        if (result?.kind === 'lost' || used.has(ticket.idHash)) return { kind: 'lost' };
        used.add(ticket.idHash);
        const challenge = challengeItems.get(ticket.idHash);
        if (challenge) challengeItems.set(ticket.idHash, { ...challenge, ...opened });
      }
      if (charged && (await ledgers?.charge(charged.charge, charged.at))?.kind === 'refused') {
        return { kind: 'refused' };
      }
      const { deviceId } = session;
      if (!device && deviceId !== undefined && !devices.has(deviceId)) return { kind: 'lost' };
      if (username && account) {
        accounts.set(username.usernameTag, { ...account, username: username.sealed });
      }
      items.set(keyOf(session), session);
      if (device) devices.set(device.deviceId, device);
      if (returned) await ledgers?.returnUnit(returned.charge, returned.at);
      written.push(affordable(records, noticeCharge));
      return { kind: 'created' };
    },
    async read(userId, sessionId) {
      const session = items.get(keyOf({ userId, sessionId }));
      return session ? { kind: 'open', session } : closed({ userId, sessionId });
    },
    find: async (userId, sessionId) => items.get(keyOf({ userId, sessionId })),
    list: async (userId) => [...items.values()].filter((session) => session.userId === userId),
    async countRefresh(of, { perMinute, perHour }, now) {
      const session = items.get(keyOf(of));
      if (!session) return closed(of);
      const [minute = '', hour = ''] = refreshCounts(of, now);
      const [inMinute, inHour] = [refreshes.get(minute) ?? 0, refreshes.get(hour) ?? 0];
      const until = (window: number) => (Math.floor(now / window) + 1) * window;
      if (inHour >= perHour) return { kind: 'refused', session, until: until(3600) };
      if (inMinute >= perMinute) return { kind: 'refused', session, until: until(60) };
      refreshes.set(minute, inMinute + 1).set(hour, inHour + 1);
      return { kind: 'counted', session, pastCounts: [] };
    },
    async returnRefresh(of, countedAt) {
      const counts = refreshCounts(of, countedAt);
      if (counts.some((name) => (refreshes.get(name) ?? 0) <= 0)) return;
      for (const name of counts) refreshes.set(name, (refreshes.get(name) ?? 0) - 1);
    },
    async rotate(read, now, usedFrom) {
      const session = items.get(keyOf(read));
      if (session?.generation !== read.generation) return { kind: 'lost', session };
      const generation = session.generation + 1;
      items.set(keyOf(read), {
        ...session,
        generation,
        rotatedAt: now,
        lastUsedAt: now,
        usedFrom,
      });
      return { kind: 'rotated' };
    },
    async end(of, reason, records, { forgotten, noticeCharge } = {}) {
      if (!items.delete(keyOf(of))) return { kind: 'gone' };
      ended.set(keyOf(of), endedAs(reason, of));
      if (forgotten && devices.get(forgotten)?.userId === of.userId) devices.delete(forgotten);
      written.push(affordable(records, noticeCharge));
      return { kind: 'ended' };
    },
    async eraseAll(userId, except) {
      for (const session of items.values())
        if (session.userId === userId && session.sessionId !== except) items.delete(keyOf(session));
      for (const key of ended.keys()) if (key.startsWith(`${userId} `)) ended.delete(key);
    },
  };
}

/** Remembered devices in memory, with the tries of each in an hour and a day of UTC. */
export function fakeDeviceStore(items = new Map<string, Device>()): DeviceStore {
  const tries = new Map<string, number>();
  const lost = new Map<string, number>();
  const windowsOf = (deviceId: string, now: number): [string, string] => {
    const instant = new Date(now * 1000).toISOString();
    return [`${deviceId} ${instant.slice(0, 13)}`, `${deviceId} ${instant.slice(0, 10)}`];
  };
  return {
    async countLogin({ userId, deviceId }, { perHour, perDay }, now) {
      const device = items.get(deviceId);
      if (device?.userId !== userId || device.expiresAt <= now) return { kind: 'unknown' };
      const [hour, day] = windowsOf(deviceId, now);
      const [thisHour, today] = [tries.get(hour) ?? 0, tries.get(day) ?? 0];
      if (today >= perDay)
        return { kind: 'refused', until: (Math.floor(now / 86_400) + 1) * 86_400 };
      if (thisHour >= perHour)
        return { kind: 'refused', until: (Math.floor(now / 3600) + 1) * 3600 };
      tries.set(hour, thisHour + 1).set(day, today + 1);
      return { kind: 'known', device };
    },
    async returnLogin({ deviceId }, countedAt, lostAnswers) {
      const [hour, day] = windowsOf(deviceId, countedAt);
      const [thisHour, today] = [tries.get(hour) ?? 0, tries.get(day) ?? 0];
      const lostToday = lost.get(day) ?? 0;
      if (thisHour <= 0 || today <= 0) return;
      if (lostAnswers && lostToday >= lostAnswers.most) return;
      if (lostAnswers) lost.set(day, lostToday + 1);
      tries.set(hour, thisHour - 1).set(day, today - 1);
    },
    list: async (userId) => [...items.values()].filter((device) => device.userId === userId),
    async forgetAll(userId, except) {
      for (const device of items.values())
        if (device.userId === userId && device.deviceId !== except) items.delete(device.deviceId);
    },
  };
}
