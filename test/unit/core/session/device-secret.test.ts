import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sessionKey } from '#core/crypto/keys.ts';
import { findOwnDevice, mintDeviceSecret } from '#core/session/device-secret.ts';
import { now, unique } from '../../../support/fakes/builders.ts';
import { holding, materialTo, ringOf } from '../crypto/keys.ts';

const keyring = ringOf(sessionKey, materialTo(2));
const keys = holding(keyring);
const old = ringOf(sessionKey, materialTo(1));

const username = unique();
const device = { userId: randomUUID(), deviceId: unique(), expiresAt: now + 60 };
const held = mintDeviceSecret(keyring.current, username, device);

describe('the secret of a remembered device', () => {
  it('names the device, also after a rotation of the keys', async () => {
    expect(await findOwnDevice(keys, username, [held], now)).toEqual({
      ...device,
      keyVersion: 2,
    });
    const before = mintDeviceSecret(old.current, username, device);
    expect(await findOwnDevice(keys, username, [before], now)).toEqual({
      ...device,
      keyVersion: 1,
    });
  });

  it('of a key that is no longer accepted is worthless', async () => {
    const before = mintDeviceSecret(old.current, username, device);
    const retired = holding(ringOf(sessionKey, materialTo(2, 2)));
    expect(await findOwnDevice(retired, username, [before], now)).toBeUndefined();
    expect(await findOwnDevice(retired, username, [held], now)).toBeDefined();
  });

  it('is worthless with another username, so that it opens only its owner’s budget', async () => {
    expect(await findOwnDevice(keys, unique(), [held], now)).toBeUndefined();
  });

  it('is found among those of other people of the browser, in whatever place', async () => {
    const other = mintDeviceSecret(keyring.current, unique(), { ...device, userId: randomUUID() });
    for (const secrets of [
      [held, other],
      [other, held],
      ['x', other, other, other, held],
    ])
      expect(await findOwnDevice(keys, username, secrets, now)).toMatchObject(device);
    expect(await findOwnDevice(keys, username, [other, other], now)).toBeUndefined();
    expect(await findOwnDevice(keys, username, [], now)).toBeUndefined();
  });

  it('ends at its expiry, which cannot be moved', async () => {
    expect(await findOwnDevice(keys, username, [held], now + 59)).toMatchObject(device);
    expect(await findOwnDevice(keys, username, [held], now + 60)).toBeUndefined();
    const bytes = Buffer.from(held, 'base64url');
    bytes.writeUInt32BE(now + 10_000, 33);
    const moved = bytes.toString('base64url');
    expect(await findOwnDevice(keys, username, [moved], now)).toBeUndefined();
  });

  it('is worthless with any bit changed, and in any other spelling', async () => {
    const bytes = Buffer.from(held, 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(i) ^ 1, i);
      const text = changed.toString('base64url');
      expect(await findOwnDevice(keys, username, [text], now)).toBeUndefined();
    }
    for (const text of ['', 'x', held.slice(1), `${held}A`, `${held}=`]) {
      expect(await findOwnDevice(keys, username, [text], now)).toBeUndefined();
    }
  });
});
