import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sessionKey } from '#core/crypto/keys.ts';
import { mintDeviceSecret } from '#core/session/device-secret.ts';
import { addDevice, readDevices } from '../../../lambdas/http/device-cookie.ts';
import { apiEvent } from '../../support/fakes/api-event.ts';
import { now, unique } from '../../support/fakes/builders.ts';
import { materialTo, ringOf } from '../core/crypto/keys.ts';

const { current } = ringOf(sessionKey, materialTo(1));
const month = 30 * 86_400;

function deviceOf(userId = randomUUID(), expiresAt = now + month) {
  const device = { userId, deviceId: unique(), expiresAt };
  return { secret: mintDeviceSecret(current, unique(), device), expiresAt };
}

const read = (cookie: string) =>
  readDevices(apiEvent('POST /sessions', { body: {}, headers: { cookie } }));
const sent = (line: string) => line.slice(0, line.indexOf(';'));
const maxAge = (line: string) => Number(/Max-Age=(\d+)/.exec(line)?.[1]);

describe('the cookie of remembered devices', () => {
  it('keeps the secrets of several people, newest first, and gives them back', () => {
    const [a, b] = [deviceOf(), deviceOf()];
    const line = addDevice([a.secret], b, now);
    expect(line).toBe(
      `__Host-hawiya-device=${b.secret}.${a.secret}; Max-Age=${month}; Path=/; Secure; HttpOnly; SameSite=Strict`,
    );
    expect(read(sent(line))).toEqual([b.secret, a.secret]);
    expect(read('')).toEqual([]);
  });

  it('replaces the earlier secret of the same person', () => {
    const userId = randomUUID();
    const [before, other, after] = [deviceOf(userId), deviceOf(), deviceOf(userId)];
    const line = addDevice([before.secret, other.secret], after, now);
    expect(read(sent(line))).toEqual([after.secret, other.secret]);
  });

  it('has places for five people, and the one remembered first gives way', () => {
    const people = Array.from({ length: 7 }, () => deviceOf());
    let held: string[] = [];
    let line = '';
    for (const person of people) {
      line = addDevice(held, person, now);
      held = read(sent(line));
    }
    expect(held).toEqual(
      people
        .slice(2)
        .reverse()
        .map(({ secret }) => secret),
    );
    expect(sent(line).length).toBeLessThan(440);
  });

  it('drops what has expired and what is no secret', () => {
    const [old, mine] = [deviceOf(randomUUID(), now), deviceOf()];
    const line = addDevice([old.secret, 'x', '', `${mine.secret}A`], mine, now);
    expect(read(sent(line))).toEqual([mine.secret]);
  });

  it('lives as long as the last of its secrets', () => {
    const [long, short] = [deviceOf(), deviceOf(randomUUID(), now + 60)];
    expect(maxAge(addDevice([long.secret], short, now))).toBe(month);
    expect(maxAge(addDevice([short.secret], long, now))).toBe(month);
  });

  it('gives no more than five texts to try, however many are sent', () => {
    expect(read(`__Host-hawiya-device=${'x.'.repeat(500)}x`)).toHaveLength(5);
  });
});
