import { beforeEach, describe, expect, it } from 'vitest';
import { exportAccount } from '#core/flows/export-account.ts';
import type { Account } from '#core/model/account.ts';
import { challenge, origin } from '../support/fakes/builders.ts';
import { type LoggedIn, loggedIn, openAccount } from '../support/world/logged-in.ts';

let me: LoggedIn;
beforeEach(async () => {
  me = await loggedIn();
});

const exported = ({ ports, subject } = me) => exportAccount(ports)(subject, origin);
const recorded = ({ ports, subject } = me) => ports.events.list(subject.userId);
const refusedFor = (retryAfter: number) => ({
  code: 'too_many_requests',
  extras: { retryAfter },
});

async function close({ ports, subject, clock }: LoggedIn): Promise<void> {
  const usernameTag = (await ports.tags()).tag('username', subject.username);
  const account = (await ports.accounts.find(usernameTag)) as Account;
  const inUse = challenge({ status: 'in-use', usedBy: 'a' });
  await ports.challenges.start(inUse, [], clock());
  await ports.accounts.beginClosing(account, clock());
  const ticket = { idHash: inUse.idHash, usedBy: 'a' };
  const closed = await ports.accounts.close(account, subject.sessionId, {}, ticket);
  expect(closed).toEqual({ kind: 'closed' });
}

describe('exports of an account', () => {
  it('are limited to five an hour, even in parallel, and a refused export writes no event', async () => {
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => exported()));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    // It is half past: the hour has 1,800 seconds left.
    await expect(exported()).rejects.toMatchObject(refusedFor(1800));
    expect(await recorded()).toHaveLength(5);
    me.clock.advance(1800);
    expect((await exported()).events).toHaveLength(6);
  });

  it('are limited to ten a day', async () => {
    for (let n = 0; n < 10; n++) {
      if (n === 5) me.clock.advance(3600);
      await exported();
    }
    me.clock.advance(3600);
    // It is 09:30.
    await expect(exported()).rejects.toMatchObject(refusedFor(14.5 * 3600));
    expect(await recorded()).toHaveLength(10);
  });

  it('are counted per account, so that the next owner of the name has the full number', async () => {
    for (let n = 0; n < 5; n++) await exported();
    await close(me);
    me.clock.advance(1);
    const next = { ...me, subject: await openAccount(me.ports) };
    expect((await exported(next)).events).toHaveLength(1);
  });

  it('are not used up by an ended session', async () => {
    const { ports, subject } = me;
    const ended = { ...subject, sessionId: 'of before' };
    for (let n = 0; n < 6; n++) {
      const asked = exportAccount(ports)(ended, origin);
      await expect(asked).rejects.toMatchObject({ code: 'unauthenticated' });
    }
    for (let n = 0; n < 5; n++) await exported();
  });
});
