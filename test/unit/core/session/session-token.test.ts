import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sessionKey } from '#core/crypto/keys.ts';
import { mintSessionToken, readSessionToken } from '#core/session/session-token.ts';
import { flippedBits, foreignMaterial, holding, materialTo, ringOf } from '../crypto/keys.ts';

const ring = (current = 1) => ringOf(sessionKey, materialTo(current));
const session = { userId: randomUUID(), sessionId: randomUUID(), generation: 1 };
const token = mintSessionToken(ring().current, session);
const read = (text: string, keyring = ring()) => readSessionToken(holding(keyring), text);

describe('a refresh token', () => {
  it('reads as the session and generation it was minted for', async () => {
    expect(await read(token)).toEqual({ ...session, keyVersion: 1 });
    const later = { ...session, generation: 2 ** 32 - 1 };
    expect(await read(mintSessionToken(ring().current, later))).toMatchObject(later);
  });

  it('is the same whenever it is made: two parallel requests get one token', () => {
    expect(mintSessionToken(ring().current, session)).toBe(token);
  });

  it('of version 1 is read after a rotation of the keys', async () => {
    expect(await read(token, ring(2))).toEqual({ ...session, keyVersion: 1 });
    expect(await read(mintSessionToken(ring(2).current, session), ring(1))).toBeUndefined();
  });

  it('of a key that is no longer accepted is refused', async () => {
    expect(await read(token, ringOf(sessionKey, materialTo(2, 2)))).toBeUndefined();
  });

  it('with any one bit flipped is refused: it reaches no other generation, session or user', async () => {
    const opened = await Promise.all(flippedBits(token).map((text) => read(text, ring(3))));
    expect(opened.filter((result) => result !== undefined)).toEqual([]);
  });

  it('of a foreign key, spelt differently, cut short or longer is refused', async () => {
    const foreign = ringOf(sessionKey, foreignMaterial);
    expect(await read(mintSessionToken(foreign.current, session))).toBeUndefined();
    for (const text of ['', 'nonsense', token.slice(1), `${token}=`, `${token}A`, ` ${token}`]) {
      expect(await read(text), text).toBeUndefined();
    }
  });

  it('is made for ids of any version of UUID, as Cognito’s are, and for nothing else', () => {
    const odd = { ...session, userId: '34d8e448-3051-7012-1d1a-5ba0b1a0b2f3' };
    expect(mintSessionToken(ring().current, odd)).toHaveLength(82);
    const none = { ...session, userId: 'sub' };
    expect(() => mintSessionToken(ring().current, none)).toThrow('no UUID');
  });
});
