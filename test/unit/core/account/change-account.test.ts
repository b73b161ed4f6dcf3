import { describe, expect, it } from 'vitest';
import { changeAccount } from '#core/account/change-account.ts';
import type { KeyMaterial } from '#core/crypto/keyring.ts';
import { taggerWith, tagKey } from '#core/crypto/keys.ts';
import type { Account } from '#core/model/account.ts';
import type { AccountStore } from '#core/ports/account-store.ts';
import { accountClaim } from '../../../support/fakes/builders.ts';
import { materialTo, ringOf } from '../crypto/keys.ts';

const taggerOf = (material: KeyMaterial) => taggerWith(ringOf(tagKey, material));
const [first, second] = [taggerOf(materialTo(1)), taggerOf(materialTo(2))];
const accountBy = (of: typeof first, phone = '+966551234567'): Account => ({
  ...accountClaim().account,
  status: 'active',
  userId: 'user',
  usernameTag: of.tag('username', 'sara'),
  phoneTag: of.tag('phone', phone),
});
const change = { termsVersion: '2' };

/** A table on which one account stands. Every change is written down. */
function tableWith(standing: Account, material: KeyMaterial) {
  const calls: string[] = [];
  const changes: Parameters<AccountStore['change']>[] = [];
  const accounts = {
    async find(usernameTag: string) {
      calls.push('find');
      return usernameTag === standing.usernameTag ? standing : undefined;
    },
    async change(...args: Parameters<AccountStore['change']>) {
      calls.push('change');
      changes.push(args);
      return { kind: args[0].usernameTag === standing.usernameTag ? 'changed' : 'gone' };
    },
  };
  const ports = { accounts, tags: async () => taggerOf(material) };
  return { calls, changes, ports: ports as unknown as Parameters<typeof changeAccount>[0] };
}

describe('a change of an account', () => {
  it('is one call, also if the account is gone and no rotation runs', async () => {
    const read = accountBy(first);
    for (const standing of [read, { ...read, usernameTag: 'another' }]) {
      const { calls, ports } = tableWith(standing, materialTo(1));
      await changeAccount(ports)(read, change, {}, 'session');
      expect(calls).toEqual(['change']);
    }
  });

  it.each([materialTo(2), materialTo(2, 2)])(
    'follows an account that moved, and keeps the conditions of the account as it was read',
    async (material) => {
      const { changes, ports } = tableWith(
        { ...accountBy(second), sessionsValidFrom: 99 },
        material,
      );
      const read = { ...accountBy(first), sessionsValidFrom: 7 };
      expect(await changeAccount(ports)(read, change, {}, 'session')).toEqual({ kind: 'changed' });
      const [of, , , authority] = changes.at(-1) ?? [];
      expect(of).toMatchObject({ sessionsValidFrom: 7, userId: 'user' });
      expect(authority).toBe('session');
    },
  );

  it('takes the proof of a phone along to that phone’s newer tag, and to no other phone', async () => {
    const read = accountBy(first);
    const proof = { phoneTag: read.phoneTag };
    for (const [phone, proved] of [
      ['+966551234567', second.tag('phone', '+966551234567')],
      ['+966557654321', read.phoneTag],
    ] as const) {
      const { changes, ports } = tableWith(accountBy(second, phone), materialTo(2));
      await changeAccount(ports)(read, change, {}, proof);
      expect(changes.at(-1)?.[3]).toEqual({ phoneTag: proved });
    }
  });

  it('ends as gone where the account stands nowhere', async () => {
    const { calls, ports } = tableWith({ ...accountBy(first), usernameTag: 'x' }, materialTo(2));
    expect(await changeAccount(ports)(accountBy(first), change, {})).toEqual({ kind: 'gone' });
    expect(calls).toEqual(['change', 'find', 'find']);
  });
});
