import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { readChallengeId } from '#core/challenge/id.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import type { KeyMaterial } from '#core/crypto/keyring.ts';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { completePasswordReset } from '#core/flows/complete-password-reset.ts';
import { completeRegistration } from '#core/flows/complete-registration.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { startPasswordReset } from '#core/flows/start-password-reset.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import { type Challenge, usernameContext } from '#core/model/challenge.ts';
import type { Ports } from '#core/ports/index.ts';
import {
  anywhere,
  type ChallengeFields,
  limits,
  nationalId,
  phone as newPhone,
  origin,
  sessionLimits,
  spending,
} from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { fakeDirectory } from '../support/fakes/directory.ts';
import { freshMaterial, rotated, type TestKeys, testKeys } from '../support/fakes/keys.ts';
import { type FakeRetryQueue, fakeRetryQueue } from '../support/fakes/retry-queue.ts';
import { type FakeSmsGateway, fakeSmsGateway } from '../support/fakes/sms-gateway.ts';
import { implementations } from '../support/world/stores.ts';
import { username as newUsername } from '../support/world/world.ts';

/** A store that runs its calls one after another, in the order they were made. */
function firstComeFirstServed<Store extends object>(store: Store): Store {
  let last: Promise<unknown> = Promise.resolve();
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...inputs: unknown[]) => {
        const mine = last.then(() => Reflect.apply(method, target, inputs));
        last = mine.catch(() => undefined);
        return mine;
      };
    },
  });
}

const language = 'en' as const;
const password = 'a perfectly fine passphrase';

/** The rules on the fakes and on DynamoDB, with a clock that the tests move. */
describe.each(implementations)('the engine on %s', (_, open) => {
  let ports: Ports;
  let clock: FakeClock;
  let sms: FakeSmsGateway;
  let retries: FakeRetryQueue;
  let material: { current: KeyMaterial };
  let keys: TestKeys;

  beforeEach(async () => {
    clock = fakeClock();
    sms = fakeSmsGateway();
    retries = fakeRetryQueue();
    material = { current: freshMaterial() };
    keys = testKeys(material, clock);
    const pool = fakeDirectory(clock);
    ports = {
      ...(await open()),
      clock,
      sms,
      retries,
      limits,
      reviewNumbers: [],
      spending,
      directoryUsers: pool,
      directoryTokens: pool,
      entropy: randomBytes,
      ...keys.ports,
      portalHost: 'portal.example.gov.sa',
      termsVersion: '1',
      sessionLimits,
    };
  });

  /** A rotation of all keys, a minute later. */
  const rotate = () => {
    clock.advance(60);
    material.current = rotated(material.current, clock());
  };
  const hashOf = (id: string) => readChallengeId(id)?.hash ?? '';
  const deliver = (id: string, sendNumber = 1, round = 0) =>
    deliverChallenge(ports)({ idHash: hashOf(id), sendNumber, round });
  const codeSent = (n = 1) => /#(\d{6})$/.exec(sms.sent.at(-n)?.body ?? '')?.[1] ?? '';
  const verify = (id: string, code: string) =>
    verifySmsCode(ports)({ id, code, address: '192.0.2.1' });
  const problem = (code: string, extras = {}) => expect.objectContaining({ code, extras });

  /** The code with the current key. */
  const codeOf = (id: string) => keys.code(hashOf(id));

  const register = (phone = newPhone()) =>
    startRegistration(ports)({ phone, address: '192.0.2.1', language });

  async function ticketFor(phone: string): Promise<string> {
    const { id } = await register(phone);
    await deliver(id);
    return (await verify(id, codeSent())).ticket;
  }

  const details = () => ({
    username: newUsername(),
    nationalId: nationalId(),
    password,
    language,
    origin,
    termsVersion: '1',
  });

  async function subscriber(phone = newPhone()) {
    const person = details();
    await completeRegistration(ports)({ ...person, ticket: await ticketFor(phone) });
    return { ...person, phone };
  }

  const reset = (pair: { username: string; nationalId: string }) =>
    startPasswordReset(ports)({ ...pair, address: '192.0.2.1', language });

  describe('a code', () => {
    it('verifies until the last second of its life, and not a second longer', async () => {
      const [early, late] = [await register(), await register()];
      for (const { id } of [early, late]) await deliver(id);
      clock.advance(limits.codeSeconds - 1);
      await expect(verify(early.id, codeOf(early.id))).resolves.toHaveProperty('ticket');
      clock.advance(1);
      const right = codeOf(late.id);
      await expect(verify(late.id, right)).rejects.toEqual(problem('challenge_expired'));
    });

    it('never verifies for a decoy, even when it is the right one', async () => {
      const { id } = await reset({ username: 'nobody', nationalId: '1000000008' });
      await sendChallenge(ports)({ address: anywhere, id });
      await deliver(id);
      const tried = verify(id, codeOf(id));
      await expect(tried).rejects.toEqual(problem('code_incorrect', { attemptsLeft: 4 }));
    });

    it('never verifies before a provider has accepted its SMS, and trying costs an attempt', async () => {
      const { id } = await reset(await subscriber());
      const right = codeOf(id);
      await expect(verify(id, right)).rejects.toEqual(
        problem('code_incorrect', { attemptsLeft: 4 }),
      );
      await sendChallenge(ports)({ address: anywhere, id });
      const early = problem('code_incorrect', { attemptsLeft: 3 });
      await expect(verify(id, right)).rejects.toEqual(early);
      await deliver(id);
      await expect(verify(id, right)).resolves.toHaveProperty('ticket');
    });

    it('starts its life with the first send, and a resend repeats it without lengthening it', async () => {
      const { id } = await reset(await subscriber());
      clock.advance(200);
      const first = await sendChallenge(ports)({ address: anywhere, id });
      expect(first.expiresAt).toBe(clock() + limits.codeSeconds);
      await deliver(id, 1);
      clock.advance(limits.resendSeconds);
      const second = await sendChallenge(ports)({ address: anywhere, id });
      await deliver(id, 2);
      expect(second.expiresAt).toBe(first.expiresAt);
      expect(codeSent(1)).toBe(codeSent(2));
    });

    it('survives a rotation of the keys between send, verify and complete', async () => {
      const phone = newPhone();
      const { id } = await register(phone);
      rotate();
      await deliver(id);
      rotate();
      const { ticket } = await verify(id, codeSent());
      rotate();
      const person = details();
      await completeRegistration(ports)({ ...person, ticket });
      rotate();
      const again = await reset(person);
      await sendChallenge(ports)({ address: anywhere, id: again.id });
      expect(await deliver(again.id)).toBe('sent');
      expect(sms.sent.at(-1)?.phone).toBe(phone);
    });
  });

  describe('a resend after a rotation of the keys', () => {
    it('repeats the code, which verifies; the code of the new key does not', async () => {
      const { id } = await register();
      await deliver(id);
      rotate();
      await sendChallenge(ports)({ address: anywhere, id });
      expect(await deliver(id, 2)).toBe('sent');
      expect(codeSent(1)).toBe(codeSent(2));
      expect(codeOf(id)).not.toBe(codeSent());
      await expect(verify(id, codeOf(id))).rejects.toThrow('code_incorrect');
      await expect(verify(id, codeSent())).resolves.toHaveProperty('ticket');
    });
  });

  /** What a function that was taken over can do: it writes items of its own purpose, and seals phones. */
  describe('a challenge that was changed in the table', () => {
    const changing = (changes: ChallengeFields): Ports => ({
      ...ports,
      challenges: {
        ...ports.challenges,
        find: async (idHash) => {
          const found = await ports.challenges.find(idHash);
          return found && ({ ...found, ...changes } as Challenge);
        },
        async claimTicket(idHash, use) {
          const result = await ports.challenges.claimTicket(idHash, use);
          if (result.kind !== 'claimed') return result;
          return { ...result, challenge: { ...result.challenge, ...changes } as never };
        },
      },
    });

    it('sends no SMS to a number under another phone’s tag, and its code never verifies', async () => {
      const phone = newPhone();
      const { id } = await register(phone);
      const forged = changing(keys.sealedPhone(newPhone(), keys.tag('phone', phone)));
      const owed = { idHash: hashOf(id), sendNumber: 1, round: 0 };
      expect(await deliverChallenge(forged)(owed)).toBe('forged');
      expect(await deliver(id)).toBe('settled-before');
      expect(sms.sent).toEqual([]);
      await expect(verify(id, codeOf(id))).rejects.toThrow('code_incorrect');
    });

    it('opens no account on a number under another phone’s tag', async () => {
      const phone = newPhone();
      const person = { ...details(), ticket: await ticketFor(phone) };
      const forged = changing(keys.sealedPhone(newPhone(), keys.tag('phone', phone)));
      const opening = completeRegistration(forged)(person);
      await expect(opening).rejects.toEqual(problem('ticket_invalid'));
      expect(await ports.accounts.find(keys.tag('username', person.username))).toBeUndefined();
    });

    it('opens no account on another phone than the one that was proved', async () => {
      const person = { ...details(), ticket: await ticketFor(newPhone()) };
      const moved = completeRegistration(changing(keys.sealedPhone(newPhone())))(person);
      await expect(moved).rejects.toEqual(problem('ticket_invalid'));
      expect(await ports.accounts.find(keys.tag('username', person.username))).toBeUndefined();
    });

    it('resets no other account’s password', async () => {
      const [own, victim] = [await subscriber(), await subscriber()];
      const { id } = await reset(own);
      await sendChallenge(ports)({ address: anywhere, id });
      await deliver(id);
      const { ticket } = await verify(id, codeOf(id));
      const accountTag = keys.tag('username', victim.username);
      const account = await ports.accounts.find(accountTag);
      const username = keys.seal(usernameContext(hashOf(id)), victim.username);
      const { phone, phoneTag } = account ?? {};
      const input = { ticket, newPassword: 'the thief knows this one', origin };
      for (const changes of [
        { accountTag, username },
        { accountTag, username, phone, phoneTag },
      ]) {
        const resetting = completePasswordReset(changing(changes))(input);
        await expect(resetting).rejects.toEqual(problem('ticket_invalid'));
      }
      const login = await ports.directoryTokens.authenticate(victim.username, victim.password);
      expect(login.kind).toBe('authenticated');
    });
  });

  describe('the outbox', () => {
    it('keeps an SMS that a failing provider did not accept, and retries with the same code', async () => {
      const { id } = await register();
      sms.failing = true;
      expect(await deliver(id)).toBe('later');
      const [first] = retries.waiting;
      expect(first).toEqual({ send: { idHash: hashOf(id), sendNumber: 1, round: 1 }, seconds: 2 });
      const right = codeOf(id);
      // No SMS went out, so even the right code must not verify.
      await expect(verify(id, right)).rejects.toThrow('code_incorrect');
      sms.failing = false;
      expect(await deliver(id, 1, 1)).toBe('sent');
      expect(codeSent()).toBe(right);
    });

    it('queues a send once, even when the stream or the queue repeats it', async () => {
      const { id } = await register();
      sms.failing = true;
      await deliver(id);
      expect(await deliver(id)).toBe('settled-before');
      await deliver(id, 1, 1);
      expect(await deliver(id, 1, 1)).toBe('settled-before');
      expect(retries.waiting.map(({ send }) => send.round)).toEqual([1, 2]);
    });

    it('asks a silent provider once more and never again, and the code verifies', async () => {
      const { id } = await register();
      sms.silent = true;
      expect(await deliver(id)).toBe('later');
      expect(await deliver(id, 1, 1)).toBe('later');
      expect(sms.sent).toHaveLength(1);
      clock.advance(45);
      expect(await deliver(id, 1, 2)).toBe('unanswered');
      expect(await deliver(id, 1, 3)).toBe('settled-before');
      expect(sms.sent).toHaveLength(2);
      await expect(verify(id, codeSent())).resolves.toHaveProperty('ticket');
    });

    it('asks for a send at most twice, even when every sender dies', async () => {
      const { id } = await register();
      const dying = {
        ...ports,
        challenges: { ...ports.challenges, settle: () => Promise.reject(Error('dead')) },
      };
      const owed = { idHash: hashOf(id), sendNumber: 1, round: 0 };
      for (let n = 0; n < 5; n++) {
        await expect(deliverChallenge(dying)(owed)).rejects.toThrow('dead');
      }
      expect(sms.sent).toHaveLength(2);
      await expect(verify(id, codeSent())).resolves.toHaveProperty('ticket');
    });

    it('sends once when several senders empty it in parallel', async () => {
      const { id } = await register();
      const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => deliver(id)));
      expect(
        outcomes.some((outcome) => outcome.status === 'fulfilled' && outcome.value === 'sent'),
      ).toBe(true);
      expect(sms.sent).toHaveLength(1);
    });

    it('settles an SMS that the provider refuses for good, so that others do not wait behind it', async () => {
      const { id } = await register();
      sms.refusing = true;
      expect([await deliver(id), await deliver(id)]).toEqual(['refused', 'settled-before']);
    });

    it('sends once, even when the stream repeats the record', async () => {
      const { id } = await register();
      expect([await deliver(id), await deliver(id)]).toEqual(['sent', 'settled-before']);
      expect(sms.sent).toHaveLength(1);
    });

    it('never sends a code that has expired or was already verified', async () => {
      const [expired, done] = [await register(), await register()];
      await deliver(done.id);
      clock.advance(limits.resendSeconds);
      await sendChallenge(ports)({ address: anywhere, id: done.id });
      await verify(done.id, codeOf(done.id));
      expect(await deliver(done.id, 2)).toBe('expired');
      clock.advance(limits.codeSeconds);
      expect(await deliver(expired.id)).toBe('expired');
      expect(sms.sent).toHaveLength(1);
    });
  });

  describe('an unfinished registration', () => {
    /** The function dies after the user was created: the claim stays provisional. */
    async function unfinished(phone: string) {
      const person = details();
      const ticket = await ticketFor(phone);
      const dying = {
        ...ports,
        directoryUsers: {
          ...ports.directoryUsers,
          setPassword: () => Promise.reject(Error('dead')),
        },
      };
      await expect(completeRegistration(dying)({ ...person, ticket })).rejects.toThrow('dead');
      return { person, ticket };
    }

    it('keeps its username and national ID until its ticket lapses, then another person can take them', async () => {
      const { person, ticket } = await unfinished(newPhone());
      const early = { ...person, ticket: await ticketFor(newPhone()) };
      await expect(completeRegistration(ports)(early)).rejects.toEqual(problem('username_taken'));
      clock.advance(limits.ticketSeconds);
      const own = completeRegistration(ports)({ ...person, ticket });
      await expect(own).rejects.toEqual(problem('ticket_invalid'));

      const other = { ...person, password: 'somebody else’s passphrase' };
      const opened = await completeRegistration(ports)({
        ...other,
        ticket: await ticketFor(newPhone()),
      });
      expect(opened.username).toBe(person.username);
      const login = await ports.directoryTokens.authenticate(person.username, other.password);
      expect(login.kind).toBe('authenticated');
      const old = await ports.directoryTokens.authenticate(person.username, password);
      expect(old.kind).toBe('rejected');
    });

    it('frees its slot on the phone once it has lapsed', async () => {
      const phone = newPhone();
      ports = { ...ports, limits: { ...limits, accountsPerPhone: 1 } };
      await unfinished(phone);
      const { id: full } = await register(phone);
      expect(await deliver(full)).toBe('phone-full');
      clock.advance(3600);
      await expect(subscriber(phone)).resolves.toHaveProperty('phone', phone);
    });

    it('can continue with another username after the lease, and ends in that one account', async () => {
      const { person, ticket } = await unfinished(newPhone());
      const renamed = { ...person, username: newUsername(), ticket };
      const busy = completeRegistration(ports)(renamed);
      await expect(busy).rejects.toEqual(problem('unavailable', { retryAfter: 20 }));
      clock.advance(20);
      await expect(completeRegistration(ports)(renamed)).resolves.toHaveProperty('username');
      const first = await ports.directoryTokens.authenticate(person.username, password);
      expect(first.kind).toBe('rejected');
    });
  });

  describe('budgets', () => {
    it('allow twenty uses of one ticket, refusals included', async () => {
      const taken = await subscriber();
      const ticket = await ticketFor(newPhone());
      const probe = () =>
        completeRegistration(ports)({ ...details(), username: taken.username, ticket });
      for (let n = 0; n < limits.usesPerTicket; n++) {
        await expect(probe()).rejects.toEqual(problem('username_taken'));
      }
      await expect(probe()).rejects.toEqual(problem('ticket_invalid'));
    });

    it('close an account’s resets for the day after too many failures, but never an open challenge', async () => {
      const person = await subscriber();
      const sent = async () => {
        const { id } = await reset(person);
        await sendChallenge(ports)({ address: anywhere, id });
        await deliver(id);
        return id;
      };
      const useUp = async (id: string) => {
        for (let n = 0; n < 5; n++) await expect(verify(id, '000000')).rejects.toThrow();
      };
      for (let n = 0; n < 3; n++) {
        await useUp(await sent());
        clock.advance(3600);
      }
      const held = { id: await sent() };
      await useUp(await sent());
      const refused = { retryAfter: expect.any(Number) };
      await expect(reset(person)).rejects.toEqual(
        problem('too_many_requests', { ...refused, limit: 'account' }),
      );
      await expect(verify(held.id, codeOf(held.id))).resolves.toHaveProperty('ticket');
      clock.advance(24 * 3600);
      await expect(reset(person)).resolves.toHaveProperty('id');
    });
  });

  it('counts guesses made before the SMS, for decoys too, and the SMS still arrives as a warning', async () => {
    const phone = newPhone();
    for (let n = 0; n < 4; n++) {
      const { id } = await register(phone);
      for (let i = 0; i < 5; i++) await expect(verify(id, '000000')).rejects.toThrow();
      expect(await deliver(id)).toBe('sent');
      clock.advance(3600);
    }
    expect(sms.sent).toHaveLength(4);
    await expect(register(phone)).rejects.toThrow('too_many_requests');

    const known = await subscriber();
    const unknown = { username: newUsername(), nationalId: nationalId() };
    for (const pair of [known, unknown]) {
      for (let n = 0; n < 4; n++) {
        const { id } = await reset(pair);
        await sendChallenge(ports)({ address: anywhere, id });
        for (let i = 0; i < 5; i++) await expect(verify(id, '000000')).rejects.toThrow();
        clock.advance(3600);
      }
      await expect(reset(pair)).rejects.toThrow('too_many_requests');
    }
  });

  it('gives a burst of different codes five attempts in all, even with the right one among them', async () => {
    for (const place of [5, 20, 100, 199]) {
      const { id } = await register();
      await deliver(id);
      const right = codeSent();
      const guesses = Array.from({ length: 200 }, (_, n) => String(n).padStart(6, '0'))
        .filter((guess) => guess !== right)
        .toSpliced(place, 0, right);
      // The table handles the guesses in this order: a guess behind five others has no attempt left.
      const inRow = { ...ports, challenges: firstComeFirstServed(ports.challenges) };
      const answers = await Promise.allSettled(
        guesses.map((guess) => verifySmsCode(inRow)({ id, code: guess, address: '192.0.2.9' })),
      );
      expect(answers.filter(({ status }) => status === 'fulfilled')).toEqual([]);
      const refusals = answers.flatMap((answer) =>
        answer.status === 'rejected' ? [answer.reason.code] : [],
      );
      expect(refusals.filter((code) => code === 'code_incorrect')).toHaveLength(5);
      clock.advance(3600);
    }
  });

  it('makes the same calls for a right code that may not verify yet as for a wrong one', async () => {
    const { id } = await reset(await subscriber());
    await sendChallenge(ports)({ address: anywhere, id });
    const right = codeOf(id);
    const calls: string[] = [];
    const watched = <Store extends object>(store: Store): Store =>
      new Proxy(store, {
        get(target, name) {
          calls.push(String(name));
          return Reflect.get(target, name);
        },
      });
    const seen = {
      ...ports,
      challenges: watched(ports.challenges),
      ledgers: watched(ports.ledgers),
    };
    const callsOf = async (code: string) => {
      calls.length = 0;
      const guess = verifySmsCode(seen)({ id, code, address: '192.0.2.1' });
      await expect(guess).rejects.toThrow('code_incorrect');
      return [...calls];
    };
    const wrong = right === '000000' ? '000001' : '000000';
    // Only the order differs: a wrong code is counted first, because of bursts.
    expect((await callsOf(right)).toSorted()).toEqual((await callsOf(wrong)).toSorted());
  });

  it('keeps a phone’s budget for registrations apart from its owner’s budget for resets', async () => {
    const person = await subscriber();
    for (let n = 0; n < 2; n++) await register(person.phone);
    await expect(register(person.phone)).rejects.toThrow('too_many_requests');
    const { id } = await reset(person);
    await expect(sendChallenge(ports)({ address: anywhere, id })).resolves.toHaveProperty(
      'sent',
      true,
    );
  });

  it('counts no failure for guesses at a code that was never sent', async () => {
    const person = await subscriber();
    for (let n = 0; n < 5; n++) {
      const { id } = await reset(person);
      for (let i = 0; i < 5; i++) await expect(verify(id, '000000')).rejects.toThrow();
    }
    await expect(reset(person)).resolves.toHaveProperty('id');
  });

  describe('a reset', () => {
    it('gives the account a new user when the directory has lost the old one', async () => {
      const person = await subscriber();
      const usernameTag = keys.tag('username', person.username);
      const before = (await ports.accounts.find(usernameTag))?.userId;
      // The same accounts, and a directory that has forgotten the user.
      const pool = fakeDirectory();
      ports = { ...ports, directoryUsers: pool, directoryTokens: pool };
      const { id } = await reset(person);
      await sendChallenge(ports)({ address: anywhere, id });
      await deliver(id);
      const { ticket } = await verify(id, codeOf(id));
      await completePasswordReset(ports)({ ticket, newPassword: 'a brand new passphrase', origin });
      const login = await pool.authenticate(person.username, 'a brand new passphrase');
      expect(login.kind).toBe('authenticated');
      const after = (await ports.accounts.find(usernameTag))?.userId;
      expect(after).not.toBe(before);
      expect(await pool.createUser(person.username)).toEqual({ kind: 'created', userId: after });
    });

    it('refuses a password with the username in it and leaves the ticket usable', async () => {
      const person = await subscriber();
      const { id } = await reset(person);
      await sendChallenge(ports)({ address: anywhere, id });
      await deliver(id);
      const { ticket } = await verify(id, codeOf(id));
      const bad = { ticket, newPassword: `x ${person.username} x`, origin };
      const rejected = problem('password_rejected', {
        reasons: ['contains_username'],
        minimumLength: expect.any(Number),
      });
      await expect(completePasswordReset(ports)(bad)).rejects.toEqual(rejected);
      await completePasswordReset(ports)({ ticket, newPassword: 'a brand new passphrase', origin });
      const login = await ports.directoryTokens.authenticate(
        person.username,
        'a brand new passphrase',
      );
      expect(login.kind).toBe('authenticated');
    });
  });
});
