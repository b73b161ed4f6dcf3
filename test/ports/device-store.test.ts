import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Device, Session } from '#core/model/session.ts';
import { challenge, now, unique } from '../support/fakes/builders.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

const hour = 3600;
const day = 24 * hour;
const limits = { perHour: 3, perDay: 5 };

describe.each(implementations)('remembered devices in %s', (_, open) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await open();
  });

  const device = (partial: Partial<Device> = {}): Device => ({
    userId: randomUUID(),
    deviceId: unique(),
    label: 'Chrome, Android',
    createdAt: now,
    expiresAt: now + 30 * day,
    ...partial,
  });
  const session = ({ userId, deviceId }: Device): Session => ({
    userId,
    deviceId,
    sessionId: randomUUID(),
    usernameTag: unique(),
    generation: 1,
    rotatedAt: now,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: now + day,
    directoryToken: 'sealed',
    usedFrom: { addressTag: 'network', device: 'Chrome, Android' },
    device: 'Chrome, Android',
    ownDevice: true,
  });
  async function remembered(partial: Partial<Device> = {}): Promise<Device> {
    const made = device(partial);
    await stores.sessionStore.create(session(made), {}, { device: made });
    return made;
  }
  const times = async (count: number, of: Device, at: number) => {
    const results = await Promise.all(
      Array.from({ length: count }, () => stores.devices.countLogin(of, limits, at)),
    );
    return results.filter(({ kind }) => kind === 'known').length;
  };

  it('are known as they were remembered, and only to their user', async () => {
    const made = await remembered();
    expect(await stores.devices.countLogin(made, limits, now)).toEqual({
      kind: 'known',
      device: made,
    });
    const other = { ...made, userId: randomUUID() };
    expect(await stores.devices.countLogin(other, limits, now)).toEqual({ kind: 'unknown' });
    expect(await stores.devices.countLogin(device(), limits, now)).toEqual({ kind: 'unknown' });
  });

  it('are unknown from their expiry on, even before TTL deletes them', async () => {
    const made = await remembered({ expiresAt: now + 60 });
    expect((await stores.devices.countLogin(made, limits, now + 59)).kind).toBe('known');
    expect((await stores.devices.countLogin(made, limits, now + 60)).kind).toBe('unknown');
  });

  it('allow the hour’s and the day’s number of tries, however many are parallel', async () => {
    const made = await remembered();
    expect(await times(20, made, now)).toBe(3);
    expect(await times(20, made, now + hour)).toBe(2);
    expect(await times(20, made, now + 2 * hour)).toBe(0);
    expect(await times(20, made, now + day)).toBe(3);
  });

  it('are refused until the end of the window that is full', async () => {
    const made = await remembered();
    await times(3, made, now);
    const nextHour = Math.ceil(now / hour) * hour;
    expect(await stores.devices.countLogin(made, limits, now)).toEqual({
      kind: 'refused',
      until: nextHour,
    });
    await times(2, made, nextHour);
    expect(await stores.devices.countLogin(made, limits, nextHour)).toEqual({
      kind: 'refused',
      until: Math.ceil(now / day) * day,
    });
  });

  it('take back a try of its hour and day, and never below zero', async () => {
    const made = await remembered();
    await times(3, made, now);
    await stores.devices.returnLogin(made, now);
    expect(await times(20, made, now)).toBe(1);
    await Promise.all(Array.from({ length: 9 }, () => stores.devices.returnLogin(made, now)));
    expect(await times(20, made, now)).toBe(3);
    await stores.devices.returnLogin(device(), now);
    expect(await stores.devices.countLogin(device(), limits, now)).toEqual({ kind: 'unknown' });
  });

  it('take back so many tries of a day for lost answers', async () => {
    const made = await remembered();
    await times(3, made, now);
    const lost = () => stores.devices.returnLogin(made, now, { most: 2 });
    await Promise.all([lost(), lost(), lost(), lost()]);
    expect(await times(20, made, now)).toBe(2);
  });

  it('are all forgotten except one that is to stay', async () => {
    const userId = randomUUID();
    const [kept] = await Promise.all(Array.from({ length: 30 }, () => remembered({ userId })));
    await stores.devices.forgetAll(userId, kept?.deviceId);
    expect(await stores.devices.list(userId)).toEqual([kept]);
  });

  it('are listed and forgotten together, without those of other users', async () => {
    const userId = randomUUID();
    const mine = await Promise.all(Array.from({ length: 30 }, () => remembered({ userId })));
    const other = await remembered();
    const ids = (devices: Device[]) => devices.map(({ deviceId }) => deviceId).sort();
    expect(ids(await stores.devices.list(userId))).toEqual(ids(mine));
    await stores.devices.forgetAll(userId);
    expect(await stores.devices.list(userId)).toEqual([]);
    expect(await stores.devices.list(other.userId)).toEqual([other]);
  });
});

describe.each(implementations)('the session of a login in %s', (_, open) => {
  it('spends its ticket and remembers its device in one write, or is not opened', async () => {
    const { challenges, devices, sessionStore } = await open();
    const held = challenge({
      purpose: 'login',
      status: 'in-use',
      usedBy: 'me',
      ticketExpiresAt: now + 600,
    });
    await challenges.start(held, [], now);
    const userId = randomUUID();
    const openOne = (usedBy: string) => {
      const made: Device = {
        userId,
        deviceId: unique(),
        label: 'Chrome, Android',
        createdAt: now,
        expiresAt: now + day,
      };
      const opened: Session = {
        userId,
        sessionId: randomUUID(),
        usernameTag: unique(),
        generation: 1,
        rotatedAt: now,
        createdAt: now,
        lastUsedAt: now,
        expiresAt: now + day,
        directoryToken: 'sealed',
        usedFrom: { addressTag: 'network', device: 'Chrome, Android' },
        device: 'Chrome, Android',
        ownDevice: true,
      };
      const ticket = { idHash: held.idHash, usedBy };
      return sessionStore.create(opened, {}, { device: made, ticket });
    };

    expect(await openOne('somebody else')).toEqual({ kind: 'lost' });
    const twins = await Promise.all(Array.from({ length: 5 }, () => openOne('me')));
    expect(twins.filter(({ kind }) => kind === 'created')).toHaveLength(1);
    expect(await sessionStore.list(userId)).toHaveLength(1);
    expect(await devices.list(userId)).toHaveLength(1);
    expect((await challenges.find(held.idHash))?.status).toBe('spent');
  });
});
