import { beforeEach, describe, expect, it } from 'vitest';
import { totpCode, totpSecret, totpStep } from '#core/crypto/totp.ts';
import { tellOwner } from '#core/delivery/tell-owner.ts';
import { changePassword } from '#core/flows/change-password.ts';
import { completePasswordReset } from '#core/flows/complete-password-reset.ts';
import { startClosing } from '#core/flows/start-closing.ts';
import { totpContext } from '#core/model/account.ts';
import type { Notice } from '#core/model/records.ts';
import { openPhone } from '#core/model/sealed-phone.ts';
import type { FactorCode } from '#core/model/second-factor.ts';
import { recoveryCodeTag } from '#core/model/second-factor.ts';
import type { SessionSubject } from '#core/model/session.ts';
import type { Ports } from '#core/ports/index.ts';
import { requireSession } from '#core/session/require-session.ts';
import { nationalId, phone as newPhone, origin } from '../support/fakes/builders.ts';
import { type Human, openEngine } from '../support/world/engine.ts';
import { implementations } from '../support/world/stores.ts';
import { username as newUsername } from '../support/world/world.ts';

const day = 86_400;
const chosen = 'the owner chose this one';
const thiefs = 'the thief chose this one';
const secret = totpSecret(Buffer.from('12345678901234567890'));
const recoveryCode = 'ABCDEFGH12345678';

describe.each(implementations)('the first day after a change of phone in %s', (_, open) => {
  let engine: ReturnType<typeof openEngine>;
  let owner: Human;
  let thief: SessionSubject;
  /** The thief's phone. */
  let away: string;

  beforeEach(async () => {
    engine = openEngine(await open());
    owner = await engine.register({
      username: newUsername(),
      nationalId: nationalId(),
      phone: newPhone(),
      password: 'river wolf teapot',
    });
    away = newPhone();
    thief = await engine.logIn(owner);
    engine.clock.advance(60);
  });

  const move = async (to = away, secondFactor?: FactorCode, password = owner.password) =>
    engine.completeMove(thief, await engine.phoneTicket(thief, to, password), secondFactor);
  const works = async (password: string) =>
    (await engine.ports.directoryTokens.authenticate(owner.username, password)).kind ===
    'authenticated';
  const ticketAt = (phone: string) => engine.resetTicket(owner, phone);
  const onPhone = async () => {
    const { phoneTag } = await engine.accountOf(owner);
    return [owner.phone, away].find((phone) => engine.keys.tag('phone', phone) === phoneTag);
  };
  const heldUntil = async () => (await engine.accountOf(owner)).phoneHeldUntil ?? 0;
  const slots = async (phone: string) =>
    Object.values(await engine.ports.accounts.openSlots(engine.keys.tag('phone', phone)));
  const noticed = async (kind: string) => {
    const events = await engine.ports.events.list(thief.userId);
    return events.filter(({ type }) => type === kind).length;
  };

  /** Completes a reset with some ports replaced. */
  const completeWith = (replaced: Partial<Ports>, ticket: string, idempotencyKey?: string) =>
    completePasswordReset({ ...engine.ports, ...replaced })({
      ticket,
      newPassword: chosen,
      origin,
      idempotencyKey,
    });

  it('ends with the owner: the thief moved the phone and changed the password, and is out', async () => {
    await move();
    await changePassword(engine.ports)(thief, {
      currentPassword: owner.password,
      newPassword: thiefs,
      origin,
    });
    const until = await heldUntil();

    const outcome = await engine.completeReset(await ticketAt(owner.phone), chosen);
    expect(outcome).toEqual({ kind: 'phone-restored', resetFrom: until });
    expect(await onPhone()).toBe(owner.phone);
    expect([await slots(owner.phone), await slots(away)]).toEqual([[0], []]);
    await expect(requireSession(engine.ports)(thief)).rejects.toThrow('unauthenticated');
    expect(await works(chosen)).toBe(false);
    expect(await noticed('phone.restored')).toBe(1);

    // Within the hold, a further reset sends nothing to anybody.
    const before = engine.sms.sent.length;
    expect((await engine.sendReset(owner)).outcome).toBe('decoy');
    expect(engine.sms.sent).toHaveLength(before);

    engine.clock.advance(until - engine.clock());
    const after = await engine.completeReset(await ticketAt(owner.phone), chosen);
    expect(after).toEqual({ kind: 'password-set' });
    expect([await works(chosen), await works(thiefs)]).toEqual([true, false]);
  });

  it('brings the phone back and sets no password, not even a good one, for any holder of the number', async () => {
    await move();
    // Not even a password that no policy accepts is in the way of the return.
    for (const [hours, password] of [
      [0, 'short'],
      [1, chosen],
    ] as const) {
      if (hours > 0) {
        engine.clock.advance(hours * 3600);
        thief = await engine.logIn(owner);
        await move();
      }
      await engine.completeReset(await ticketAt(owner.phone), password);
      expect([await works(owner.password), await works(password)]).toEqual([true, false]);
    }
  });

  it('ends sessions of the very second of the return', async () => {
    await move();
    const ticket = await ticketAt(owner.phone);
    const late = await engine.logIn(owner);
    await engine.completeReset(ticket, chosen);
    await expect(requireSession(engine.ports)(late)).rejects.toThrow('unauthenticated');
    engine.clock.advance(1);
    await expect(requireSession(engine.ports)(await engine.logIn(owner))).resolves.toBeDefined();
  });

  it('tells both phones of the return once, by the stream alone', async () => {
    await move();
    const ticket = await ticketAt(owner.phone);
    const { accounts, notices } = engine.ports;
    const written: unknown[] = [];
    const restorePhone: typeof accounts.restorePhone = (of, change, records, ticket) => {
      written.push(...(records.notices ?? []));
      return accounts.restorePhone(of, change, records, ticket);
    };
    const before = await engine.accountOf(owner);
    await completeWith({ accounts: { ...accounts, restorePhone } }, ticket);
    expect(written).toEqual([]);

    const told: string[] = [];
    const owe = async (notice: Notice) => {
      const phone = await openPhone(engine.ports.phoneSealKeys, notice, notice.createdAt);
      told.push(`${notice.kind} ${phone}`);
    };
    const after = { ...(await engine.accountOf(owner)), recoveryCodes: [] };
    const write = {
      id: 'event/1',
      usernameTag: before.usernameTag,
      before: { ...before, recoveryCodes: [] },
      after,
    };
    await tellOwner({ ...engine.ports, notices: { ...notices, owe } })(write);
    const phones = [away, owner.phone];
    expect(told).toEqual(phones.map((phone) => `phone-restored ${phone}`));
  });

  it('keeps the first phone as the way back when the thief moves twice', async () => {
    await move();
    engine.clock.advance(3600);
    const second = newPhone();
    await move(second);
    const until = await heldUntil();
    expect(until).toBe(engine.clock() + day);
    const outcome = await engine.completeReset(await ticketAt(owner.phone), chosen);
    expect(outcome).toEqual({ kind: 'phone-restored', resetFrom: until });
    expect(await onPhone()).toBe(owner.phone);
    expect([await slots(owner.phone), await slots(away), await slots(second)]).toEqual([
      [0],
      [],
      [],
    ]);
  });

  it('wins over a move that overtakes the return, and the return over a move that follows it', async () => {
    await move();
    const ticket = await ticketAt(owner.phone);
    const [second, third] = [newPhone(), newPhone()];
    const next = await engine.phoneTicket(thief, second, owner.password);
    const last = await engine.phoneTicket(thief, third, owner.password);
    const { accounts } = engine.ports;
    let overtaken = false;
    const restorePhone: typeof accounts.restorePhone = async (...input) => {
      if (!overtaken) {
        overtaken = true;
        await engine.completeMove(thief, next);
      }
      return accounts.restorePhone(...input);
    };
    const slow = { accounts: { ...accounts, restorePhone } };
    await expect(completeWith(slow, ticket)).resolves.toMatchObject({ kind: 'phone-restored' });
    expect(await onPhone()).toBe(owner.phone);
    await expect(engine.completeMove(thief, last)).rejects.toThrow('unauthenticated');
    expect(await onPhone()).toBe(owner.phone);
  });

  it('answers a repeated request with its key alike, and signs out again what a crash left', async () => {
    await move();
    const ticket = await ticketAt(owner.phone);
    const idempotencyKey = 'a key of sixteen letters';
    const { directoryUsers } = engine.ports;
    let signedOut = 0;
    const signOutEverywhere = async (userId: string) => {
      signedOut += 1;
      if (signedOut === 1) throw new Error('The process died');
      return directoryUsers.signOutEverywhere(userId);
    };
    const mortal = { directoryUsers: { ...directoryUsers, signOutEverywhere } };
    const complete = () => completeWith(mortal, ticket, idempotencyKey);
    await expect(complete()).rejects.toThrow('The process died');
    expect(await onPhone()).toBe(owner.phone);
    const again = { kind: 'phone-restored', resetFrom: await heldUntil() };
    expect(await complete()).toEqual(again);
    expect(await complete()).toEqual(again);
    expect(signedOut).toBe(3);
    expect(await noticed('phone.restored')).toBe(1);
    await expect(engine.completeReset(ticket, chosen)).rejects.toThrow('ticket_invalid');
  });

  it('undoes the change once for parallel copies of a request, and all get the answer', async () => {
    await move();
    const ticket = await ticketAt(owner.phone);
    const until = await heldUntil();
    const outcomes = await Promise.all([1, 2, 3].map(() => engine.completeReset(ticket, chosen)));
    expect(outcomes).toEqual(Array(3).fill({ kind: 'phone-restored', resetFrom: until }));
    expect(await noticed('phone.restored')).toBe(1);
  });

  it('takes a ticket from before the move, and none that another phone proved', async () => {
    const before = await ticketAt(owner.phone);
    await move();
    await expect(engine.completeReset(before, chosen)).resolves.toMatchObject({
      kind: 'phone-restored',
    });
    // The move is undone, and its hold is not over.
    engine.clock.advance(1);
    thief = await engine.logIn(owner);
    await move();
    const former = await ticketAt(owner.phone);
    engine.clock.advance(day);
    await expect(engine.completeReset(former, chosen)).rejects.toThrow('ticket_invalid');
    expect(await onPhone()).toBe(away);
  });

  it('sets no password with a ticket of the phone while resets wait', async () => {
    const [first, second] = [await ticketAt(owner.phone), await ticketAt(owner.phone)];
    await move();
    await engine.completeReset(first, chosen);
    await expect(engine.completeReset(second, chosen)).rejects.toThrow('ticket_invalid');
    expect(await works(chosen)).toBe(false);
    const { username, password } = owner;
    engine.clock.advance(1);
    const back = await engine.logIn({ username, password });
    const closing = { currentPassword: password, language: 'en' as const };
    await expect(startClosing(engine.ports)(back, closing)).rejects.toThrow('too_many_requests');
  });

  describe('of an account with an authenticator app', () => {
    const appCode = (): FactorCode => ({
      method: 'totp',
      code: totpCode(secret, totpStep(engine.clock())),
    });
    const recovery: FactorCode = { method: 'recovery-code', code: recoveryCode };
    const wrong: FactorCode = { method: 'recovery-code', code: 'ZZZZZZZZ00000000' };

    async function enrol(): Promise<void> {
      const account = await engine.accountOf(owner);
      const { usernameTag } = account;
      const { keys, ports, clock } = engine;
      const totp = {
        secret: keys.seal(totpContext(usernameTag), secret),
        confirmedAt: clock(),
        lastStep: 0,
      };
      const recoveryCodes = [recoveryCodeTag(keys.tagger, account, recoveryCode)];
      const enrolled = { totp, recoveryCodes, offeredAt: clock() };
      expect(await ports.accounts.enrolTotp(account, enrolled, {})).toEqual({ kind: 'changed' });
    }

    it('asks for its code before the return, as a reset does, and counts wrong ones', async () => {
      await enrol();
      engine.clock.advance(day);
      thief = await engine.logIn(owner);
      await move();
      const ticket = await ticketAt(owner.phone);
      await expect(engine.completeReset(ticket, chosen)).rejects.toMatchObject({
        code: 'second_factor_required',
      });
      await expect(
        engine.completeReset(ticket, chosen, { secondFactor: wrong }),
      ).rejects.toMatchObject({ code: 'code_incorrect', extras: { attemptsLeft: 4 } });
      expect(await onPhone()).toBe(away);
      await expect(
        engine.completeReset(ticket, chosen, { secondFactor: appCode() }),
      ).resolves.toMatchObject({ kind: 'phone-restored' });
      expect((await engine.accountOf(owner)).totp).toBeDefined();
    });

    it.each(['before', 'after'])(
      'asks for no app that a thief added shortly %s the move, and removes it',
      async (when) => {
        if (when === 'before') await enrol();
        engine.clock.advance(3600);
        await move();
        engine.clock.advance(60);
        if (when === 'after') await enrol();
        await expect(
          engine.completeReset(await ticketAt(owner.phone), chosen),
        ).resolves.toMatchObject({ kind: 'phone-restored' });
        const { totp, recoveryCodes } = await engine.accountOf(owner);
        expect([totp, recoveryCodes]).toEqual([undefined, undefined]);
        expect(await noticed('totp.removed')).toBe(1);
      },
    );

    it('is not fooled by a thief who adds an app, moves, and moves again when the app is a day old', async () => {
      await enrol();
      await move();
      engine.clock.advance(day - 1);
      thief = await engine.logIn(owner);
      await move(newPhone());
      engine.clock.advance(1);
      // Nor does the app end the hold.
      thief = await engine.logIn(owner);
      await move(newPhone(), appCode());
      expect(await heldUntil()).toBe(engine.clock() + day);
      await expect(
        engine.completeReset(await ticketAt(owner.phone), chosen),
      ).resolves.toMatchObject({ kind: 'phone-restored' });
      expect(await onPhone()).toBe(owner.phone);
      expect((await engine.accountOf(owner)).totp).toBeUndefined();
    });

    it.each([
      ['app', appCode],
      ['recovery code', () => recovery],
    ] as const)('has no hold for a move that its %s confirms', async (_name, code) => {
      await enrol();
      engine.clock.advance(day);
      thief = await engine.logIn(owner);
      await move(away, code());
      expect(await onPhone()).toBe(away);
      expect(await engine.accountOf(owner)).toMatchObject({ phoneTag: expect.any(String) });
      expect(await heldUntil()).toBe(0);
      expect([await slots(owner.phone), await slots(away)]).toEqual([[], [0]]);
      // A reset goes to the new phone at once. A second use of the code is refused.
      const ticket = await ticketAt(away);
      await expect(
        engine.completeReset(ticket, chosen, { secondFactor: code() }),
      ).rejects.toMatchObject({ code: 'code_incorrect' });
    });

    it('keeps the hold for a factor that is younger than a day: it may be a thief’s', async () => {
      await enrol();
      engine.clock.advance(day - 1);
      thief = await engine.logIn(owner);
      await move(away, appCode());
      expect(await heldUntil()).toBe(engine.clock() + day);
    });

    it('refuses a move with a wrong code, counts it, and leaves the ticket usable', async () => {
      await enrol();
      engine.clock.advance(day);
      thief = await engine.logIn(owner);
      const ticket = await engine.phoneTicket(thief, away, owner.password);
      for (const attemptsLeft of [4, 3]) {
        await expect(engine.completeMove(thief, ticket, wrong)).rejects.toMatchObject({
          code: 'code_incorrect',
          extras: { attemptsLeft },
        });
      }
      expect(await onPhone()).toBe(owner.phone);
      await engine.completeMove(thief, ticket, recovery);
      expect([await onPhone(), await heldUntil()]).toEqual([away, 0]);
    });

    it('locks a move’s ticket after five wrong codes, even for the right one', async () => {
      await enrol();
      engine.clock.advance(day);
      thief = await engine.logIn(owner);
      const ticket = await engine.phoneTicket(thief, away, owner.password);
      for (let n = 0; n < 5; n++) {
        const code = { ...wrong, code: `ZZZZZZZZ0000000${n}` };
        await expect(engine.completeMove(thief, ticket, code)).rejects.toThrow('code_incorrect');
      }
      await expect(engine.completeMove(thief, ticket, recovery)).rejects.toThrow(
        'challenge_locked',
      );
      expect(await onPhone()).toBe(owner.phone);
    });
  });
});
