import { beforeEach, describe, expect, it } from 'vitest';
import { guardDirectoryTokens, guardDirectoryUsers } from '#core/account/guard-directory.ts';
import { DirectoryUnavailable } from '#core/model/directory-unavailable.ts';
import type { DirectoryTokens } from '#core/ports/directory-tokens.ts';
import type { DirectoryUsers } from '#core/ports/directory-users.ts';
import { type FakeClock, fakeClock } from '../../../support/fakes/clock.ts';
import { fakeDirectory } from '../../../support/fakes/directory.ts';

let clock: FakeClock;
let asked: number;
/** The error of the directory's next answers. */
let trouble: Error | undefined;
let directory: DirectoryTokens & DirectoryUsers;

beforeEach(() => {
  clock = fakeClock();
  asked = 0;
  trouble = new DirectoryUnavailable(false);
  const pool = fakeDirectory(clock);
  directory = {
    ...pool,
    async authenticate(...who) {
      asked += 1;
      if (trouble) throw trouble;
      return pool.authenticate(...who);
    },
  };
});

const problem = (retryAfter: number) => ({
  code: 'unavailable',
  answerLost: false,
  extras: { retryAfter },
});

describe('the circuit before the directory', () => {
  const open = () => {
    const guarded = guardDirectoryTokens(clock, directory);
    return () => guarded.authenticate('sara', 'x');
  };

  it('opens after three failures, and then answers without asking, for the seconds it says', async () => {
    const authenticate = open();
    for (let n = 0; n < 3; n++) await expect(authenticate()).rejects.toMatchObject(problem(2));
    await expect(authenticate()).rejects.toMatchObject(problem(5));
    clock.advance(4);
    await expect(authenticate()).rejects.toMatchObject(problem(1));
    expect(asked).toBe(3);
    clock.advance(1);
    await expect(authenticate()).rejects.toMatchObject(problem(2));
    expect(asked).toBe(4);
  });

  it('admits one trial when it is half-open, and all calls after the trial was answered', async () => {
    const authenticate = open();
    for (let n = 0; n < 3; n++) await authenticate().catch(() => undefined);
    clock.advance(5);
    trouble = undefined;
    const trial = authenticate();
    await expect(authenticate()).rejects.toMatchObject(problem(1));
    expect(asked).toBe(4);
    expect(await trial).toEqual({ kind: 'rejected' });
    expect(await authenticate()).toEqual({ kind: 'rejected' });
  });

  it('counts failures in a row: a wrong password in between is an answer', async () => {
    const authenticate = open();
    for (let n = 0; n < 6; n++) {
      trouble = n % 3 === 2 ? undefined : new DirectoryUnavailable(true);
      await authenticate().catch(() => undefined);
    }
    expect(asked).toBe(6);
  });

  it('does not open for errors that say nothing about the directory’s health', async () => {
    const authenticate = open();
    trouble = new Error('A right is missing');
    for (let n = 0; n < 9; n++) await expect(authenticate()).rejects.toBe(trouble);
    expect(asked).toBe(9);
  });

  it('belongs to one operation: a throttled login closes no refresh', async () => {
    const guarded = guardDirectoryTokens(clock, directory);
    for (let n = 0; n < 9; n++) await guarded.authenticate('sara', 'x').catch(() => undefined);
    expect(await guarded.refresh('nonsense')).toEqual({ kind: 'rejected' });
    await guarded.revoke('nonsense');
  });

  it('passes the calls for users through unchanged', async () => {
    const guarded = guardDirectoryUsers(clock, directory);
    const created = await guarded.createUser('sara');
    const { userId } = created as { userId: string };
    expect(await guarded.setPassword(userId, 'river wolf teapot')).toEqual({ kind: 'set' });
    trouble = undefined;
    expect(await directory.authenticate('sara', 'river wolf teapot')).toHaveProperty('tokens');
    await guarded.signOutEverywhere(userId);
    await guarded.deleteUser(userId);
    expect(await guarded.setPassword(userId, 'river wolf teapot')).toEqual({ kind: 'unknown' });
  });
});
