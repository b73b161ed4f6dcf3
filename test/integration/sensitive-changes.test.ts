import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createKeyring } from '../../lambdas/core/crypto/keyring.ts';
import type { SessionSubject } from '../../lambdas/core/engine/require-session.ts';
import {
  confirmTotp,
  offerTotp,
  removeTotp,
  renewRecoveryCodes,
} from '../../lambdas/core/flows/authenticators.ts';
import { changePassword } from '../../lambdas/core/flows/change-password.ts';
import type { Records } from '../../lambdas/core/records.ts';
import { totpCode, totpStep } from '../../lambdas/core/values/totp.ts';
import { accountClaim, challenge, limits, origin, sessionLimits } from '../support/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { fakeUserPool } from '../support/fakes/user-pool.ts';
import { fakeStores } from '../support/stores.ts';

const username = 'sara';
const keyring = createKeyring({ current: 1, versions: { 1: 'k'.repeat(64) } });
const right = { currentPassword: 'river wolf teapot', origin };

let clock: FakeClock;
let written: Partial<Records>[];
let subject: SessionSubject;
let ports: ReturnType<typeof portsWith>;

const portsWith = () => {
  const pool = fakeUserPool(clock);
  const tokens = { accessToken: 'a', idToken: 'i', refreshToken: 'r', expiresIn: 900 };
  return {
    ...fakeStores(written),
    ...{ clock, limits, sessionLimits, entropy: randomBytes, keys: async () => keyring },
    users: { ...pool, setPassword: async () => ({ kind: 'set' }) as const },
    sessions: {
      ...pool,
      authenticate: async (_: string, password: string) =>
        password === right.currentPassword
          ? ({ kind: 'authenticated', tokens } as const)
          : ({ kind: 'rejected' } as const),
    },
    issuerName: 'Health portal',
  };
};

beforeEach(async () => {
  clock = fakeClock();
  written = [];
  ports = portsWith();
  subject = await loggedIn();
});

/** Whoever has an account, in a session. */
async function loggedIn(): Promise<SessionSubject> {
  const [userId, sessionId] = [randomUUID(), randomUUID()];
  const usernameTag = keyring.tag('username', username);
  const claim = accountClaim({ lapsesAt: clock() + 600 }, { usernameTag, createdAt: clock() });
  const holder = challenge({ status: 'in-use', usedBy: 'a', idHash: claim.holder });
  await ports.challenges.start(holder, [], clock());
  await ports.accounts.openPlaces(claim.account.phoneTag);
  await ports.accounts.claim(claim, clock());
  await ports.accounts.activate(claim, { usedBy: 'a', userId }, {});
  const times = { createdAt: clock(), rotatedAt: clock(), lastUsedAt: clock() };
  await ports.sessionStore.create(
    {
      ...{ userId, sessionId, usernameTag, generation: 1, ...times },
      ...{ expiresAt: clock() + 30 * 86_400, directoryToken: 'sealed', device: 'Chrome' },
    },
    { events: [] },
  );
  return { username, userId, sessionId };
}

const notices = () => written.flatMap(({ notices: told = [] }) => told).length;

const changes = {
  password: () =>
    changePassword(ports)(subject, { ...right, newPassword: 'glass ladder orbit seven' }),
  codes: () => renewRecoveryCodes(ports)({ subject, ...right }),
  removal: () => removeTotp(ports)({ subject, ...right }),
  async app() {
    const { secret, enrolment } = await offerTotp(ports)({ subject, ...right });
    const code = totpCode(secret, totpStep(clock()));
    return confirmTotp(ports)({ subject, origin, enrolment, code });
  },
};

const refusedFor = (retryAfter: number) => ({
  ...{ code: 'too_many_requests', extras: { retryAfter } },
});

describe('changes of what protects an account', () => {
  it('are six an hour, whatever is changed, and as many SMS; and it says when there is room again', async () => {
    await changes.password();
    await changes.app();
    await changes.removal();
    for (let n = 0; n < 3; n++) await changes.codes();
    expect(notices()).toBe(6);
    // It is half past: the hour has 1,800 seconds left.
    await expect(changes.password()).rejects.toMatchObject(refusedFor(1800));
    await expect(changes.codes()).rejects.toMatchObject(refusedFor(1800));
    await expect(changes.app()).rejects.toMatchObject(refusedFor(1800));
    expect(notices()).toBe(6);
    clock.advance(1800);
    await changes.password();
    expect(notices()).toBe(7);
  });

  it('are twelve a day', async () => {
    for (let hour = 0; hour < 2; hour++) {
      for (let n = 0; n < 6; n++) await changes.password();
      clock.advance(3600);
    }
    // 09:30.
    await expect(changes.password()).rejects.toMatchObject(refusedFor(14.5 * 3600));
    expect(notices()).toBe(12);
    clock.advance(14.5 * 3600);
    await changes.password();
  });

  it('are used up by nobody who lacks the password or the app', async () => {
    const wrong = { ...right, currentPassword: 'not this one' };
    const incorrect = { code: 'credentials_incorrect' };
    for (let n = 0; n < 2; n++) {
      await expect(renewRecoveryCodes(ports)({ subject, ...wrong })).rejects.toMatchObject(
        incorrect,
      );
      const { enrolment } = await offerTotp(ports)({ subject, ...right });
      await expect(
        confirmTotp(ports)({ subject, origin, enrolment, code: 'no code' }),
      ).rejects.toMatchObject({ code: 'code_incorrect' });
    }
    for (let n = 0; n < 6; n++) await changes.codes();
  });

  it('that change nothing are none: there was no app to remove', async () => {
    for (let n = 0; n < 7; n++) await changes.removal();
    await changes.codes();
    expect(notices()).toBe(1);
  });
});
