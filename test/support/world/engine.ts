import { randomBytes } from 'node:crypto';
import { readChallengeId } from '#core/challenge/id.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { deliverChallenge, type Outcome } from '#core/delivery/deliver-challenge.ts';
import { completePasswordReset } from '#core/flows/complete-password-reset.ts';
import { completePhoneChange } from '#core/flows/complete-phone-change.ts';
import { completeRegistration } from '#core/flows/complete-registration.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { startPasswordReset } from '#core/flows/start-password-reset.ts';
import { startPhoneChange } from '#core/flows/start-phone-change.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import type { Account } from '#core/model/account.ts';
import type { FactorCode } from '#core/model/second-factor.ts';
import type { SessionSubject } from '#core/model/session.ts';
import type { Ports } from '#core/ports/index.ts';
import { openSession, readClaims } from '#core/session/open-session.ts';
import type { Entropy } from '#core/system.ts';
import { anywhere, limits, origin, sessionLimits, spending } from '../fakes/builders.ts';
import { fakeClock } from '../fakes/clock.ts';
import { fakeDirectory } from '../fakes/directory.ts';
import { testKeys } from '../fakes/keys.ts';
import { fakeRetryQueue } from '../fakes/retry-queue.ts';
import { fakeSmsGateway } from '../fakes/sms-gateway.ts';
import type { Stores } from './stores.ts';

const language = 'en' as const;

export interface Human {
  readonly username: string;
  readonly nationalId: string;
  readonly phone: string;
  readonly password: string;
}

/** The use cases on some stores, with the sender at hand and a clock that tests move. No HTTP and no local cloud. */
export function openEngine(stores: Stores, entropy: Entropy = randomBytes) {
  const clock = fakeClock();
  const sms = fakeSmsGateway();
  const retries = fakeRetryQueue();
  const pool = fakeDirectory(clock);
  const secret = entropy(32).toString('hex');
  const keys = testKeys({ current: { versions: [{ version: 1, secret, from: 0 }], minimum: 1 } });
  const ports: Ports = {
    ...stores,
    ...keys.ports,
    clock,
    sms,
    retries,
    limits,
    spending,
    directoryUsers: pool,
    directoryTokens: pool,
    entropy,
    reviewNumbers: [],
    portalHost: 'portal.example.gov.sa',
    termsVersion: '1',
    sessionLimits,
  };
  let addresses = 0;
  /** Another network each time. */
  const someAddress = () => {
    addresses += 1;
    return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
  };

  const hashOf = (id: string): string => readChallengeId(id)?.hash ?? '';
  const textsTo = (phone: string): string[] =>
    sms.sent.filter((message) => message.phone === phone).map(({ body }) => body);
  const newestCode = (phone: string): string =>
    /#(\d{6})$/.exec(textsTo(phone).at(-1) ?? '')?.[1] ?? '';

  /** Delivers the send that a challenge owes, as the stream does. */
  async function deliver(id: string, round = 0): Promise<Outcome | 'nothing'> {
    const challenge = await ports.challenges.find(hashOf(id));
    const owed = challenge && 'outbox' in challenge ? challenge.outbox : undefined;
    if (owed === undefined) return 'nothing';
    return deliverChallenge(ports)({ idHash: hashOf(id), sendNumber: owed, round });
  }

  /** The code that a challenge's SMS has, or would have. */
  const codeOf = (id: string): string => keys.code(hashOf(id), limits.codeLength);

  const verify = (id: string, code: string) =>
    verifySmsCode(ports)({ id, code, address: someAddress() });

  /** Proves a phone: up to the ticket of a registration. */
  async function registrationTicket(phone: string): Promise<string> {
    const { id } = await startRegistration(ports)({ phone, address: someAddress(), language });
    await deliver(id);
    return (await verify(id, newestCode(phone))).ticket;
  }

  /** Opens an account with a ticket. */
  const open = (ticket: string, { username, nationalId, password }: Human, on = ports) =>
    completeRegistration(on)({
      ticket,
      username,
      nationalId,
      password,
      termsVersion: '1',
      language,
      origin,
    });

  /** Opens an account by way of all its steps. */
  async function register(human: Human): Promise<Human> {
    await open(await registrationTicket(human.phone), human);
    return human;
  }

  async function accountOf({ username }: Pick<Human, 'username'>): Promise<Account> {
    const account = await ports.accounts.find(keys.tag('username', username));
    if (!account) throw new Error('There is no such account');
    return account;
  }

  /** Opens a session with the password alone. */
  async function logIn({
    username,
    password,
  }: Pick<Human, 'username' | 'password'>): Promise<SessionSubject> {
    const login = await ports.directoryTokens.authenticate(username, password);
    if (login.kind === 'rejected') throw new Error('The login was rejected');
    const { usernameTag } = await accountOf({ username });
    await openSession(ports)({
      account: { usernameTag },
      tokens: login.tokens,
      origin,
      ownDevice: true,
    });
    const { sub: userId, origin_jti: sessionId } = readClaims(login.tokens.accessToken);
    return { username, userId, sessionId };
  }

  const startReset = (
    { username, nationalId }: Pick<Human, 'username' | 'nationalId'>,
    address = someAddress(),
  ) => startPasswordReset(ports)({ username, nationalId, address, language });

  /** Starts a reset and sends its code. @returns the challenge's id and what became of the SMS */
  async function sendReset(human: Pick<Human, 'username' | 'nationalId'>) {
    const { id } = await startReset(human);
    await sendChallenge(ports)({ id, address: anywhere });
    return { id, outcome: await deliver(id) };
  }

  /** A reset up to its ticket, with the code that came to a phone. */
  async function resetTicket(
    human: Pick<Human, 'username' | 'nationalId'>,
    phone: string,
  ): Promise<string> {
    const { id } = await sendReset(human);
    return (await verify(id, newestCode(phone))).ticket;
  }

  const completeReset = (
    ticket: string,
    newPassword: string,
    more: { readonly secondFactor?: FactorCode; readonly idempotencyKey?: string } = {},
  ) => completePasswordReset(ports)({ ticket, newPassword, origin, ...more });

  async function phoneTicket(
    who: SessionSubject,
    phone: string,
    currentPassword: string,
  ): Promise<string> {
    const input = { phone, currentPassword, address: someAddress(), language };
    const { id } = await startPhoneChange(ports)(who, input);
    await deliver(id);
    return (await verify(id, newestCode(phone))).ticket;
  }

  const completeMove = (who: SessionSubject, ticket: string, secondFactor?: FactorCode) =>
    completePhoneChange(ports)(who, { ticket, origin, ...(secondFactor && { secondFactor }) });

  return {
    ports,
    clock,
    sms,
    retries,
    keys,
    someAddress,
    hashOf,
    textsTo,
    newestCode,
    deliver,
    codeOf,
    verify,
    registrationTicket,
    open,
    register,
    accountOf,
    logIn,
    startReset,
    sendReset,
    resetTicket,
    completeReset,
    phoneTicket,
    completeMove,
  };
}
