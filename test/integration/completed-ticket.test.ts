import { beforeEach, describe, expect, it } from 'vitest';
import { logIn } from '#core/flows/log-in.ts';
import { addressLedger } from '#core/model/ledger.ts';
import type { SecondFactor } from '#core/model/session.ts';
import { createRefusedDevices } from '#core/session/refused-devices.ts';
import { limits, nationalId, origin, phone, unique } from '../support/fakes/builders.ts';
import { type Human, openEngine } from '../support/world/engine.ts';
import { implementations } from '../support/world/stores.ts';

const newPassword = 'another fine passphrase';

describe.each(implementations)('a ticket that completed a flow, in %s', (_, open) => {
  let engine: ReturnType<typeof openEngine>;
  beforeEach(async () => {
    engine = openEngine(await open());
  });

  const someone = (at = phone()): Human => ({
    username: `u${unique().toLowerCase()}`,
    nationalId: nationalId(),
    phone: at,
    password: 'a perfectly fine passphrase',
  });

  async function registered(at = phone()): Promise<{ human: Human; ticket: string }> {
    const human = someone(at);
    const ticket = await engine.registrationTicket(human.phone);
    await engine.open(ticket, human);
    return { human, ticket };
  }

  /** Resets the password. @returns the ticket that did it */
  async function reset(human: Human): Promise<string> {
    const ticket = await engine.resetTicket(human, human.phone);
    await engine.completeReset(ticket, newPassword);
    return ticket;
  }

  const logInWith = (
    { username, password }: Pick<Human, 'username' | 'password'>,
    ticket?: string,
    idempotencyKey?: string,
    secondFactor: SecondFactor = 'always',
  ) =>
    logIn({
      ...engine.ports,
      secondFactor,
      refusedDevices: createRefusedDevices(engine.clock),
    })({
      username,
      password,
      ticket,
      tokensIn: 'body',
      address: '10.8.8.8',
      origin,
      language: 'en',
      idempotencyKey,
    });

  const kindOf = async (login: ReturnType<typeof logInWith>) => (await login).kind;

  it('of a registration logs its owner in once, and sends no further SMS', async () => {
    const { human, ticket } = await registered();
    const before = engine.textsTo(human.phone).length;
    expect(await kindOf(logInWith(human, ticket))).toBe('opened');
    expect(engine.textsTo(human.phone)).toHaveLength(before);
    expect(await kindOf(logInWith(human, ticket))).toBe('second-factor-due');
  });

  it('of a reset logs its owner in once, with the new password', async () => {
    const { human } = await registered();
    const ticket = await reset(human);
    await expect(logInWith(human, ticket)).rejects.toMatchObject({ code: 'credentials_incorrect' });
    const now = { ...human, password: newPassword };
    expect(await kindOf(logInWith(now, ticket))).toBe('opened');
    expect(await kindOf(logInWith(now, ticket))).toBe('second-factor-due');
  });

  it('opens one session for two logins at once', async () => {
    const { human, ticket } = await registered();
    const kinds = await Promise.all([
      kindOf(logInWith(human, ticket)),
      kindOf(logInWith(human, ticket)),
    ]);
    expect(kinds.toSorted()).toEqual(['opened', 'second-factor-due']);
  });

  it('closes nothing that is open: where no second factor is due, a spent ticket changes nothing', async () => {
    const { human, ticket } = await registered();
    const before = engine.textsTo(human.phone).length;
    expect(await kindOf(logInWith(human, ticket))).toBe('opened');
    for (let n = 0; n < 3; n += 1)
      expect(await kindOf(logInWith(human, ticket, undefined, 'never'))).toBe('opened');
    expect(engine.textsTo(human.phone)).toHaveLength(before);
  });

  it('opens five sessions where the password alone opens one, and then they count for the address', async () => {
    const { human, ticket } = await registered();
    const { tag } = addressLedger(engine.keys.tagger, '10.8.8.8');
    const uses = async () => {
      const ledger = { scope: 'login-address', tag } as const;
      return (await engine.ports.ledgers.counts(ledger, engine.clock())).uses;
    };
    for (let n = 0; n < limits.passwordsPerTicket + 2; n += 1) {
      expect(await kindOf(logInWith(human, ticket, undefined, 'never'))).toBe('opened');
    }
    expect(await uses()).toBe(2);
  });

  it('gives a login that is repeated with its key the session that it opened', async () => {
    const { human, ticket } = await registered();
    const first = await logInWith(human, ticket, 'k'.repeat(16));
    const again = await logInWith(human, ticket, 'k'.repeat(16));
    if (first.kind !== 'opened' || again.kind !== 'opened') throw new Error('No session');
    expect(again.tokens.refreshToken).toBe(first.tokens.refreshToken);
  });

  it('of a former reset or of the registration is none after a later reset', async () => {
    const { human, ticket: ofRegistration } = await registered();
    const former = await reset(human);
    engine.clock.advance(61);
    await reset(human);
    const now = { ...human, password: newPassword };
    for (const ticket of [ofRegistration, former])
      expect(await kindOf(logInWith(now, ticket))).toBe('second-factor-due');
  });

  it('is a second factor for ten minutes', async () => {
    const { human, ticket } = await registered();
    engine.clock.advance(limits.ticketSeconds);
    expect(await kindOf(logInWith(human, ticket))).toBe('second-factor-due');
  });

  it('of another account is none, on the same phone either', async () => {
    const family = phone();
    const { ticket } = await registered(family);
    const { human: sister } = await registered(family);
    expect(await kindOf(logInWith(sister, ticket))).toBe('second-factor-due');
    await expect(logInWith(someone(), ticket)).rejects.toMatchObject({
      code: 'credentials_incorrect',
    });
  });

  it('that completed nothing, or is forged, is none', async () => {
    const { human, ticket } = await registered();
    const unused = await engine.registrationTicket(human.phone);
    const forged = `${ticket.slice(0, -4)}AAAA`;
    for (const none of [unused, forged, 'nonsense'])
      expect(await kindOf(logInWith(human, none))).toBe('second-factor-due');
  });

  it('lets its owner in although strangers have used up the tries at the name', async () => {
    const { human } = await registered();
    const ticket = await reset(human);
    const now = { ...human, password: newPassword };
    for (let n = 0; n < limits.loginsPerAccountAndHour; n += 1)
      await expect(logInWith({ ...human, password: `wrong ${n}` })).rejects.toMatchObject({
        code: 'credentials_incorrect',
      });
    expect(await kindOf(logInWith(now))).toBe('phone-first');
    expect(await kindOf(logInWith(now, ticket))).toBe('opened');
  });

  it('may be shown with five passwords, then the tries count for the name again', async () => {
    const { human, ticket } = await registered();
    const wrong = (n: number) => logInWith({ ...human, password: `wrong ${n}` }, ticket);
    const tries = limits.passwordsPerTicket + limits.loginsPerAccountAndHour;
    for (let n = 0; n < tries; n += 1)
      await expect(wrong(n)).rejects.toMatchObject({ code: 'credentials_incorrect' });
    expect(await kindOf(wrong(tries))).toBe('phone-first');
  });
});
