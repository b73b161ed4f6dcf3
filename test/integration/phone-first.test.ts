import { beforeEach, describe, expect, it, vi } from 'vitest';
import { creditVerifiedCode } from '#core/budgets/credit-verified-code.ts';
import { logIn } from '#core/flows/log-in.ts';
import { readChallenge } from '#core/flows/read-challenge.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { verifyChallenge } from '#core/flows/verify-challenge.ts';
import type { Method } from '#core/model/challenge.ts';
import { createRefusedDevices } from '#core/session/refused-devices.ts';
import { limits, nationalId, origin, phone, unique } from '../support/fakes/builders.ts';
import { type Human, openEngine } from '../support/world/engine.ts';
import { implementations } from '../support/world/stores.ts';

const hour = 3600;
const wrongCode = '000000';

describe.each(implementations)('a phone that is proved before the password, in %s', (_, open) => {
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
  const nobody = () => ({ username: `u${unique().toLowerCase()}`, password: 'whatever it may be' });

  interface Typed {
    readonly username: string;
    readonly password: string;
    readonly ticket?: string;
    readonly address?: string;
    readonly idempotencyKey?: string;
  }

  const type = ({ username, password, ticket, address, idempotencyKey }: Typed) =>
    logIn({
      ...engine.ports,
      secondFactor: 'new-device',
      refusedDevices: createRefusedDevices(engine.clock),
    })({
      username,
      password,
      ticket,
      tokensIn: 'body',
      address: address ?? engine.someAddress(),
      origin,
      language: 'en',
      idempotencyKey,
    });

  /** Strangers use up the tries at a name, each from another address. */
  async function useUp(username: string): Promise<void> {
    for (let n = 0; n < limits.loginsPerAccountAndHour; n += 1)
      await expect(type({ username, password: `a stranger’s ${n}` })).rejects.toMatchObject({
        code: 'credentials_incorrect',
      });
  }

  /** @returns the challenge of somebody who types a password where the tries are used up */
  async function asked(of: Typed) {
    const login = await type(of);
    if (login.kind !== 'phone-first') throw new Error(`It was ${login.kind}`);
    return login.challenge;
  }

  const send = (id: string, address = engine.someAddress()) =>
    sendChallenge(engine.ports)({ id, address: async () => address });

  /** Proves the phone by its SMS. @returns the ticket */
  async function proved(human: Human): Promise<string> {
    const { id } = await asked(human);
    await send(id);
    await engine.deliver(id);
    return (await engine.verify(id, engine.newestCode(human.phone))).ticket;
  }

  const answer = (id: string, code: string, method: Method) =>
    verifyChallenge(engine.ports)({
      id,
      code,
      method,
      address: async () => engine.someAddress(),
      origin: async () => origin,
    });

  it('lets the owner in although strangers have used up the tries at the name, and asks for no second code', async () => {
    const human = await engine.register(someone());
    await useUp(human.username);
    const ticket = await proved(human);
    const texts = engine.textsTo(human.phone).length;
    expect((await type({ ...human, ticket })).kind).toBe('opened');
    expect(engine.textsTo(human.phone)).toHaveLength(texts);
  });

  it('lets people in whose address has made too many tries', async () => {
    const human = await engine.register(someone());
    const address = '203.0.113.9';
    const spray = Array.from({ length: limits.loginsPerAddressAndMinute }, () =>
      type({ ...nobody(), address }).catch(() => undefined),
    );
    await Promise.all(spray);
    const { id } = await asked({ ...human, address });
    await send(id, address);
    await engine.deliver(id);
    const { ticket } = await engine.verify(id, engine.newestCode(human.phone));
    engine.clock.advance(60);
    expect((await type({ ...human, ticket, address })).kind).toBe('opened');
  });

  it('comes before the password is judged: no answer tells whether it was right', async () => {
    const human = await engine.register(someone());
    await useUp(human.username);
    const { directoryTokens } = engine.ports;
    const authenticate = vi.spyOn(directoryTokens, 'authenticate');
    const right = await asked(human);
    const wrong = await asked({ ...human, password: 'not the right one' });
    expect(authenticate).not.toHaveBeenCalled();
    expect({ ...wrong, id: '' }).toEqual({ ...right, id: '' });
  });

  it('takes five passwords a ticket and opens one session with it', async () => {
    const human = await engine.register(someone());
    await useUp(human.username);
    const ticket = await proved(human);
    for (let n = 0; n < limits.passwordsPerTicket; n += 1)
      await expect(type({ ...human, password: `wrong ${n}`, ticket })).rejects.toMatchObject({
        code: 'credentials_incorrect',
      });
    expect((await type({ ...human, ticket })).kind).toBe('phone-first');

    engine.clock.advance(61);
    const second = await proved(human);
    expect((await type({ ...human, ticket: second })).kind).toBe('opened');
    expect((await type({ ...human, ticket: second })).kind).not.toBe('opened');
  });

  it('is no proof for another account, for a password that was set since, or after ten minutes', async () => {
    const family = phone();
    const human = await engine.register(someone(family));
    const sister = await engine.register(someone(family));
    await useUp(human.username);
    await useUp(sister.username);
    const ticket = await proved(human);
    expect((await type({ ...sister, ticket })).kind).toBe('phone-first');
    engine.clock.advance(600);
    expect((await type({ ...human, ticket })).kind).toBe('phone-first');

    engine.clock.advance(61);
    const younger = await proved(human);
    engine.clock.advance(61);
    const reset = await engine.resetTicket(human, human.phone);
    await engine.completeReset(reset, 'another fine passphrase');
    const now = { ...human, password: 'another fine passphrase' };
    await useUp(now.username);
    expect((await type({ ...now, ticket: younger })).kind).toBe('phone-first');
  });

  it('looks the same for a name that nobody has, and its code never verifies', async () => {
    const human = await engine.register(someone());
    const stranger = nobody();
    await useUp(human.username);
    await useUp(stranger.username);
    const real = await asked(human);
    const decoy = await asked(stranger);
    const shape = ({ id, ...view }: typeof real) => ({ ...view, length: id.length });
    expect(shape(decoy)).toEqual(shape(real));
    expect(real).toMatchObject({
      destination: null,
      methods: ['sms', 'totp', 'recovery-code'],
      sent: false,
    });

    const sent = [await send(real.id), await send(decoy.id)];
    expect(shape(sent[1] as typeof real)).toEqual(shape(sent[0] as typeof real));
    await engine.deliver(real.id);
    expect(await engine.deliver(decoy.id)).toBe('decoy');
    const read = readChallenge(engine.ports);
    expect(shape(await read({ id: decoy.id }))).toEqual(shape(await read({ id: real.id })));
    await expect(engine.verify(decoy.id, engine.codeOf(decoy.id))).rejects.toMatchObject({
      code: 'code_incorrect',
    });
  });

  it('judges codes of an app and recovery codes alike, whoever has them', async () => {
    const human = await engine.register(someone());
    const stranger = nobody();
    await useUp(human.username);
    await useUp(stranger.username);
    for (const method of ['totp', 'recovery-code'] as const) {
      const tries = [await asked(human), await asked(stranger)].map(({ id }) =>
        answer(id, method === 'totp' ? '123456' : 'ABCDEFGHJKMNPQRS', method).catch(
          ({ code, extras }) => ({ code, extras }),
        ),
      );
      const [real, decoy] = await Promise.all(tries);
      expect(decoy).toEqual(real);
      expect(real).toMatchObject({ code: 'code_incorrect', extras: { attemptsLeft: 1 } });
    }
  });

  it('judges no more codes of an app than an account has sends, however many challenges were started first', async () => {
    const human = await engine.register(someone());
    await useUp(human.username);
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push((await asked(human)).id);
    const guesses = ids.flatMap((id) => [
      answer(id, '123456', 'totp'),
      answer(id, '654321', 'totp'),
    ]);
    const outcomes = await Promise.all(guesses.map((one) => one.catch(({ code }) => code)));
    const judged = outcomes.filter((code) => code === 'code_incorrect');
    expect(judged).toHaveLength(limits.sendsPerPhoneAndHour);
    expect(new Set(outcomes)).toEqual(new Set(['code_incorrect', 'too_many_requests']));
    expect((await engine.sendReset(human)).outcome).toBe('sent');
  });

  it('leaves a ticket its passwords where the address has no try left', async () => {
    const human = await engine.register(someone());
    const address = '203.0.113.19';
    await useUp(human.username);
    const ticket = await proved(human);
    const spray = Array.from({ length: limits.loginsPerAddressAndMinute }, () =>
      type({ ...nobody(), address }).catch(() => undefined),
    );
    await Promise.all(spray);
    expect((await type({ ...human, ticket, address })).kind).toBe('opened');
  });

  it('allows two codes a challenge', async () => {
    const human = await engine.register(someone());
    await useUp(human.username);
    const { id } = await asked(human);
    await send(id);
    await engine.deliver(id);
    for (const attemptsLeft of [1, 0])
      await expect(engine.verify(id, wrongCode)).rejects.toMatchObject({
        code: 'code_incorrect',
        extras: { attemptsLeft },
      });
    await expect(engine.verify(id, engine.newestCode(human.phone))).rejects.toMatchObject({
      code: 'challenge_locked',
    });
  });

  it('is sent three times an hour and six times a day, then the tries of the name are told', async () => {
    const human = await engine.register(someone());
    for (const anHour of [0, 1, 2]) {
      await useUp(human.username);
      for (let n = 0; n < limits.sendsPerPhoneAndHour && anHour < 2; n += 1) {
        const { id } = await asked(human);
        await send(id);
      }
      await expect(type(human)).rejects.toMatchObject({
        code: 'too_many_requests',
        extras: { limit: 'account' },
      });
      engine.clock.advance(hour);
    }
  });

  it('is closed by wrong codes of its own alone: login and reset stay open', async () => {
    const human = await engine.register(someone());
    const { phoneFirstFailuresPerYear } = limits;
    for (let failures = 0; failures < phoneFirstFailuresPerYear; failures += 2) {
      await useUp(human.username);
      const { id } = await asked(human);
      await send(id);
      await engine.deliver(id);
      for (let n = 0; n < 2; n += 1) await engine.verify(id, wrongCode).catch(() => undefined);
      engine.clock.advance(6 * hour);
    }
    expect((await type(human)).kind).toBe('second-factor-due');
    await useUp(human.username);
    await expect(type(human)).rejects.toMatchObject({ code: 'too_many_requests' });
    expect((await engine.sendReset(human)).outcome).toBe('sent');
  });

  it('texts one phone nine times an hour over all its accounts, and no answer shows it', async () => {
    const family = phone();
    const humans = [];
    for (let n = 0; n < 4; n += 1) {
      // A phone opens three accounts an hour.
      if (n === limits.sendsPerPhoneAndHour) engine.clock.advance(hour);
      humans.push(await engine.register(someone(family)));
    }
    const before = engine.textsTo(family).length;
    for (const human of humans) {
      await useUp(human.username);
      for (let n = 0; n < limits.sendsPerPhoneAndHour; n += 1) {
        const { id } = await asked(human);
        expect(await send(id)).toMatchObject({ sent: true });
        await engine.deliver(id);
      }
    }
    expect(engine.textsTo(family).length - before).toBe(limits.resetsPerPhoneAndHour);
  });

  it('counts as unverified with the address, for decoys too, until its code is verified', async () => {
    const address = '203.0.113.77';
    const ledger = {
      scope: 'address-registration',
      tag: engine.keys.tag('address', address),
    } as const;
    const unverified = async () =>
      (await engine.ports.ledgers.counts(ledger, engine.clock())).unverified;
    const human = await engine.register(someone());
    const stranger = nobody();
    await useUp(human.username);
    await useUp(stranger.username);
    const { id } = await asked(human);
    await send(id, address);
    await engine.deliver(id);
    await send((await asked(stranger)).id, address);
    expect(await unverified()).toBe(2);
    await engine.verify(id, engine.newestCode(human.phone));
    await creditVerifiedCode(engine.ports)(engine.hashOf(id));
    expect(await unverified()).toBe(1);
  });

  it('is paid from a purse of its own, and takes nothing of registrations and logins', async () => {
    const purse = (phoneClass: 'account-phone' | 'caller-chosen-phone' | 'named-account') =>
      engine.ports.spendings.earn({ scope: 'service', phoneClass }, 0, engine.clock());
    const human = await engine.register(someone());
    await useUp(human.username);
    const before = [await purse('account-phone'), await purse('caller-chosen-phone')];
    const { id } = await asked(human);
    await send(id);
    await engine.deliver(id);
    expect([await purse('account-phone'), await purse('caller-chosen-phone')]).toEqual(before);
    expect((await purse('named-account')).spent).toBe(engine.ports.spending.pricePerSms);
  });

  it('gives a request that is repeated with its key the same challenge', async () => {
    const human = await engine.register(someone());
    await useUp(human.username);
    const idempotencyKey = 'k'.repeat(16);
    const first = await asked({ ...human, idempotencyKey });
    expect(await asked({ ...human, idempotencyKey })).toEqual(first);
  });

  it('is told to the owner as a login on a new device is', async () => {
    const human = await engine.register(someone());
    engine.clock.advance(2 * hour);
    await useUp(human.username);
    const ticket = await proved(human);
    const create = vi.spyOn(engine.ports.sessionStore, 'create');
    await type({ ...human, ticket });
    expect(create.mock.calls.flatMap(([, { notices }]) => notices)).toMatchObject([
      { kind: 'new-device' },
    ]);
  });
});
