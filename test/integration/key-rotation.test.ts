import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { findByUsername } from '#core/account/find-account.ts';
import { openEnrolment } from '#core/account/totp-offer.ts';
import { readChallengeId } from '#core/challenge/id.ts';
import { mintTicket } from '#core/challenge/ticket.ts';
import { verifyFactorCode } from '#core/challenge/verify-factor-code.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { deriveCode } from '#core/crypto/derive-code.ts';
import type { KeyPurpose } from '#core/crypto/keyring.ts';
import { seal } from '#core/crypto/seal.ts';
import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { changePassword } from '#core/flows/change-password.ts';
import { completeClosing } from '#core/flows/complete-closing.ts';
import { completeLogin } from '#core/flows/complete-login.ts';
import { completePasswordReset } from '#core/flows/complete-password-reset.ts';
import { completePhoneChange } from '#core/flows/complete-phone-change.ts';
import { completeRegistration } from '#core/flows/complete-registration.ts';
import { confirmTotp } from '#core/flows/confirm-totp.ts';
import { introspectTicket } from '#core/flows/introspect-ticket.ts';
import { logIn } from '#core/flows/log-in.ts';
import { logOut } from '#core/flows/log-out.ts';
import { offerTotp } from '#core/flows/offer-totp.ts';
import { readAccount } from '#core/flows/read-account.ts';
import { refreshSession } from '#core/flows/refresh-session.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { startClosing } from '#core/flows/start-closing.ts';
import { startPasswordReset } from '#core/flows/start-password-reset.ts';
import { startPhoneChange } from '#core/flows/start-phone-change.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import { startTransaction } from '#core/flows/start-transaction.ts';
import { openPhone, sealPhone } from '#core/model/sealed-phone.ts';
import type { Session, SessionSubject } from '#core/model/session.ts';
import type { RelyingService } from '#core/model/transaction.ts';
import type { Ports } from '#core/ports/index.ts';
import { mintDeviceSecret } from '#core/session/device-secret.ts';
import { readClaims } from '#core/session/open-session.ts';
import { createRefusedDevices, type RefusedDevices } from '#core/session/refused-devices.ts';
import { mintSessionToken, readSessionToken } from '#core/session/session-token.ts';
import type { Table } from '../../lambdas/adapters/dynamodb/table.ts';
import { retagTable } from '../../tools/retag/retag-table.ts';
import {
  limits,
  nationalId as newNationalId,
  phone as newPhone,
  origin,
  sessionLimits,
  spending,
  unique,
} from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { fakeDirectory } from '../support/fakes/directory.ts';
import { fakeRetryQueue } from '../support/fakes/retry-queue.ts';
import { type RotatingKeys, rotatingKeys } from '../support/fakes/rotating-keys.ts';
import { type FakeSmsGateway, fakeSmsGateway } from '../support/fakes/sms-gateway.ts';
import { implementations, storesOn } from '../support/world/stores.ts';
import { newTable } from '../support/world/table.ts';

const rotating = [
  'codes',
  'proofs',
  'sessions',
  'phone-seals',
  'seals',
  'tags',
  'identity-tags',
] as const;
const ofTags = ['tags', 'identity-tags'] as const;
const password = 'a perfectly fine passphrase';
const language = 'en';
/** Longer than the difference of two clocks that is allowed for. */
const aWhile = 45;
const day = 86_400;

const prescriptions: RelyingService = {
  id: 'e-prescription',
  purposes: ['dispense'],
  name: { ar: 'الوصفة', en: 'E-prescription' },
  challengesPerHour: 4,
  challengesPerDay: 6,
};

interface Person {
  readonly username: string;
  readonly nationalId: string;
  readonly phone: string;
}

describe.each(implementations)('keys that rotate, with stores of %s', (stores, open) => {
  let ports: Ports & { readonly refusedDevices: RefusedDevices };
  let clock: FakeClock;
  let sms: FakeSmsGateway;
  let keys: RotatingKeys;
  let table: Table | undefined;
  let callers = 0;
  /** Runs between two steps of a flow. */
  let between: () => void | Promise<void>;

  beforeEach(async () => {
    clock = fakeClock();
    sms = fakeSmsGateway();
    keys = rotatingKeys(clock);
    between = () => undefined;
    table = stores === 'DynamoDB' ? await newTable() : undefined;
    const pool = fakeDirectory(clock);
    ports = {
      ...(await (table ? storesOn(table) : open())),
      ...keys.ports,
      clock,
      sms,
      retries: fakeRetryQueue(),
      limits: { ...limits, loginsPerAccountAndHour: 20, sendsPerPhoneAndHour: 20 },
      spending,
      directoryUsers: pool,
      directoryTokens: pool,
      entropy: randomBytes,
      reviewNumbers: [],
      portalHost: 'portal.example.gov.sa',
      termsVersion: '1',
      sessionLimits,
      refusedDevices: createRefusedDevices(clock),
    };
  });

  const step = async () => between();
  const address = () => `10.${++callers % 250}.0.1`;
  const hashOf = (id: string) => readChallengeId(id)?.hash ?? '';

  /** Delivers the code and types it, as it stands in the SMS. */
  async function ticketOf(id: string): Promise<string> {
    await step();
    expect(await deliverChallenge(ports)({ idHash: hashOf(id), sendNumber: 1, round: 0 })).toBe(
      'sent',
    );
    await step();
    const code = /#(\d{6})$/.exec(sms.sent.at(-1)?.body ?? '')?.[1] ?? '';
    const { ticket } = await verifySmsCode(ports)({ id, code, address: address() });
    await step();
    return ticket;
  }

  const someone = (): Person => ({
    username: `u${unique().toLowerCase()}`,
    nationalId: newNationalId(),
    phone: newPhone(),
  });

  async function register(person = someone()): Promise<Person> {
    const { phone, username, nationalId } = person;
    const { id } = await startRegistration(ports)({ phone, address: address(), language });
    const form = { username, nationalId, password, language, termsVersion: '1', origin } as const;
    const view = await completeRegistration(ports)({ ...form, ticket: await ticketOf(id) });
    expect(view.nationalId).toBe(`1•••••• ${nationalId.slice(-2)}`);
    return person;
  }

  const typePassword = ({ username }: Person, device?: string, typed = password) =>
    logIn({ ...ports, secondFactor: 'new-device' })({
      username,
      password: typed,
      devices: device === undefined ? [] : [device],
      tokensIn: 'body',
      address: address(),
      origin,
      language,
    });

  async function loginChallenge(person: Person, typed = password) {
    const login = await typePassword(person, undefined, typed);
    if (login.kind !== 'second-factor-due') throw new Error('No second factor was due');
    return login.challenge;
  }

  const complete = (ticket: string, ownDevice?: boolean) =>
    completeLogin(ports)({ ticket, ownDevice, tokensIn: 'body', origin });

  const bySms = async (person: Person, ownDevice?: boolean) =>
    complete(await ticketOf((await loginChallenge(person)).id), ownDevice);

  const refresh = (refreshToken: string) => refreshSession(ports)({ refreshToken, origin });

  function subjectOf({ username }: Person, accessToken: string): SessionSubject {
    const { sub, origin_jti } = readClaims(accessToken);
    return { username, userId: sub, sessionId: origin_jti };
  }

  const loggedIn = async (person: Person) =>
    subjectOf(person, (await bySms(person)).tokens.accessToken);

  /** Enrols an authenticator app. @returns its secret, and the recovery codes */
  async function enrol(subject: SessionSubject) {
    const asked = { subject, currentPassword: password };
    const { secret, enrolment } = await offerTotp({ ...ports, issuerName: 'Portal' })(asked);
    await step();
    const code = totpCode(secret, totpStep(clock()));
    const recoveryCodes = await confirmTotp(ports)({ subject, origin, enrolment, code });
    await step();
    return { secret, recoveryCodes };
  }

  /** What people do, each to its end. A rotation may fall between any two steps. */
  const flows: Record<string, () => Promise<unknown>> = {
    'a registration': () => register(),

    'a reset, and a login with the new password': async () => {
      const person = await register();
      const { username, nationalId } = person;
      await step();
      const started = { username, nationalId, address: address(), language } as const;
      const { id } = await startPasswordReset(ports)(started);
      await step();
      await sendChallenge(ports)({ id, address: async () => address() });
      const ticket = await ticketOf(id);
      const newPassword = 'another fine passphrase';
      await completePasswordReset(ports)({ ticket, newPassword, origin });
      await step();
      await loginChallenge(person, newPassword);
    },

    'a login by SMS, and its refreshes': async () => {
      const person = await register();
      await step();
      const { tokens } = await bySms(person);
      await step();
      const second = await refresh(tokens.refreshToken);
      await step();
      const third = await refresh(second.refreshToken);
      await step();
      const subject = subjectOf(person, third.accessToken);
      const read = await readAccount(ports)({ ...subject, signedInAt: clock() });
      expect(read.username).toBe(person.username);
    },

    'a login by app': async () => {
      const person = await register();
      await step();
      const { secret } = await enrol(await loggedIn(person));
      clock.advance(30);
      const { id } = await loginChallenge(person);
      await step();
      const code = totpCode(secret, totpStep(clock()));
      const { ticket } = await verifyFactorCode(ports)({ id, method: 'totp', code, origin });
      await step();
      await complete(ticket);
    },

    'a login by recovery code': async () => {
      const person = await register();
      await step();
      const { recoveryCodes } = await enrol(await loggedIn(person));
      const { id } = await loginChallenge(person);
      await step();
      const [code = ''] = recoveryCodes;
      const answer = { id, method: 'recovery-code', code, origin } as const;
      const { ticket } = await verifyFactorCode(ports)(answer);
      await step();
      await complete(ticket);
    },

    'a login on a remembered device': async () => {
      const person = await register();
      await step();
      const { device } = await bySms(person, true);
      await step();
      expect((await typePassword(person, device?.secret)).kind).toBe('opened');
    },

    'a change of phone': async () => {
      const person = await register();
      const subject = await loggedIn(person);
      await step();
      const phone = newPhone();
      const asked = { phone, currentPassword: password, address: address(), language } as const;
      const { id } = await startPhoneChange(ports)(subject, asked);
      const ticket = await ticketOf(id);
      const view = await completePhoneChange(ports)(subject, { ticket, origin });
      expect(view.phone.slice(-2)).toBe(phone.slice(-2));
    },

    'a closing': async () => {
      const person = await register();
      const subject = await loggedIn(person);
      await step();
      const asked = { currentPassword: password, language } as const;
      const { id } = await startClosing(ports)(subject, asked);
      await completeClosing(ports)(subject, { ticket: await ticketOf(id) });
    },

    'a transaction': async () => {
      const { id } = await startTransaction(ports)({
        service: prescriptions,
        phone: newPhone(),
        purpose: 'dispense',
        display: 'Prescription 4471',
        language,
      });
      const ticket = await ticketOf(id);
      const told = await introspectTicket(ports)({ service: prescriptions, ticket });
      expect(told).toMatchObject({ active: true, display: 'Prescription 4471' });
    },
  };

  /** Moves all accounts to the newest tags, and retires the former keys. */
  async function retag(): Promise<void> {
    if (!table) throw new Error('The job needs a table');
    const options = { entropy: randomBytes, now: clock() };
    await retagTable(table, keys.retagKeys(), options);
    for (const purpose of ofTags) keys.retire(purpose);
  }

  /** The number of places in a flow between two steps. */
  async function placesIn(flow: () => Promise<unknown>): Promise<number> {
    let places = 0;
    between = () => {
      places += 1;
    };
    await flow();
    return places;
  }

  /** Plays a flow once for each of its places, with the rotation of some purposes at that place. */
  async function playWithRotations(
    flow: () => Promise<unknown>,
    purposes: readonly KeyPurpose[],
  ): Promise<void> {
    const places = await placesIn(flow);
    expect(places).toBeGreaterThan(2);
    for (let place = 1; place <= places; place += 1) {
      let passed = 0;
      between = () => {
        passed += 1;
        if (passed !== place) return;
        for (const purpose of purposes) keys.rotate(purpose);
        // New things are made with the new keys, and what was made before has to stay good.
        clock.advance(aWhile);
      };
      await expect(flow(), `a rotation at place ${place}`).resolves.not.toThrow();
      clock.advance(3600);
    }
  }

  describe.each(Object.keys(flows))('%s', (name) => {
    const flow = () => flows[name]?.() ?? Promise.reject(new Error('No such flow'));

    // DynamoDB differs from the fake by its conditions only, so it plays each flow with all rotations at once.
    it.each(stores === 'the fake' ? rotating : [])(
      'ends well if the keys of %s rotate between any two of its steps',
      (purpose) => playWithRotations(flow, [purpose]),
    );

    it('ends well if all keys rotate at once between any two of its steps', () =>
      playWithRotations(flow, rotating));

    it.runIf(stores === 'DynamoDB')(
      'ends well if the keys of tags rotate, accounts move, and the former keys are retired between any of its steps',
      async () => {
        const places = await placesIn(flow);
        for (let place = 1; place <= places; place += 1) {
          // Accounts move at once, or after the person went on with both keys.
          const movedAt = place + 2 * (place % 2);
          let passed = 0;
          between = async () => {
            passed += 1;
            if (passed === place) {
              for (const purpose of ofTags) keys.rotate(purpose);
              clock.advance(aWhile);
            }
            if (passed === movedAt) await retag();
          };
          const played = `a rotation at place ${place}, moved at ${movedAt}`;
          await expect(flow(), played).resolves.not.toThrow();
          if (passed < movedAt) await retag();
          clock.advance(day);
        }
      },
    );
  });

  describe('a rotation of the keys of tags', () => {
    /** Each state of a rotation, until the next test begins anew. */
    const states: Record<string, () => Promise<void>> = {
      'before the rotation': async () => undefined,
      'between its entry and its beginning': async () => {
        for (const purpose of ofTags) keys.rotate(purpose, 1800);
      },
      'before accounts move': async () => {
        for (const purpose of ofTags) keys.rotate(purpose);
      },
      ...(stores === 'DynamoDB' && {
        'after accounts moved and the former keys are retired': async () => {
          for (const purpose of ofTags) keys.rotate(purpose);
          clock.advance(aWhile);
          await retag();
        },
      }),
    };

    it.each(Object.keys(states))('keeps names and national IDs taken %s', async (state) => {
      const [person, other] = [await register(), someone()];
      await states[state]?.();
      const taken = register({ ...other, username: person.username });
      await expect(taken).rejects.toEqual(refusedAs('username_taken'));
      const registered = register({ ...other, nationalId: person.nationalId });
      await expect(registered).rejects.toEqual(refusedAs('identity_registered'));
      await register(other);
      await bySms(person);
    });

    it('keeps a name taken that a function registered whose clock is ahead', async () => {
      const person = someone();
      for (const purpose of ofTags) keys.rotate(purpose, 10);
      clock.advance(10);
      await register(person);
      clock.advance(-10);
      const taken = register({ ...someone(), username: person.username });
      await expect(taken).rejects.toEqual(refusedAs('username_taken'));
      await bySms(person);
    });

    it('lets a person move to no other than another phone, and closes accounts that it has not moved', async () => {
      const person = await register();
      const subject = await loggedIn(person);
      for (const purpose of ofTags) keys.rotate(purpose);
      const asked = {
        phone: person.phone,
        currentPassword: password,
        address: address(),
        language,
      } as const;
      await expect(startPhoneChange(ports)(subject, asked)).rejects.toEqual(
        refusedAs('invalid_request'),
      );
      const { id } = await startClosing(ports)(subject, { currentPassword: password, language });
      await completeClosing(ports)(subject, { ticket: await ticketOf(id) });
      await register({ ...someone(), username: person.username, nationalId: person.nationalId });
    });

    /** Runs the job before every call of the directory, in the middle of a request. */
    const movingMeanwhile = () => {
      const { directoryUsers } = ports;
      const moveFirst =
        <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
        async (...args: Args) => {
          for (const purpose of ofTags) keys.rotate(purpose);
          await retag();
          return call(...args);
        };
      return {
        ...ports,
        directoryUsers: {
          ...directoryUsers,
          setPassword: moveFirst(directoryUsers.setPassword),
          deleteUser: moveFirst(directoryUsers.deleteUser),
        },
      };
    };

    describe.runIf(stores === 'DynamoDB')('in the middle of one request', () => {
      it('lets a reset set its password and spend its ticket', async () => {
        const person = await register();
        const { username, nationalId } = person;
        const started = { username, nationalId, address: address(), language } as const;
        const { id } = await startPasswordReset(ports)(started);
        await sendChallenge(ports)({ id, address: async () => address() });
        const reset = {
          ticket: await ticketOf(id),
          newPassword: 'another fine passphrase',
          origin,
        };
        expect(await completePasswordReset(movingMeanwhile())(reset)).toEqual({
          kind: 'password-set',
        });
        await loginChallenge(person, reset.newPassword);
        await expect(completePasswordReset(ports)(reset)).rejects.toEqual(
          refusedAs('ticket_invalid'),
        );
      });

      it('lets a change of the password go through, instead of discarding the password', async () => {
        const person = await register();
        const subject = await loggedIn(person);
        const newPassword = 'another fine passphrase';
        const asked = { currentPassword: password, newPassword, origin };
        await changePassword(movingMeanwhile())(subject, asked);
        await loginChallenge(person, newPassword);
      });

      it('lets a closing free name, national ID and slot', async () => {
        const person = await register();
        const subject = await loggedIn(person);
        const { id } = await startClosing(ports)(subject, { currentPassword: password, language });
        const ticket = await ticketOf(id);
        await completeClosing(movingMeanwhile())(subject, { ticket });
        await register(person);
      });
    });

    it('renews nobody’s budget of resets when the account moves: a stranger would learn that it exists', async () => {
      const { username, nationalId } = await register();
      for (const purpose of ofTags) keys.rotate(purpose);
      const used = async () => {
        const started = { username, nationalId, address: address(), language } as const;
        const { id } = await startPasswordReset(ports)(started);
        const stored = await ports.challenges.find(hashOf(id));
        return stored && 'ledgerTag' in stored ? stored.ledgerTag : undefined;
      };
      const before = await used();
      if (table) await retag();
      expect(before).toBeDefined();
      expect(await used()).toBe(before);
    });
  });

  const refusedAs = (code: string) => expect.objectContaining({ code });

  describe('an attacker who copied the keys before a rotation', () => {
    /** Seconds from the entry of a rotation until it begins. */
    const lead = 1800;

    /** All keys rotate as an operator enters it, and then people do something new. */
    async function afterRotation<Result>(act: () => Promise<Result>): Promise<Result> {
      for (const purpose of rotating) keys.rotate(purpose, lead);
      await ports.proofSigningKeys();
      clock.advance(lead + aWhile);
      return act();
    }

    const startedChallenge = async () => {
      const { id } = await startRegistration(ports)({
        phone: newPhone(),
        address: address(),
        language,
      });
      const idHash = hashOf(id);
      await deliverChallenge(ports)({ idHash, sendNumber: 1, round: 0 });
      return { id, idHash };
    };
    const forgedCode = async (idHash: string) =>
      deriveCode((await keys.leaked.codeKeys()).current, idHash, limits.codeLength);
    const forgedTicket = (id: string, at: number) => {
      const challengeId = readChallengeId(id);
      if (!challengeId) throw new Error('The challenge id is malformed');
      return mintTicket(keys.leaked.proofSigningKeys)(challengeId, { method: 'sms', at });
    };
    const forgedToken = async (session: Session) =>
      mintSessionToken((await keys.leaked.sessionKeys()).current, session);
    const newestSession = async ({ userId, sessionId }: SessionSubject): Promise<Session> => {
      const session = await ports.sessionStore.find(userId, sessionId);
      if (!session) throw new Error('There is no session');
      return session;
    };

    it('verifies no challenge that was sent later', async () => {
      const before = await startedChallenge();
      const earlier = { id: before.id, code: await forgedCode(before.idHash), address: address() };
      await expect(verifySmsCode(ports)(earlier)).resolves.toHaveProperty('ticket');
      const { id, idHash } = await afterRotation(startedChallenge);
      const guess = { id, code: await forgedCode(idHash), address: address() };
      await expect(verifySmsCode(ports)(guess)).rejects.toEqual(refusedAs('code_incorrect'));
    });

    it('forges no ticket of a challenge that was started later, whatever instant it names', async () => {
      await register();
      const rotatedAt = clock() + lead;
      const person = someone();
      const { id } = await afterRotation(async () => {
        const started = await startedChallenge();
        const code = /#(\d{6})$/.exec(sms.sent.at(-1)?.body ?? '')?.[1] ?? '';
        await verifySmsCode(ports)({ id: started.id, code, address: address() });
        return started;
      });
      const form = { ...person, password, language, termsVersion: '1', origin } as const;
      for (const at of [rotatedAt - 1, rotatedAt + 29, rotatedAt + 30, clock(), clock() + 60]) {
        const ticket = await forgedTicket(id, at);
        await expect(completeRegistration(ports)({ ...form, ticket })).rejects.toEqual(
          refusedAs('ticket_invalid'),
        );
      }
    });

    it('forges no refresh token of a session that was opened or refreshed later', async () => {
      const person = await register();
      const old = await loggedIn(person);
      const { tokens } = await bySms(person);
      const refreshed = subjectOf(person, tokens.accessToken);
      const opened = await afterRotation(async () => {
        await refresh(tokens.refreshToken);
        return loggedIn(person);
      });
      for (const subject of [opened, refreshed]) {
        const session = await newestSession(subject);
        await expect(refresh(await forgedToken(session))).rejects.toEqual(
          refusedAs('unauthenticated'),
        );
        const kept = await newestSession(subject);
        expect(kept.generation).toBe(session.generation);
      }
      await expect(refresh(await forgedToken(await newestSession(old)))).resolves.toBeTruthy();
    });

    it('forges no secret of a device that was remembered later', async () => {
      const person = await register();
      await bySms(person, true);
      const [older] = await devicesOf(person);
      clock.advance(1);
      await afterRotation(() => bySms(person, true));
      const newer = (await devicesOf(person)).find(({ deviceId }) => deviceId !== older?.deviceId);
      if (!older || !newer) throw new Error('No device was remembered');
      const { current } = await keys.leaked.sessionKeys();
      const forged = [newer, older].map((device) =>
        mintDeviceSecret(current, person.username, device),
      );
      expect((await typePassword(person, forged[0])).kind).toBe('second-factor-due');
      expect((await typePassword(person, forged[1])).kind).toBe('opened');
    });

    async function devicesOf(person: Person) {
      const account = await findByUsername(ports)(person.username);
      return ports.devices.list(account?.userId ?? '');
    }

    it('forges no offer of an app once the offers of the time before have expired', async () => {
      const subject = await loggedIn(await register());
      const forge = async () => {
        const { current } = await keys.leaked.sealKeys();
        const context = `totp-enrolment:${subject.userId}:${subject.sessionId}`;
        const offer = JSON.stringify({ secret: 'MFRGGZDF', offeredAt: clock() });
        return openEnrolment(ports, subject, seal(current, randomBytes, context, offer));
      };
      await expect(forge()).resolves.toHaveProperty('secret');
      await afterRotation(async () => clock.advance(600));
      await expect(forge()).rejects.toEqual(refusedAs('challenge_expired'));
    });

    it('forges no seal of a phone for what was created later', async () => {
      const { current } = await keys.leaked.phoneSealKeys();
      const tag = (await ports.tags()).tag('phone', '+966551234567');
      const forged = sealPhone(current, randomBytes, tag, '+966551234567');
      const before = clock();
      await afterRotation(async () => undefined);
      await expect(openPhone(ports.phoneSealKeys, forged, clock())).rejects.toThrow('not accepted');
      expect(await openPhone(ports.phoneSealKeys, forged, before)).toBe('+966551234567');
    });

    it('forges nothing at all once the old versions are retired', async () => {
      const person = await register();
      const { tokens, device } = await bySms(person, true);
      const session = await newestSession(subjectOf(person, tokens.accessToken));
      const challenge = await startedChallenge();
      const proved = await startedChallenge();
      const code = /#(\d{6})$/.exec(sms.sent.at(-1)?.body ?? '')?.[1] ?? '';
      await verifySmsCode(ports)({ id: proved.id, code, address: address() });
      const { current: sealing } = await keys.leaked.phoneSealKeys();
      const sealed = sealPhone(sealing, randomBytes, 'tag', '+966551234567');
      const at = clock();

      for (const purpose of rotating) keys.rotate(purpose);
      for (const purpose of ['codes', 'proofs', 'sessions'] as const) keys.retire(purpose);
      // The prover withdraws the old public key when it next signs.
      await ports.proofSigningKeys();

      expect(await readSessionToken(ports.sessionKeys, await forgedToken(session))).toBe(undefined);
      await expect(refresh(tokens.refreshToken)).rejects.toEqual(refusedAs('unauthenticated'));
      const guess = { id: challenge.id, address: address() };
      await expect(
        verifySmsCode(ports)({ ...guess, code: await forgedCode(challenge.idHash) }),
      ).rejects.toEqual(refusedAs('code_incorrect'));
      expect((await typePassword(person, device?.secret)).kind).toBe('second-factor-due');
      const restarted = { ...ports, publicKeys: keys.publicKeysAfterRestart() };
      const form = { ...someone(), password, language, termsVersion: '1', origin } as const;
      const ticket = await forgedTicket(proved.id, at);
      await expect(completeRegistration(restarted)({ ...form, ticket })).rejects.toEqual(
        refusedAs('ticket_invalid'),
      );
      keys.retire('phone-seals');
      await expect(openPhone(ports.phoneSealKeys, sealed, 0)).rejects.toThrow('not accepted');
    });
  });

  it('a resend after the key of its code was retired sends nothing, and a new challenge is sent', async () => {
    const phone = newPhone();
    const { id } = await startRegistration(ports)({ phone, address: address(), language });
    await deliverChallenge(ports)({ idHash: hashOf(id), sendNumber: 1, round: 0 });
    keys.rotate('codes');
    keys.retire('codes');
    clock.advance(60);
    await sendChallenge(ports)({ id, address: async () => address() });
    const resend = { idHash: hashOf(id), sendNumber: 2, round: 0 };
    expect(await deliverChallenge(ports)(resend)).toBe('expired');
    expect(sms.sent).toHaveLength(1);
    expect(await deliverChallenge(ports)(resend)).toBe('settled-before');
    await register({ ...someone(), phone });
  });

  it('a session that was opened with a retired key is over, also if it was refreshed since, and its owner can end it', async () => {
    const person = await register();
    const [{ tokens: first }, { tokens: second }] = [await bySms(person), await bySms(person)];
    keys.rotate('sessions');
    clock.advance(aWhile);
    const newest = (await refresh(first.refreshToken)).refreshToken;
    const other = (await refresh(second.refreshToken)).refreshToken;
    keys.retire('sessions');
    await expect(refresh(newest)).rejects.toMatchObject({ code: 'unauthenticated' });
    const { userId } = subjectOf(person, first.accessToken);
    expect(await ports.sessionStore.list(userId)).toHaveLength(1);
    await logOut(ports)({ refreshToken: other, origin });
    expect(await ports.sessionStore.list(userId)).toEqual([]);
  });

  it('a login whose token was kept with a retired key begins again', async () => {
    const person = await register();
    const ticket = await ticketOf((await loginChallenge(person)).id);
    keys.rotate('sessions');
    clock.advance(aWhile);
    keys.retire('sessions');
    await expect(complete(ticket)).rejects.toMatchObject({ code: 'ticket_invalid' });
    await bySms(person);
  });

  it('a retired key of sessions logs everybody out, and a login opens the next session', async () => {
    const person = await register();
    const { tokens, device } = await bySms(person, true);
    keys.rotate('sessions');
    clock.advance(30 * day);
    keys.retire('sessions');
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect((await typePassword(person, device?.secret)).kind).toBe('second-factor-due');
    await refresh((await bySms(person)).tokens.refreshToken);
  });
});
