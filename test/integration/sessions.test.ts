import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { logOut } from '#core/flows/log-out.ts';
import { refreshSession } from '#core/flows/refresh-session.ts';
import { DirectoryUnavailable } from '#core/model/directory-unavailable.ts';
import type { Origin, Records } from '#core/model/records.ts';
import type { SessionTokens } from '#core/model/session.ts';
import type { Ports } from '#core/ports/index.ts';
import { openSession } from '#core/session/open-session.ts';
import { requireSession } from '#core/session/require-session.ts';
import { accountClaim, challenge, origin, sessionLimits } from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { fakeDirectory } from '../support/fakes/directory.ts';
import { testKeys } from '../support/fakes/keys.ts';
import { fakeStores } from '../support/world/stores.ts';

const username = 'sara';
const password = 'river wolf teapot';
const keys = testKeys();
const unauthenticated = expect.objectContaining({ code: 'unauthenticated' });

/** Races that the end-to-end tests cannot time: a request between two calls of another one. */
describe('a session', () => {
  let ports: Pick<
    Ports,
    | ('accounts' | 'clock' | 'entropy' | 'tags' | 'directoryUsers')
    | 'ledgers'
    | ('sessionKeys' | 'usernameSealKeys' | 'sessionLimits' | 'sessionStore' | 'directoryTokens')
  >;
  let clock: FakeClock;
  let written: Partial<Records>[];
  let userId: string;
  const usernameTag = keys.tag('username', username);

  beforeEach(async () => {
    clock = fakeClock();
    written = [];
    const pool = fakeDirectory(clock);
    const stores = fakeStores(written);
    ports = {
      ...stores,
      clock,
      ...keys.ports,
      entropy: randomBytes,
      sessionLimits,
      directoryUsers: pool,
      directoryTokens: pool,
    };
    const claim = accountClaim({}, { usernameTag });
    const held = { status: 'in-use', usedBy: 'a', idHash: claim.holder } as const;
    await stores.challenges.start(challenge(held), [], clock());
    await stores.accounts.openSlots(claim.account.phoneTag);
    await stores.accounts.claim(claim, clock());
    const created = await pool.createUser(username);
    userId = created.kind === 'created' ? created.userId : '';
    await pool.setPassword(userId, password);
    await stores.accounts.activate(claim, { usedBy: 'a', userId }, {});
  });

  async function signIn() {
    const result = await ports.directoryTokens.authenticate(username, password);
    if (result.kind === 'rejected') throw new Error('The login was rejected');
    return result.tokens;
  }

  const open = async (tokens = signIn(), ownDevice = true) =>
    openSession(ports)({ account: { usernameTag }, tokens: await tokens, origin, ownDevice });
  const refresh = ({ refreshToken }: SessionTokens, on = ports) =>
    refreshSession(on)({ refreshToken, origin });
  const sessions = () => ports.sessionStore.list(userId);
  const events = () => written.flatMap(({ events = [] }) => events).map(({ type }) => type);
  const change = (sessionsValidFrom: number) =>
    ports.accounts.change({ usernameTag, userId, status: 'active' }, { sessionsValidFrom }, {});

  it('opens nothing when a reset overtook the login that opened it', async () => {
    const passed = signIn();
    await passed;
    clock.advance(2);
    await change(clock());
    clock.advance(2);
    const tokens = await open(passed);
    const [session] = await sessions();
    const subject = { username, userId, sessionId: session?.sessionId ?? '' };
    await expect(requireSession(ports)(subject)).rejects.toEqual(unauthenticated);
    await expect(refresh(tokens)).rejects.toEqual(unauthenticated);
    expect(await sessions()).toEqual([]);
  });

  it('lives when the new password opens it in the same second as the reset', async () => {
    await change(clock());
    expect(await refresh(await open())).toHaveProperty('refreshToken');
  });

  it('is not brought back by a refresh when it ends between the refresh’s calls', async () => {
    const tokens = await open();
    const ending: typeof ports.directoryTokens = {
      ...ports.directoryTokens,
      async refresh(directoryToken) {
        const fresh = await ports.directoryTokens.refresh(directoryToken);
        await logOut(ports)({ refreshToken: tokens.refreshToken, origin });
        return fresh;
      },
    };
    const refreshed = refresh(tokens, { ...ports, directoryTokens: ending });
    await expect(refreshed).rejects.toEqual(unauthenticated);
    expect(await sessions()).toEqual([]);
    expect(events()).not.toContain('session.reuse-detected');
  });

  it('survives an outage of the directory: its token stays valid for a later try', async () => {
    const tokens = await open();
    const down = async () => Promise.reject(new Error('down'));
    const sessionsDown = { ...ports.directoryTokens, refresh: down };
    await expect(refresh(tokens, { ...ports, directoryTokens: sessionsDown })).rejects.toThrow(
      'down',
    );
    clock.advance(3600);
    expect(await refresh(tokens)).toHaveProperty('refreshToken');
  });

  it('ends after a replay, with an event, even while the directory is down', async () => {
    const tokens = await open();
    const newest = await refresh(tokens);
    clock.advance(sessionLimits.rotationGraceSeconds + 1);
    const down = async () => Promise.reject(new Error('down'));
    const revokeDown = { ...ports, directoryTokens: { ...ports.directoryTokens, revoke: down } };
    await expect(refresh(tokens, revokeDown)).rejects.toThrow('down');
    expect(events().at(-1)).toBe('session.reuse-detected');
    await expect(refresh(newest)).rejects.toEqual(unauthenticated);
  });

  it('accepts an old token within the grace, and treats it as a replay one second later', async () => {
    const tokens = await open();
    const newest = await refresh(tokens);
    clock.advance(sessionLimits.rotationGraceSeconds);
    expect((await refresh(tokens)).refreshToken).toBe(newest.refreshToken);
    clock.advance(1);
    await expect(refresh(tokens)).rejects.toEqual(unauthenticated);
  });

  describe('that is refreshed in a burst', () => {
    let asked: number;
    /** The ports with a directory that counts its calls, and that may be down. */
    const counting = (down?: Error) => ({
      ...ports,
      directoryTokens: {
        ...ports.directoryTokens,
        async refresh(directoryToken: string) {
          asked += 1;
          if (down) throw down;
          return ports.directoryTokens.refresh(directoryToken);
        },
      },
    });
    const tried = (tokens: SessionTokens, on: typeof ports) =>
      refresh(tokens, on).then(
        () => 'refreshed',
        ({ code }: { code: string }) => code,
      );
    beforeEach(() => {
      asked = 0;
    });

    it('asks the directory thirty times in a minute, of six hundred requests', async () => {
      const tokens = await open();
      const on = counting();
      const answers = await Promise.all(Array.from({ length: 600 }, () => tried(tokens, on)));
      expect(asked).toBe(30);
      expect(answers.filter((answer) => answer === 'refreshed')).toHaveLength(30);
      expect(answers.filter((answer) => answer === 'too_many_requests')).toHaveLength(570);
      expect(await sessions()).toHaveLength(1);
    });

    it('is told exactly how long to wait, and lives on', async () => {
      let tokens = await open();
      clock.advance(7);
      for (let n = 0; n < 30; n++) tokens = await refresh(tokens);
      const wait = 60 - (clock() % 60);
      await expect(refresh(tokens)).rejects.toMatchObject({
        code: 'too_many_requests',
        extras: { retryAfter: wait, limit: 'session' },
      });
      clock.advance(wait - 1);
      await expect(refresh(tokens)).rejects.toThrow('too_many_requests');
      clock.advance(1);
      expect(await refresh(tokens)).toHaveProperty('refreshToken');
    });

    it('makes no more than 240 refreshes an hour', async () => {
      let tokens = await open();
      clock.advance(3600 - (clock() % 3600));
      for (let minute = 0; minute < 8; minute++) {
        for (let n = 0; n < 30; n++) tokens = await refresh(tokens);
        clock.advance(60);
      }
      await expect(refresh(tokens)).rejects.toMatchObject({ extras: { retryAfter: 52 * 60 } });
    });

    it('ends at a replay although its budget is full', async () => {
      const stolen = await open();
      let tokens: SessionTokens = stolen;
      for (let n = 0; n < 30; n++) tokens = await refresh(tokens);
      await expect(refresh(stolen)).rejects.toEqual(unauthenticated);
      expect(events().at(-1)).toBe('session.reuse-detected');
      expect(await sessions()).toEqual([]);
    });

    it('is not counted while the directory gives no answer', async () => {
      const tokens = await open();
      const down = counting(new DirectoryUnavailable(false));
      for (let n = 0; n < 100; n++) expect(await tried(tokens, down)).toBe('unavailable');
      expect(await refresh(tokens)).toHaveProperty('refreshToken');
    });
  });

  it('ends with the next refresh after the directory has signed it out', async () => {
    const tokens = await open();
    await ports.directoryUsers.signOutEverywhere(userId);
    await expect(refresh(tokens)).rejects.toEqual(unauthenticated);
    expect(await sessions()).toEqual([]);
    expect(events().at(-1)).toBe('session.ended');
  });

  describe('whose old token is used again', () => {
    const { rotationGraceSeconds } = sessionLimits;
    const here: Origin = origin;
    const elsewhere: Origin = { addressTag: 'another network', device: 'Firefox, Windows' };
    const from = (tokens: SessionTokens, place: Origin) =>
      refreshSession(ports)({ refreshToken: tokens.refreshToken, origin: place });
    const told = () => written.flatMap(({ notices = [] }) => notices).map(({ kind }) => kind);

    async function replayed(place: Origin, refreshedFrom = here) {
      const tokens = await open();
      await from(tokens, refreshedFrom);
      clock.advance(rotationGraceSeconds + 1);
      await expect(from(tokens, place)).rejects.toEqual(unauthenticated);
      return tokens;
    }

    it('has its owner told, once, where network and device both differ from its last use', async () => {
      const stolen = await replayed(elsewhere);
      expect(told()).toEqual(['token-reused']);
      await expect(from(stolen, elsewhere)).rejects.toEqual(unauthenticated);
      expect(told()).toEqual(['token-reused']);
    });

    it('has its owner told where the thief refreshed first and the owner comes second', async () => {
      await replayed(here, elsewhere);
      expect(told()).toEqual(['token-reused']);
    });

    it('tells nobody of a lost answer: the device is the same, on this network or the next', async () => {
      await replayed(here);
      await replayed({ ...here, addressTag: 'another network' });
      await replayed({ ...here, device: 'Firefox, Windows' });
      expect(told()).toEqual([]);
      expect(events().filter((type) => type === 'session.reuse-detected')).toHaveLength(3);
    });

    it('costs three SMS a day at most, and ends every time', async () => {
      for (let n = 0; n < 5; n++) await replayed(elsewhere);
      expect(told()).toHaveLength(3);
      expect(await sessions()).toEqual([]);
      clock.advance(86_400);
      await replayed(elsewhere);
      expect(told()).toHaveLength(4);
    });

    it('counts a burst of replays as one notice: the owner is told of the next thief as well', async () => {
      for (let n = 1; n <= 3; n++) {
        const stolen = await open();
        await from(stolen, here);
        clock.advance(rotationGraceSeconds + 1);
        const burst = Array.from({ length: 10 }, () => from(stolen, elsewhere));
        const answers = await Promise.allSettled(burst);
        expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
        expect(told()).toHaveLength(n);
      }
    });

    it('tells nobody once a reset has ended it', async () => {
      const tokens = await open();
      await from(tokens, here);
      clock.advance(rotationGraceSeconds + 1);
      await change(clock());
      await expect(from(tokens, elsewhere)).rejects.toEqual(unauthenticated);
      expect(told()).toEqual([]);
    });
  });

  describe('that has ended', () => {
    const reasonFor = (tokens: SessionTokens) =>
      refresh(tokens).then(
        () => 'refreshed',
        ({ code, extras }) => [code, extras.reason],
      );
    const subject = async () => ({
      username,
      userId,
      sessionId: (await sessions())[0]?.sessionId ?? '',
    });
    const day = 86_400;

    it('on a shared device after twenty minutes without a refresh, and says how long that was', async () => {
      const tokens = await open(signIn(), false);
      expect(tokens).toMatchObject({ idleSeconds: 1200, ownDevice: false });
      clock.advance(1199);
      const kept = await refresh(tokens);
      expect(kept).toMatchObject({ idleSeconds: 1200, ownDevice: false });
      const me = await subject();
      clock.advance(1200);
      const why = { code: 'unauthenticated', extras: { reason: 'idle', idleSeconds: 1200 } };
      // An access token of it changes nothing any more, although nobody has ended the session yet.
      await expect(requireSession(ports)(me)).rejects.toMatchObject(why);
      await expect(refresh(kept)).rejects.toMatchObject(why);
      await expect(refresh(kept)).rejects.toMatchObject(why);
      await expect(requireSession(ports)(me)).rejects.toMatchObject(why);
    });

    it('tells its holder why, the first time and every time after', async () => {
      const idle = await open();
      expect(idle).toMatchObject({ idleSeconds: 7 * day, ownDevice: true });
      clock.advance(sessionLimits.idleDays * day);
      const first = await reasonFor(idle);
      expect([first, await reasonFor(idle)]).toEqual(Array(2).fill(['unauthenticated', 'idle']));

      const left = await open();
      const me = await subject();
      await logOut(ports)({ refreshToken: left.refreshToken, origin });
      expect(await reasonFor(left)).toEqual(['unauthenticated', 'log-out']);
      const why = { code: 'unauthenticated', extras: { reason: 'log-out' } };
      await expect(requireSession(ports)(me)).rejects.toMatchObject(why);

      const stolen = await open();
      await refresh(stolen);
      clock.advance(sessionLimits.rotationGraceSeconds + 1);
      expect(await reasonFor(stolen)).toEqual(['unauthenticated', 'reuse']);
      expect(await reasonFor(stolen)).toEqual(['unauthenticated', 'reuse']);
    });

    it('by its longest life, tells that and not that it was idle', async () => {
      let tokens = await open();
      const end = clock() + sessionLimits.refreshTokenDays * day;
      while (clock() + day < end) {
        clock.advance(day);
        tokens = await refresh(tokens);
      }
      clock.advance(end - clock());
      expect(await reasonFor(tokens)).toEqual(['unauthenticated', 'expired']);
    });

    it('tells a password from an undone change of phone, and nothing of the account itself', async () => {
      const endings = [
        [{ sessionsValidFrom: 2, resetFrom: 'network' }, 'password-changed'],
        [{ sessionsValidFrom: 2, exceptSession: 'another' }, 'password-changed'],
        [{ sessionsValidFrom: 2 }, 'phone-restored'],
      ] as const;
      const is = { usernameTag, userId, status: 'active' } as const;
      for (const [change, reason] of endings) {
        const tokens = await open();
        const me = await subject();
        clock.advance(5);
        const now = { ...change, sessionsValidFrom: clock() };
        const remove = 'resetFrom' in change ? [] : (['resetFrom'] as const);
        await ports.accounts.change(is, { ...now, remove }, {});
        const why = { extras: { reason } };
        await expect(requireSession(ports)(me), reason).rejects.toMatchObject(why);
        expect(await reasonFor(tokens)).toEqual(['unauthenticated', reason]);
      }
      const tokens = await open();
      await ports.directoryUsers.signOutEverywhere(userId);
      expect(await reasonFor(tokens)).toEqual(['unauthenticated', undefined]);
    });

    it('tells nothing to a token that Hawiya never made', async () => {
      const tokens = await open();
      await logOut(ports)({ refreshToken: tokens.refreshToken, origin });
      const forged = `${tokens.refreshToken.slice(0, -4)}AAAA`;
      expect(await reasonFor({ ...tokens, refreshToken: forged })).toEqual([
        'unauthenticated',
        undefined,
      ]);
    });
  });

  it('is not valid for the next owner of the username', async () => {
    const tokens = await open();
    const account = await ports.accounts.find(usernameTag);
    if (!account) throw new Error('There is no such account');
    await ports.accounts.bindUser(account, '00000000-0000-0000-0000-000000000000');
    const [session] = await sessions();
    const subject = { username, userId, sessionId: session?.sessionId ?? '' };
    await expect(requireSession(ports)(subject)).rejects.toEqual(unauthenticated);
    await expect(refresh(tokens)).rejects.toEqual(unauthenticated);
  });

  it('is refused to a token that lacks one of its claims', async () => {
    await open();
    const [session] = await sessions();
    const subject = { username, userId, sessionId: session?.sessionId ?? '' };
    expect((await requireSession(ports)(subject)).account.userId).toBe(userId);
    for (const missing of ['username', 'userId', 'sessionId']) {
      const without = { ...subject, [missing]: '' };
      await expect(requireSession(ports)(without), missing).rejects.toEqual(unauthenticated);
    }
  });
});
