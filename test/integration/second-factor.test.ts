import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { leaseSeconds } from '#core/challenge/claim-ticket.ts';
import { mintChallengeId } from '#core/challenge/id.ts';
import { verifyFactorCode } from '#core/challenge/verify-factor-code.ts';
import { totpCode, totpSecret, totpStep } from '#core/crypto/totp.ts';
import { completePasswordReset } from '#core/flows/complete-password-reset.ts';
import { type Account, totpContext } from '#core/model/account.ts';
import { usernameContext } from '#core/model/challenge.ts';
import { recoveryCodeTag } from '#core/model/second-factor.ts';
import type { Ports } from '#core/ports/index.ts';
import {
  accountClaim,
  challenge,
  limits,
  origin,
  sessionLimits,
  spending,
  unique,
} from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { fakeDirectory } from '../support/fakes/directory.ts';
import { type TestKeys, testKeys } from '../support/fakes/keys.ts';
import { fakeRetryQueue } from '../support/fakes/retry-queue.ts';
import { fakeSmsGateway } from '../support/fakes/sms-gateway.ts';
import { implementations } from '../support/world/stores.ts';

const username = 'sara.q';
const newPassword = 'a perfectly fine passphrase';
const recoveryCode = 'ABCDEFGH12345678';
const secret = totpSecret(Buffer.from('12345678901234567890'));

describe.each(implementations)('the second factor of a reset on %s', (_, open) => {
  let ports: Ports;
  let keys: TestKeys;
  let clock: FakeClock;
  let account: Account;
  let ticket: string;
  let idHash: string;

  beforeEach(async () => {
    clock = fakeClock();
    keys = testKeys();
    const pool = fakeDirectory(clock);
    ports = {
      ...(await open()),
      clock,
      limits,
      reviewNumbers: [],
      spending,
      directoryUsers: pool,
      directoryTokens: pool,
      sms: fakeSmsGateway(),
      retries: fakeRetryQueue(),
      entropy: randomBytes,
      ...keys.ports,
      portalHost: 'portal.example.gov.sa',
      termsVersion: '1',
      sessionLimits,
    };
    account = await protectedAccount();
    ({ ticket, idHash } = await verifiedReset());
  });

  /** An account with an app, and one recovery code. */
  async function protectedAccount(): Promise<Account> {
    const now = clock();
    const phone = keys.sealedPhone('+966551234567');
    const claim = accountClaim({ lapsesAt: now + 600 }, { createdAt: now, ...phone });
    await ports.accounts.openSlots(phone.phoneTag);
    const inUse = { status: 'in-use', usedBy: 'a', inUseUntil: now + 20 } as const;
    await ports.challenges.start(challenge({ idHash: claim.holder, ...inUse }), [], now);
    await ports.accounts.claim(claim, now);
    const created = await ports.directoryUsers.createUser(username);
    const userId = created.kind === 'created' ? created.userId : '';
    await ports.accounts.activate(claim, { usedBy: 'a', userId }, {});
    const active = { ...claim.account, userId, status: 'active' as const };
    const { usernameTag } = active;
    const sealed = keys.seal(totpContext(usernameTag), secret);
    const totp = { secret: sealed, confirmedAt: now, lastStep: 0 };
    const recoveryCodes = [recoveryCodeTag(keys.tagger, claim, recoveryCode)];
    await ports.accounts.enrolTotp(active, { totp, recoveryCodes, offeredAt: now }, {});
    return active;
  }

  it.each(['recovery-code', 'totp'] as const)(
    'is accepted each time for a keyed request that overlaps itself, and counts no failure (%s)',
    async (method) => {
      const { usernameTag, userId, phoneTag } = account;
      const commitment = { purpose: 'login', accountTag: usernameTag, phoneTag } as const;
      const { id, hash } = mintChallengeId(randomBytes, commitment);
      const ledgerTag = unique();
      await ports.challenges.start(
        challenge({
          idHash: hash,
          purpose: 'login',
          phoneTag,
          methods: ['sms', method],
          ledgerTag,
          accountTag: usernameTag,
          ...(userId && { userId }),
        }),
        [],
        clock(),
      );
      const code = method === 'totp' ? totpCode(secret, totpStep(clock())) : recoveryCode;
      const verify = () => {
        const asked = { id, method, code, origin, idempotencyKey: 'one-key-for-all-of-them' };
        return verifyFactorCode(ports)(asked);
      };
      const answers = await Promise.all([verify(), verify(), verify()]);
      expect(new Set(answers.map(({ ticket }) => ticket)).size).toBe(1);
      const counts = await ports.ledgers.counts(
        { scope: 'account-login', tag: ledgerTag },
        clock(),
      );
      expect(counts.failures).toBe(0);
    },
  );

  /** A reset whose SMS code was verified. */
  async function verifiedReset(attempts = 0) {
    const now = clock();
    const { usernameTag: accountTag, phone, phoneTag } = account;
    const purpose = 'password-reset' as const;
    const id = mintChallengeId(ports.entropy, { purpose, accountTag, phoneTag });
    const sealed = keys.seal(usernameContext(id.hash), username);
    const verified = { status: 'verified', ticketExpiresAt: now + 600, attempts } as const;
    await ports.challenges.start(
      challenge({
        idHash: id.hash,
        purpose,
        ...verified,
        username: sealed,
        phone,
        phoneTag,
        createdAt: now,
        accountTag,
      }),
      [],
      now,
    );
    return { ticket: await keys.ticket(id, now), idHash: id.hash };
  }

  const appCode = () => totpCode(secret, totpStep(clock()));
  const byApp = () => ({ method: 'totp', code: appCode() }) as const;
  const wrong = () =>
    ({
      method: 'totp',
      code: String((Number(appCode()) + 1) % 10 ** 6).padStart(6, '0'),
    }) as const;
  const reset = (
    secondFactor?: { method: 'totp' | 'recovery-code'; code: string },
    { with: used = ports, password = newPassword } = {},
  ) => completePasswordReset(used)({ ticket, newPassword: password, secondFactor, origin });

  it('is asked for once the phone is proved, and the ticket stays usable', async () => {
    await expect(reset()).rejects.toMatchObject({
      code: 'second_factor_required',
      extras: { methods: ['totp', 'recovery-code'] },
    });
    expect(await ports.challenges.find(idHash)).toMatchObject({ status: 'verified' });
    await expect(reset(wrong())).rejects.toMatchObject({ code: 'code_incorrect' });
    await reset(byApp());
    expect(await ports.challenges.find(idHash)).toMatchObject({ status: 'spent' });
  });

  it('is not used up by a password that is refused at once', async () => {
    await expect(reset(byApp(), { password: 'short' })).rejects.toMatchObject({
      code: 'password_rejected',
    });
    expect((await ports.accounts.find(account.usernameTag))?.totp?.lastStep).toBe(0);
  });

  it('is used up once by a request that dies after it and resumes with the same code', async () => {
    const dying: Ports = {
      ...ports,
      directoryUsers: {
        ...ports.directoryUsers,
        setPassword: () => Promise.reject(new Error('died')),
      },
    };
    const given = byApp();
    await expect(reset(given, { with: dying })).rejects.toThrow('died');
    const used = (await ports.accounts.find(account.usernameTag))?.totp?.lastStep;
    expect(used).toBe(totpStep(clock()));
    await reset(given);
    expect(await ports.challenges.find(idHash)).toMatchObject({
      status: 'spent',
      secondFactor: 'totp',
      attempts: 1,
    });
  });

  it('stays valid for another password with the same ticket, without a further code', async () => {
    const dying: Ports = {
      ...ports,
      directoryUsers: { ...ports.directoryUsers, setPassword: async () => ({ kind: 'rejected' }) },
    };
    const refused = reset({ method: 'recovery-code', code: recoveryCode }, { with: dying });
    await expect(refused).rejects.toMatchObject({ code: 'password_rejected' });
    await reset(undefined, { password: 'another fine passphrase' });
    expect((await ports.accounts.find(account.usernameTag))?.recoveryCodes ?? []).toEqual([]);
  });

  it('is never reported as wrong to a parallel copy of the request that gave it', async () => {
    const given = byApp();
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => reset(given)));
    const codes = results.map((result) =>
      result.status === 'rejected' ? result.reason.code : 'done',
    );
    expect(codes).toContain('done');
    expect(codes).not.toContain('code_incorrect');
  });

  it('counts for a parallel copy that finds the last attempt taken by the first request', async () => {
    ({ ticket, idHash } = await verifiedReset(limits.attemptsPerChallenge - 1));
    const given = byApp();
    const dying: Ports = {
      ...ports,
      directoryUsers: {
        ...ports.directoryUsers,
        setPassword: () => Promise.reject(new Error('died')),
      },
    };
    const late: Ports = {
      ...ports,
      challenges: {
        ...ports.challenges,
        async countTicketAttempt(...of) {
          await expect(reset(given, { with: dying })).rejects.toThrow('died');
          return ports.challenges.countTicketAttempt(...of);
        },
      },
    };
    await reset(given, { with: late });
    expect(await ports.challenges.find(idHash)).toMatchObject({ status: 'spent', attempts: 5 });
  });

  it('leaves the ticket to the first request when a parallel copy finds the last attempt taken and no code accepted yet', async () => {
    ({ ticket, idHash } = await verifiedReset(limits.attemptsPerChallenge - 1));
    const given = byApp();
    let twin: Promise<unknown> | undefined;
    const slow: Ports = {
      ...ports,
      accounts: {
        ...ports.accounts,
        async takeFactor(...of) {
          twin ??= reset(given).catch((error) => error.code);
          expect(await twin).toBe('challenge_locked');
          return ports.accounts.takeFactor(...of);
        },
      },
    };
    await reset(given, { with: slow });
    expect(twin).toBeDefined();
    expect(await ports.challenges.find(idHash)).toMatchObject({ status: 'spent' });
  });

  it('shares the challenge’s attempts with the SMS code, and counts failures in the account’s ledgers', async () => {
    ({ ticket, idHash } = await verifiedReset(3));
    await expect(reset(wrong())).rejects.toMatchObject({ extras: { attemptsLeft: 1 } });
    await expect(reset(wrong())).rejects.toMatchObject({ extras: { attemptsLeft: 0 } });
    await expect(reset(wrong())).rejects.toMatchObject({ code: 'challenge_locked' });
    clock.advance(leaseSeconds);
    await expect(reset(byApp())).rejects.toMatchObject({ code: 'challenge_locked' });
    for (const scope of ['account', 'account-year'] as const) {
      const ledger = { scope, tag: account.usernameTag };
      expect(await ports.ledgers.counts(ledger, clock())).toMatchObject({ failures: 2 });
    }
  });

  it('stays required after the directory’s user was deleted outside Hawiya’s API', async () => {
    await ports.accounts.bindUser(account, unique());
    await expect(reset()).rejects.toMatchObject({ code: 'second_factor_required' });
    await reset({ method: 'recovery-code', code: recoveryCode });
  });

  it('is not asked of an account that has none', async () => {
    await ports.accounts.change(account, { remove: ['totp', 'recoveryCodes'] }, {});
    await reset();
    expect(await ports.challenges.find(idHash)).toMatchObject({ status: 'spent' });
  });
});
