import { beforeAll, describe, expect, it } from 'vitest';
import type { Account, AccountChange, Totp } from '#core/model/account.ts';
import type { SecurityEvent } from '#core/model/records.ts';
import type { FactorProof } from '#core/model/second-factor.ts';
import type { ChallengeFields } from '../support/fakes/builders.ts';
import { accountClaim, challenge, now, unique } from '../support/fakes/builders.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

const totp: Totp = { secret: 'sealed', confirmedAt: now, lastStep: 100 };
const step = (number: number, secret = 'sealed') =>
  ({ method: 'totp', step: number, secret }) as const;

describe.each(implementations)('second factors in %s', (_, open) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await open();
  });

  /** An active account with an app and two recovery codes. */
  async function account(): Promise<Account> {
    const claim = accountClaim();
    const { challenges, accounts } = stores;
    await accounts.openSlots(claim.account.phoneTag);
    const ticket = { status: 'in-use', usedBy: 'a', inUseUntil: now + 20 } as const;
    await challenges.start(challenge({ idHash: claim.holder, ...ticket }), [], now);
    await accounts.claim(claim, now);
    const userId = unique();
    await accounts.activate(claim, { usedBy: 'a', userId }, {});
    const active = { ...claim.account, userId, status: 'active' as const };
    const enrolled = { totp, recoveryCodes: ['one', 'two'], offeredAt: now };
    expect(await accounts.enrolTotp(active, enrolled, {})).toEqual({ kind: 'changed' });
    return active;
  }

  async function started(partial: ChallengeFields = {}): Promise<string> {
    const methods = ['totp', 'recovery-code', 'sms'] as const;
    const made = challenge({ purpose: 'login', methods, ...partial });
    await stores.challenges.start(made, [], now);
    return made.idHash;
  }

  const verifying = (idHash: string) =>
    ({ kind: 'verify', idHash, now, nonce: 'nonce', ticketExpiresAt: now + 600 }) as const;

  const take = (of: Account, proof: FactorProof, idHash: string, events: SecurityEvent[] = []) =>
    stores.accounts.takeFactor(of, proof, verifying(idHash), { events });

  const found = (of: Account) => stores.accounts.find(of.usernameTag);

  it('belong to the account after enrolment, and an offer is valid once', async () => {
    const of = await account();
    expect(await found(of)).toMatchObject({ totp, recoveryCodes: expect.anything() });
    expect(new Set((await found(of))?.recoveryCodes)).toEqual(new Set(['one', 'two']));
    const again = { totp: { ...totp, lastStep: 1 }, recoveryCodes: ['x'], offeredAt: now };
    expect(await stores.accounts.enrolTotp(of, again, {})).toEqual({ kind: 'gone' });
    expect(await found(of)).toMatchObject({ totp });
    const later = { ...again, offeredAt: now + 1 };
    expect(await stores.accounts.enrolTotp(of, later, {})).toEqual({ kind: 'changed' });
    expect(await found(of)).toMatchObject({ recoveryCodes: ['x'], totp: { lastStep: 1 } });
  });

  it.each<[string, AccountChange]>([
    ['removed', { remove: ['totp', 'recoveryCodes'], factorsChangedAt: now + 60 }],
    ['given new recovery codes', { recoveryCodes: ['new'], factorsChangedAt: now + 60 }],
  ])(
    'are not enrolled by an offer from before, or from the same second, after they were %s',
    async (_, change) => {
      const of = await account();
      expect(await stores.accounts.change(of, change, {})).toEqual({ kind: 'changed' });
      const left = await found(of);
      for (const offeredAt of [now, now + 59, now + 60]) {
        const repeated = { totp, recoveryCodes: ['fresh'], offeredAt };
        expect(await stores.accounts.enrolTotp(of, repeated, {})).toEqual({ kind: 'gone' });
      }
      expect(await found(of)).toEqual(left);
      const later = { totp, recoveryCodes: ['fresh'], offeredAt: now + 61 };
      expect(await stores.accounts.enrolTotp(of, later, {})).toEqual({ kind: 'changed' });
    },
  );

  it('verify a challenge, and return no money', async () => {
    const of = await account();
    const idHash = await started();
    expect(await take(of, step(101), idHash)).toEqual({ kind: 'taken' });
    const ticket = { status: 'verified', ticketExpiresAt: now + 600, verifiedWith: 'totp' };
    expect(await stores.challenges.find(idHash)).toMatchObject(ticket);
    expect(await found(of)).toMatchObject({ totp: { lastStep: 101 } });
    expect(await stores.challenges.countVerified(idHash)).toEqual({ kind: 'counted-before' });
  });

  it('are accepted from an account that is closing, because a reset can restore it', async () => {
    const of = await account();
    const read = await found(of);
    if (!read) throw new Error('There is no such account');
    expect(await stores.accounts.beginClosing(read, now)).toEqual({ kind: 'closing' });
    const closing = { ...of, status: 'closing' as const };
    expect(await take(closing, step(101), await started())).toEqual({ kind: 'taken' });
    const offer = { totp: { secret: 'new', confirmedAt: now, lastStep: 1 }, recoveryCodes: ['a'] };
    const enrolled = await stores.accounts.enrolTotp(
      of,
      { ...offer, offeredAt: now + 10 ** 6 },
      {},
    );
    expect(enrolled).toEqual({ kind: 'gone' });
  });

  it('accept a step of the app once and in order: one of twenty parallel requests', async () => {
    const of = await account();
    for (const old of [99, 100]) {
      expect(await take(of, step(old), await started())).toEqual({ kind: 'used' });
    }
    const ids = await Promise.all(Array.from({ length: 20 }, () => started()));
    const results = await Promise.all(ids.map((idHash) => take(of, step(101), idHash)));
    expect(results.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'used')).toHaveLength(19);
    const verified = await Promise.all(ids.map((idHash) => stores.challenges.find(idHash)));
    expect(verified.filter((found) => found?.status === 'verified')).toHaveLength(1);
  });

  it('accept a recovery code once, one of twenty parallel requests, and keep the others', async () => {
    const of = await account();
    const one = { method: 'recovery-code', tag: 'one' } as const;
    const ids = await Promise.all(Array.from({ length: 20 }, () => started()));
    const results = await Promise.all(ids.map((idHash) => take(of, one, idHash)));
    expect(results.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'used')).toHaveLength(19);
    expect(await found(of)).toMatchObject({ recoveryCodes: ['two'] });
    await take(of, { ...one, tag: 'two' }, await started());
    expect((await found(of))?.recoveryCodes ?? []).toEqual([]);
  });

  it('write the event together with the code, and none when the code was not taken', async () => {
    const of = await account();
    const event = (id: string): SecurityEvent => ({
      id,
      type: 'recovery-code.used',
      at: now,
      userId: of.userId ?? '',
      origin: { addressTag: 'tag', device: 'Chrome, Android' },
    });
    const one = { method: 'recovery-code', tag: 'one' } as const;
    await take(of, one, await started(), [event('1')]);
    await take(of, one, await started(), [event('2')]);
    const events = await stores.events.list(of.userId ?? '');
    expect(events.map(({ id }) => id)).toEqual(['1']);
  });

  it.each<[string, ChallengeFields]>([
    ['expired', { expiresAt: now }],
    ['verified before', { status: 'verified' }],
    ['not to be answered so', { methods: ['sms'] }],
    ['one of a flow that has no methods', { methods: undefined }],
  ])('keep a code when its challenge is %s', async (_case, partial) => {
    const of = await account();
    expect(await take(of, step(101), await started(partial))).toEqual({ kind: 'lost' });
    expect(await found(of)).toMatchObject({ totp });
  });

  it('verify a challenge that was never sent', async () => {
    const of = await account();
    const unsent = await started({ sends: 0, expiresAt: undefined, asked: undefined });
    expect(await take(of, step(101), unsent)).toEqual({ kind: 'taken' });
  });

  it('are refused for another user, and after another app was enrolled', async () => {
    const of = await account();
    const stranger = { ...of, userId: unique() };
    expect(await take(stranger, step(101), await started())).toEqual({ kind: 'used' });
    expect(await take(of, step(101, 'other'), await started())).toEqual({ kind: 'used' });
    const enrolled = { totp, recoveryCodes: ['x'], offeredAt: now + 1 };
    expect(await stores.accounts.enrolTotp(stranger, enrolled, {})).toEqual({ kind: 'gone' });
  });

  it('are noted on a ticket that this request has in use, and on no other', async () => {
    const of = await account();
    const inUse = { status: 'in-use', usedBy: 'me', inUseUntil: now + 20 } as const;
    const idHash = await started({ purpose: 'password-reset', methods: undefined, ...inUse });
    const use = { kind: 'ticket', idHash, usedBy: 'me' } as const;
    const others = { ...use, usedBy: 'another' };
    const lost = await stores.accounts.takeFactor(of, step(101), others, {});
    expect(lost).toEqual({ kind: 'lost' });
    const taken = await stores.accounts.takeFactor(of, step(101), use, {});
    expect(taken).toEqual({ kind: 'taken' });
    const noted = { status: 'in-use', usedBy: 'me', secondFactor: 'totp' };
    expect(await stores.challenges.find(idHash)).toMatchObject(noted);
  });

  it('change at once: new codes replace the old ones, and removing the app removes them too', async () => {
    const of = await account();
    await stores.accounts.change(of, { recoveryCodes: ['new'] }, {});
    expect(await found(of)).toMatchObject({ recoveryCodes: ['new'] });
    const old = { method: 'recovery-code', tag: 'one' } as const;
    expect(await take(of, old, await started())).toEqual({ kind: 'used' });
    await stores.accounts.change(of, { remove: ['totp', 'recoveryCodes'] }, {});
    const left = await found(of);
    expect([left?.totp, left?.recoveryCodes]).toEqual([undefined, undefined]);
    expect(await take(of, step(101), await started())).toEqual({ kind: 'used' });
  });

  describe('and the attempts of a challenge', () => {
    it('are counted for a method only when the challenge offers it', async () => {
      const at = { now, maxAttempts: 5, method: 'totp' } as const;
      const offered = await started();
      const counted = await stores.challenges.countAttempt(offered, at);
      expect(counted).toMatchObject({ kind: 'counted', challenge: { attempts: 1 } });
      for (const partial of [{ methods: ['sms'] as const }, { methods: undefined }]) {
        const refused = await stores.challenges.countAttempt(await started(partial), at);
        expect(refused).toMatchObject({ kind: 'unchanged', challenge: { attempts: 0 } });
      }
    });

    it('have the same limit with a ticket as without, however many are parallel', async () => {
      const inUse = { status: 'in-use', usedBy: 'me', inUseUntil: now + 20, attempts: 2 } as const;
      const idHash = await started(inUse);
      const { challenges } = stores;
      const at = { usedBy: 'me', maxAttempts: 5 };
      const others = await challenges.countTicketAttempt(idHash, { ...at, usedBy: 'another' });
      expect(others).toEqual({ kind: 'refused' });
      const results = await Promise.all(
        Array.from({ length: 8 }, () => challenges.countTicketAttempt(idHash, at)),
      );
      expect(results.filter(({ kind }) => kind === 'counted')).toHaveLength(3);
    });
  });
});
