import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { notices } from '#core/audit/compose-records.ts';
import { mintChallengeId } from '#core/challenge/id.ts';
import { changePassword } from '#core/flows/change-password.ts';
import { completeClosing } from '#core/flows/complete-closing.ts';
import { completePasswordReset } from '#core/flows/complete-password-reset.ts';
import { completePhoneChange } from '#core/flows/complete-phone-change.ts';
import { exportAccount } from '#core/flows/export-account.ts';
import { type Account, identityContext } from '#core/model/account.ts';
import { type Challenge, usernameContext } from '#core/model/challenge.ts';
import { Problem } from '#core/model/problems.ts';
import type { SessionSubject } from '#core/model/session.ts';
import { openSession, readClaims } from '#core/session/open-session.ts';
import { requireSession } from '#core/session/require-session.ts';
import {
  accountClaim,
  type ChallengeFields,
  challenge,
  limits,
  origin,
  sessionLimits,
  unique,
} from '../support/fakes/builders.ts';
import { fakeClock } from '../support/fakes/clock.ts';
import { fakeDirectory } from '../support/fakes/directory.ts';
import { testKeys } from '../support/fakes/keys.ts';
import { implementations } from '../support/world/stores.ts';

const keys = testKeys();
const password = 'river wolf teapot';
const [mine, other] = ['+966551234567', '+966559999999'];

/*
 * Requests in flight while an account ends, on the stores and an in-memory directory. Each test lets another change
 * happen between two calls of a flow.
 */
describe.each(implementations)('while an account ends in %s', (_, open) => {
  let ports: Awaited<ReturnType<typeof portsOf>>;
  let clock: ReturnType<typeof fakeClock>;
  let username: string;
  let identityTag: string;
  let me: SessionSubject;

  beforeEach(async () => {
    clock = fakeClock();
    ports = await portsOf();
    username = `sara${unique()}`.toLowerCase();
    identityTag = unique();
    await register(password, mine);
    me = await logIn(password);
  });

  async function portsOf() {
    const pool = fakeDirectory(clock);
    return {
      ...(await open()),
      clock,
      entropy: randomBytes,
      ...keys.ports,
      limits,
      reviewNumbers: [],
      sessionLimits,
      directoryUsers: pool,
      directoryTokens: pool,
      termsVersion: '2026-11',
    };
  }

  const usernameTag = () => keys.tag('username', username);

  /** Opens an account with that username, as its next owner would. It has the same national ID, which is not proved. */
  async function register(secret: string, phone: string): Promise<void> {
    const nationalId = keys.seal(identityContext(identityTag), '1•• 12');
    const person = { usernameTag: usernameTag(), identityTag, createdAt: clock(), nationalId };
    const claim = accountClaim(
      { lapsesAt: clock() + 600 },
      { ...person, ...keys.sealedPhone(phone) },
    );
    const inUse = { status: 'in-use', usedBy: 'a', idHash: claim.holder } as const;
    await ports.challenges.start(challenge(inUse), [], clock());
    await ports.accounts.openSlots(claim.account.phoneTag);
    expect(await ports.accounts.claim(claim, clock())).toEqual({ kind: 'claimed' });
    const created = await ports.directoryUsers.createUser(username);
    if (created.kind === 'taken') throw new Error('The name is taken');
    await ports.directoryUsers.setPassword(created.userId, secret);
    await ports.accounts.activate(claim, { usedBy: 'a', userId: created.userId }, {});
  }

  async function logIn(secret: string): Promise<SessionSubject> {
    const result = await ports.directoryTokens.authenticate(username, secret);
    if (result.kind === 'rejected') throw new Error('The login was rejected');
    const { tokens } = result;
    await openSession(ports)({
      account: { usernameTag: usernameTag() },
      tokens,
      origin,
      ownDevice: true,
    });
    const { sub: userId, origin_jti: sessionId } = readClaims(tokens.accessToken);
    return { username, userId, sessionId };
  }

  /** A ticket for this purpose, from a code to that phone. */
  async function ticketFor(purpose: Challenge['purpose'], phone = mine): Promise<string> {
    const to = keys.sealedPhone(phone);
    const { phoneTag } = to;
    const commitment = { purpose, accountTag: usernameTag(), phoneTag };
    const id = mintChallengeId(randomBytes, commitment);
    await ports.accounts.openSlots(phoneTag);
    const verified: ChallengeFields = {
      idHash: id.hash,
      purpose,
      ticketExpiresAt: clock() + 600,
      status: 'verified' as const,
      createdAt: clock(),
      accountTag: usernameTag(),
      ...to,
      ...(purpose !== 'password-reset' && { userId: me.userId }),
      username: keys.seal(usernameContext(id.hash), username),
    };
    await ports.challenges.start(challenge(verified), [], clock());
    return keys.ticket(id, clock());
  }

  const account = () => ports.accounts.find(usernameTag());
  const works = async (secret: string) =>
    (await ports.directoryTokens.authenticate(username, secret)).kind === 'authenticated';
  const codeOf = (running: Promise<unknown>) =>
    running.then(
      () => 'done',
      (error) => (error instanceof Problem ? error.code : error),
    );
  const left = async (userId: string) => [
    ...(await ports.events.list(userId)).map(({ type }) => type),
    ...(await ports.sessionStore.list(userId)),
    ...(await ports.devices.list(userId)),
  ];

  const closeNow = async (ticket: string) => completeClosing(ports)(me, { ticket });

  /** Ports on which `what` happens just before the first call of this directory method. */
  const overtaken = (name: 'setPassword' | 'createUser', what: () => Promise<void>) => {
    let due = true;
    const before = async () => {
      if (!due) return;
      due = false;
      await what();
    };
    const directoryUsers: typeof ports.directoryUsers = {
      ...ports.directoryUsers,
      [name]: async (...parts: [string, string]) => {
        await before();
        return ports.directoryUsers[name](...parts);
      },
    };
    return { ...ports, directoryUsers };
  };

  describe('when a new owner takes the name at once', () => {
    const next = 'the next owner’s own';
    const theirs = 'the former owner knows this';
    const input = { newPassword: theirs, origin };

    /** Closes the account and opens the next owner's. */
    const handOver = (closing: string) => async () => {
      await closeNow(closing);
      clock.advance(1);
      await register(next, other);
    };

    async function expectNextOwners() {
      expect([await works(next), await works(theirs)]).toEqual([true, false]);
      const { userId } = (await account()) as Account;
      expect(userId).not.toBe(me.userId);
    }

    it('an overtaken reset does not set the new owner’s password', async () => {
      const ticket = await ticketFor('password-reset');
      const slow = overtaken('setPassword', handOver(await ticketFor('account-closing')));
      const reset = completePasswordReset(slow)({ ...input, ticket });
      expect(await codeOf(reset)).toBe('ticket_invalid');
      await expectNextOwners();
    });

    it('a reset overtaken while it creates a user does not bind the new owner’s user', async () => {
      const ticket = await ticketFor('password-reset');
      const closing = await ticketFor('account-closing');
      const { directoryUsers } = overtaken('createUser', () => register(next, other));
      const { setPassword } = overtaken('setPassword', () => closeNow(closing)).directoryUsers;
      const slow = { ...ports, directoryUsers: { ...directoryUsers, setPassword } };
      const reset = completePasswordReset(slow)({ ...input, ticket });
      expect(await codeOf(reset)).toBe('ticket_invalid');
      await expectNextOwners();
    });

    it('an overtaken password change does not set the new owner’s password', async () => {
      const slow = overtaken('setPassword', handOver(await ticketFor('account-closing')));
      const change = changePassword(slow)(me, { ...input, currentPassword: password });
      expect(await codeOf(change)).toBe('unauthenticated');
      await expectNextOwners();
    });
  });

  describe('when a reset overtakes a thief’s change in an old session', () => {
    it('the thief’s password change does not survive the reset', async () => {
      const [owners, thiefs] = ['the owner chose this one', 'the thief chose this one'];
      const ticket = await ticketFor('password-reset');
      const slow = overtaken('setPassword', () => {
        // Sessions and resets are compared by whole seconds.
        clock.advance(1);
        return completePasswordReset(ports)({ ticket, newPassword: owners, origin }).then(() => {});
      });
      const change = changePassword(slow)(me, {
        currentPassword: password,
        newPassword: thiefs,
        origin,
      });
      expect(await codeOf(change)).toBe('unauthenticated');
      expect(await works(thiefs)).toBe(false);
      await expect(requireSession(ports)(me)).rejects.toThrow('unauthenticated');
    });

    it('no write succeeds on the authority of a session that has ended', async () => {
      const asRead = (await account()) as Account;
      await ports.accounts.change(asRead, { sessionsValidFrom: clock() }, {});
      const ticket = { idHash: unique(), usedBy: 'a' };
      const totp = { secret: 'sealed', confirmedAt: clock(), lastStep: 0 };
      const former = { formerPhone: asRead.phone, formerPhoneTag: asRead.phoneTag };
      const hold = { phoneHeldFrom: clock(), phoneHeldUntil: clock(), ...former };
      const to = { ...keys.sealedPhone(other), hold, accountsPerPhone: 5 };
      await ports.accounts.openSlots(to.phoneTag);
      const outcomes = [
        await ports.accounts.change(asRead, { termsVersion: '2' }, {}, 'session'),
        await ports.accounts.movePhone(asRead, to, {}, ticket),
        await ports.accounts.beginClosing(asRead, clock()),
        await ports.accounts.enrolTotp(
          asRead,
          { totp, recoveryCodes: ['a'], offeredAt: clock() },
          {},
        ),
      ];
      expect(outcomes.map(({ kind }) => kind)).toEqual(['gone', 'gone', 'gone', 'gone']);
    });
  });

  it('a slow parallel closing keeps the event that must stay', async () => {
    const ticket = await ticketFor('account-closing');
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const deleteUser = (id: string) => gate.then(() => ports.directoryUsers.deleteUser(id));
    const slow = { ...ports, directoryUsers: { ...ports.directoryUsers, deleteUser } };
    const twin = codeOf(completeClosing(slow)(me, { ticket }));
    expect(await codeOf(closeNow(ticket))).toBe('done');
    release();
    expect(['ticket_invalid', 'unauthenticated']).toContain(await twin);
    expect(await left(me.userId)).toEqual(['account.closed']);
  });

  it('records written during the closing are erased too', async () => {
    const ticket = await ticketFor('account-closing');
    const passed = await ports.directoryTokens.authenticate(username, password);
    if (passed.kind === 'rejected') throw new Error('The login was rejected');
    const erased: string[] = [];
    const eraseAll = async (userId: string) => {
      await ports.events.eraseAll(userId);
      if (erased.push(userId) > 1) return;
      // A login that passed the directory's check just before.
      const opening = {
        account: { usernameTag: usernameTag() },
        tokens: passed.tokens,
        origin,
        ownDevice: true,
      };
      await openSession(ports)(opening);
    };
    await completeClosing({ ...ports, events: { ...ports.events, eraseAll } })(me, { ticket });
    expect(await left(me.userId)).toEqual(['account.closed']);
  });

  it('no export and no change of phone succeeds during the closing', async () => {
    const [ticket, phone] = [
      await ticketFor('account-closing'),
      await ticketFor('phone-change', other),
    ];
    const codes: unknown[] = [];
    const deleteUser = async (id: string) => {
      codes.push(await codeOf(exportAccount(ports)(me, origin)));
      codes.push(await codeOf(completePhoneChange(ports)(me, { ticket: phone, origin })));
      return ports.directoryUsers.deleteUser(id);
    };
    await completeClosing({ ...ports, directoryUsers: { ...ports.directoryUsers, deleteUser } })(
      me,
      { ticket },
    );
    expect(codes).toEqual(['unauthenticated', 'unauthenticated']);
    expect(await account()).toBeUndefined();
  });

  describe('when the owner takes it back by a reset', () => {
    const newPassword = 'glass ladder orbit';
    const takeBack = async (by = ports) =>
      completePasswordReset(by)({ ticket: await ticketFor('password-reset'), newPassword, origin });
    const begin = async () => {
      await ports.accounts.beginClosing((await account()) as Account, clock());
      clock.advance(1);
    };
    const fails = async (): Promise<never> => {
      throw new Error('The function died');
    };

    it('a reset that dies at any call leaves neither the old password nor an old session', async () => {
      await begin();
      const ticket = await ticketFor('password-reset');
      const complete = (by: typeof ports) =>
        completePasswordReset(by)({ ticket, newPassword, origin });
      const dying: (typeof ports)[] = [
        { ...ports, directoryUsers: { ...ports.directoryUsers, createUser: fails } },
        { ...ports, accounts: { ...ports.accounts, bindUser: fails } },
        { ...ports, accounts: { ...ports.accounts, change: fails } },
        { ...ports, directoryUsers: { ...ports.directoryUsers, setPassword: fails } },
      ];
      for (const by of dying) {
        await expect(complete(by)).rejects.toThrow('The function died');
        expect(await works(password)).toBe(false);
        await expect(requireSession(ports)(me)).rejects.toThrow('unauthenticated');
      }
      await complete(ports);
      expect([await works(password), await works(newPassword)]).toEqual([false, true]);
      const back = (await account()) as Account;
      expect(back).toMatchObject({ status: 'active', formerUserIds: [me.userId] });
    });

    it('the former user is not bound again, even when the directory still finds it', async () => {
      await begin();
      const createUser = async () => ({ kind: 'created', userId: me.userId }) as const;
      const stale = { ...ports, directoryUsers: { ...ports.directoryUsers, createUser } };
      expect(await codeOf(takeBack(stale))).toBe('unavailable');
      expect(await account()).toMatchObject({ status: 'closing' });
    });

    it.each(['deleteUser', 'signOutEverywhere'] as const)(
      'the account gets a new user, so that a late deletion by the closing (at %s) does no harm',
      async (name) => {
        await begin();
        const late = () => ports.directoryUsers.deleteUser(me.userId);
        const directoryUsers: typeof ports.directoryUsers = {
          ...ports.directoryUsers,
          [name]: async (id: string) => {
            await ports.directoryUsers[name](id);
            await late();
          },
        };
        await takeBack({ ...ports, directoryUsers });
        await late();
        expect(await works(newPassword)).toBe(true);
        expect(((await account()) as Account).userId).not.toBe(me.userId);
      },
    );

    it('the overtaken closing erases nothing, and the owner has a user and events', async () => {
      const ticket = await ticketFor('account-closing');
      const before = await left(me.userId);
      expect(before).toContain('session.started');
      const deleteUser = async (id: string) => {
        await takeBack();
        return ports.directoryUsers.deleteUser(id);
      };
      const slow = { ...ports, directoryUsers: { ...ports.directoryUsers, deleteUser } };
      expect(await codeOf(completeClosing(slow)(me, { ticket }))).toBe('ticket_invalid');
      expect(await left(me.userId)).toEqual(before);
      expect(await works(newPassword)).toBe(true);
      const back = (await account()) as Account;
      expect(back).toMatchObject({ status: 'active' });
      expect(await left(back.userId ?? '')).toEqual(['password.reset']);
    });
  });

  describe('when its password is reset with one ticket', () => {
    const newPassword = 'glass ladder orbit';

    /** Ports that record which notices a change asked for, and a count of those that were written. */
    function watched() {
      const wanted: string[] = [];
      const change: typeof ports.accounts.change = (of, to, records, authority) => {
        wanted.push(...(records.notices ?? []).map(({ id }) => id));
        return ports.accounts.change(of, to, records, authority);
      };
      const written = async () => {
        const found = await Promise.all(wanted.map((id) => ports.notices.find(id)));
        return found.filter(Boolean).length;
      };
      return { watching: { ...ports, accounts: { ...ports.accounts, change } }, written };
    }
    const resets = async () =>
      (await ports.events.list(me.userId)).filter(({ type }) => type === 'password.reset').length;

    it('the owner is notified once by twenty identical parallel requests', async () => {
      const ticket = await ticketFor('password-reset');
      const { watching, written } = watched();
      const complete = () =>
        codeOf(completePasswordReset(watching)({ ticket, newPassword, origin }));
      const codes = await Promise.all(Array.from({ length: 20 }, complete));
      expect(codes).toContain('done');
      for (const code of codes) expect(['done', 'ticket_invalid', 'unavailable']).toContain(code);
      expect([await written(), await resets()]).toEqual([1, 1]);
      expect(await works(newPassword)).toBe(true);
    });

    it('the owner is notified once when the reset is repeated after a crash, and sessions end again', async () => {
      const ticket = await ticketFor('password-reset');
      const { watching, written } = watched();
      const signOutEverywhere = async (): Promise<never> => {
        throw new Error('The function died');
      };
      const dying = { ...watching, directoryUsers: { ...ports.directoryUsers, signOutEverywhere } };
      const input = { ticket, newPassword, origin };
      await expect(completePasswordReset(dying)(input)).rejects.toThrow('The function died');
      clock.advance(5);
      await completePasswordReset(watching)(input);
      expect([await written(), await resets()]).toEqual([1, 1]);
      expect((await account())?.sessionsValidFrom).toBe(clock());
    });

    it('the owner is notified once for a rejected password and the next one together', async () => {
      const ticket = await ticketFor('password-reset');
      const { watching, written } = watched();
      const setPassword = async () => ({ kind: 'rejected' }) as const;
      const refusing = { ...watching, directoryUsers: { ...ports.directoryUsers, setPassword } };
      const input = { ticket, newPassword: 'the one on a blocklist', origin };
      expect(await codeOf(completePasswordReset(refusing)(input))).toBe('password_rejected');
      await completePasswordReset(watching)({ ...input, newPassword });
      expect([await written(), await resets()]).toEqual([1, 1]);
    });
  });

  it('data of the account’s former user is exported, and erased with the rest', async () => {
    const before = me.userId;
    await ports.directoryUsers.deleteUser(before);
    const newPassword = 'glass ladder orbit';
    const ticket = await ticketFor('password-reset');
    await completePasswordReset(ports)({ ticket, newPassword, origin });
    clock.advance(1);
    me = await logIn(newPassword);
    expect(me.userId).not.toBe(before);

    const told = await exportAccount(ports)(me, origin);
    const ofBefore = told.events.filter(({ userId }) => userId === before);
    expect(ofBefore.map(({ type }) => type)).toContain('session.started');
    expect(told.sessions.map(({ userId }) => userId)).toContain(before);
    expect(told.events.map(({ id }) => id)).toEqual(told.events.map(({ id }) => id).toSorted());

    await closeNow(await ticketFor('account-closing'));
    expect(await left(before)).toEqual([]);
    expect(await left(me.userId)).toEqual(['account.closed']);
  });

  describe('when a thief with session and password has moved it to the thief’s phone', () => {
    const move = async (phone: string) => {
      const ticket = await ticketFor('phone-change', phone);
      return completePhoneChange(ports)(me, { ticket, origin });
    };
    const told = async () => {
      const found = (await account()) as Account;
      return notices(ports, 'password-changed', found).map(({ phoneTag }) => phoneTag);
    };
    const tag = (phone: string) => keys.tag('phone', phone);

    it('the account does not close within 24 hours, even with a valid ticket', async () => {
      await move(other);
      const ticket = await ticketFor('account-closing', other);
      clock.advance(3600);
      const running = completeClosing(ports)(me, { ticket });
      await expect(running).rejects.toMatchObject({
        code: 'too_many_requests',
        extras: { retryAfter: 23 * 3600 },
      });
      expect(await account()).toMatchObject({ status: 'active' });
    });

    it('the account does not close with a ticket from before the move either', async () => {
      const ticket = await ticketFor('account-closing');
      await move(other);
      expect(await codeOf(closeNow(ticket))).toBe('too_many_requests');
      expect(await account()).toMatchObject({ status: 'active' });
    });

    it('the owner’s phone gets every notice for 24 hours, even after further moves', async () => {
      await move(other);
      expect(await told()).toEqual([tag(other), tag(mine)]);
      clock.advance(3600);
      await move('+966558888888');
      expect(await told()).toEqual([tag('+966558888888'), tag(mine)]);
      // The account is back on the owner's phone, so one notice is enough.
      await move(mine);
      expect(await told()).toEqual([tag(mine)]);
      clock.advance(24 * 3600);
      await move(other);
      clock.advance(24 * 3600);
      expect(await told()).toEqual([tag(other)]);
    });
  });
});
