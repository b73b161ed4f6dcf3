import { randomBytes, randomUUID } from 'node:crypto';
import { identityContext } from '#core/model/account.ts';
import type { Records } from '#core/model/records.ts';
import type { SessionSubject } from '#core/model/session.ts';
import {
  accountClaim,
  challenge,
  limits,
  origin,
  sessionLimits,
  unique,
} from '../fakes/builders.ts';
import { type FakeClock, fakeClock } from '../fakes/clock.ts';
import { fakeDirectory } from '../fakes/directory.ts';
import { testKeys } from '../fakes/keys.ts';
import { fakeStores, type Stores } from './stores.ts';

const username = 'sara';
const keys = testKeys();

/** The password and origin of a sensitive request. */
export const right = { currentPassword: 'river wolf teapot', origin };

const portsWith = (clock: FakeClock, stores: Stores) => {
  const pool = fakeDirectory(clock);
  const claims = { sub: randomUUID(), origin_jti: randomUUID(), auth_time: clock(), username };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  const accessToken = `header.${payload}.signature`;
  const tokens = { accessToken, idToken: 'i', refreshToken: 'r', expiresIn: 900 };
  return {
    ...stores,
    clock,
    limits,
    sessionLimits,
    entropy: randomBytes,
    ...keys.ports,
    directoryUsers: { ...pool, setPassword: async () => ({ kind: 'set' }) as const },
    directoryTokens: {
      ...pool,
      authenticate: async (_: string, password: string) =>
        password === right.currentPassword
          ? ({ kind: 'authenticated', tokens } as const)
          : ({ kind: 'rejected' } as const),
    },
    issuerName: 'Health portal',
  };
};

export type OwnPorts = ReturnType<typeof portsWith>;

export interface LoggedIn {
  readonly clock: FakeClock;
  /** The records that were written with changes. */
  readonly written: Partial<Records>[];
  readonly ports: OwnPorts;
  readonly subject: SessionSubject;
}

/** A person with an account and a session, on stores in memory. */
export async function loggedIn(): Promise<LoggedIn> {
  const clock = fakeClock();
  const written: Partial<Records>[] = [];
  const ports = portsWith(clock, fakeStores(written));
  return { clock, written, ports, subject: await openAccount(ports) };
}

/**
 * Opens the account of the fixed username and logs in. A second call plays the next owner of the
 * name.
 */
export async function openAccount(ports: OwnPorts): Promise<SessionSubject> {
  const { clock } = ports;
  const [userId, sessionId] = [randomUUID(), randomUUID()];
  const usernameTag = keys.tag('username', username);
  const identityTag = unique();
  const person = {
    usernameTag,
    identityTag,
    createdAt: clock(),
    ...keys.sealedPhone('+966551234567'),
    nationalId: keys.seal(identityContext(identityTag), '1•• 12'),
  };
  const claim = accountClaim({ lapsesAt: clock() + 600 }, person);
  const holder = challenge({ status: 'in-use', usedBy: 'a', idHash: claim.holder });
  await ports.challenges.start(holder, [], clock());
  await ports.accounts.openSlots(claim.account.phoneTag);
  await ports.accounts.claim(claim, clock());
  await ports.accounts.activate(claim, { usedBy: 'a', userId }, {});
  const times = { createdAt: clock(), rotatedAt: clock(), lastUsedAt: clock() };
  await ports.sessionStore.create(
    {
      userId,
      sessionId,
      usernameTag,
      generation: 1,
      ...times,
      expiresAt: clock() + 30 * 86_400,
      directoryToken: 'sealed',
      usedFrom: { addressTag: 'network', device: 'Chrome, Android' },
      device: 'Chrome',
      ownDevice: true,
    },
    { events: [] },
  );
  return { username, userId, sessionId };
}
