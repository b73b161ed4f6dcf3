import { type LoginName, loginName } from '../account/find-login.ts';
import { passwordTag } from '../budgets/charge-login.ts';
import { type Return, returnOf, returnUnjudged } from '../budgets/return-unjudged.ts';
import { checkBreaker } from '../budgets/spend-breaker.ts';
import { type KeyedRequest, keyedRequest } from '../challenge/idempotency.ts';
import { type ChallengeStart, startChallenge } from '../challenge/start.ts';
import type { Account } from '../model/account.ts';
import type { ChallengeView, Method } from '../model/challenge.ts';
import type { ChargedUnit } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import { openPhone } from '../model/sealed-phone.ts';
import { factorMethods } from '../model/second-factor.ts';
import type { Device, SecondFactor, SessionTokens, Tokens, TokensIn } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import {
  type Authenticated,
  type AuthenticateNeeds,
  authenticate,
  type Credentials,
} from '../session/authenticate.ts';
import { sealLoginToken } from '../session/login-token.ts';
import { openSession, readClaims, type SessionOpening } from '../session/open-session.ts';
import { isOwnDevice } from '../session/own-device.ts';
import { isUsedUp, provePhoneFirst } from '../session/prove-phone-first.ts';
import { type Recognition, recogniseBrowser } from '../session/recognition.ts';
import {
  newDevice,
  type RememberedDevice,
  remembered,
  rememberedAs,
} from '../session/remember-device.ts';
import { codelessLogin, replayLogin } from '../session/replay-login.ts';
import { newDeviceNotice } from '../session/tell-new-device.ts';
import { loginOf, type TicketFactor } from '../session/ticket-factor.ts';
import type { Language } from '../values/language.ts';

type Needs = Pick<
  Ports,
  | 'entropy'
  | 'identityTags'
  | 'phoneSealKeys'
  | 'usernameSealKeys'
  | 'breakers'
  | 'challenges'
  | 'reviewNumbers'
  | 'sessionLimits'
  | 'sessionStore'
> &
  AuthenticateNeeds & { readonly secondFactor: SecondFactor };

interface LoginInput extends Omit<Credentials, 'name'> {
  /** The username or the national ID, as it is read. */
  readonly username: string;
  /** Where the client keeps the tokens. A repetition never gets them another way. */
  readonly tokensIn: TokensIn;
  /** As the client sent it. Only `true` has the device remembered. It counts where no code is due. */
  readonly ownDevice?: boolean | undefined;
  readonly origin: Origin;
  readonly language: Language;
  readonly idempotencyKey?: string | undefined;
}

/** A session that was opened without a code, and the device to remember. */
interface OpenedSession {
  readonly tokens: SessionTokens;
  readonly device: Device | undefined;
}

type RequestKey = { readonly request: KeyedRequest | undefined };

type Login =
  | {
      readonly kind: 'opened';
      readonly tokens: SessionTokens;
      /** Both are left out in a repeated answer. */
      readonly device?: RememberedDevice;
      readonly recognition?: Recognition;
    }
  | { readonly kind: 'second-factor-due'; readonly challenge: ChallengeView }
  /** The phone is proved first. The password was not judged, and comes along with the ticket. */
  | { readonly kind: 'phone-first'; readonly challenge: ChallengeView };

/**
 * Logs in with username, or national ID, and password. On a device that is not remembered, the second factor is due: a
 * code, or a ticket that has just proved the account's phone. Where the tries of the name or the address are used up, the
 * phone is proved first.
 * A wrong password, an unknown username, a disabled account and an unfinished registration get one
 * answer after the same work.
 *
 * On a remembered device four AWS calls, two in sequence. Otherwise six, four of them in sequence,
 * and two less for a refusal. Two more in parallel, before the last, where the request has a key. The
 * directory is asked once. If it gives no answer, what was charged is returned, by two calls at most.
 * Nine where the phone comes first, and none of them asks the directory.
 * @throws Problem credentials_incorrect, too_many_requests, unavailable
 */
export const logIn =
  (ports: Needs) =>
  async (input: LoginInput): Promise<Login> => {
    const name = loginName(ports, input.username);
    const authenticated = await provenOr(authenticate(ports, { ...input, name }), isUsedUp);
    if (authenticated instanceof Problem) return beginWithPhone(ports, input, name, authenticated);
    const returning = returnAddressUnits(ports, authenticated);
    try {
      return await answerProven(ports, input, authenticated);
    } finally {
      await returning;
    }
  };

/** @returns the expected error instead of throwing it */
async function provenOr<Result, Expected>(
  call: Promise<Result>,
  expects: (error: unknown) => error is Expected,
): Promise<Result | Expected> {
  try {
    return await call;
  } catch (error) {
    if (expects(error)) return error;
    throw error;
  }
}

/** @throws Problem `refused`, where the phone cannot be proved either */
async function beginWithPhone(
  ports: Needs,
  input: LoginInput,
  name: LoginName,
  refused: Problem,
): Promise<Login> {
  const { address, language } = input;
  const claim = { name, address, language, request: requestOf(input) };
  return { kind: 'phone-first', challenge: await provePhoneFirst(ports, claim, refused) };
}

function requestOf(input: LoginInput): KeyedRequest | undefined {
  const { username, password, devices = [], ticket = '', tokensIn, ownDevice } = input;
  const asks = [username, password, devices.join('.'), tokensIn, ticket, String(ownDevice)];
  return keyedRequest(input.idempotencyKey, 'login', ...asks);
}

/** The session, and what recognises this browser from now on. */
async function recognised(
  ports: Needs,
  { recognition: before }: LoginInput,
  { account }: Authenticated,
  { tokens, device }: OpenedSession,
): Promise<Login> {
  const { accessToken, ownDevice } = tokens;
  const login = { account, accessToken, ownDevice };
  const recognition = await recogniseBrowser(ports)(before, login);
  if (!device) return { kind: 'opened', tokens, recognition };
  return { kind: 'opened', tokens, device: await rememberedAs(ports, tokens, device), recognition };
}

/**
 * A right password costs its address nothing: thousands of people share one, and it is no guess. Where the password alone
 * opens a session on an unknown device, the unit stays. Nothing else would limit how often one person logs in.
 */
const costsAddress = ({ secondFactor }: Needs, { deviceId }: Authenticated): boolean =>
  secondFactor === 'never' && deviceId === undefined;

/** A return that fails is lost. At most two AWS calls, in parallel with those that follow. */
async function returnAddressUnits(ports: Needs, authenticated: Authenticated): Promise<void> {
  if (costsAddress(ports, authenticated)) return;
  const { addressUnits } = authenticated;
  const returns = addressUnits.map(({ charge, at }) => ports.ledgers.returnUnit(charge, at));
  await Promise.allSettled(returns);
}

/** Goes on after a right password. */
async function answerProven(
  ports: Needs,
  input: LoginInput,
  authenticated: Authenticated,
): Promise<Login> {
  const { language } = input;
  const request = requestOf(input);
  const replayed = await replayLogin(ports)(request, authenticated.account);
  if (replayed.kind !== 'none') {
    await revertLogin(ports, authenticated);
    return replayed;
  }
  const { request: asked } = replayed;
  return returnAfterContention(ports, authenticated, async () => {
    const opened = isSecondFactorDue(ports, authenticated)
      ? undefined
      : await openWithoutCode(ports, authenticated, { ...input, request: asked });
    if (opened) return recognised(ports, input, authenticated, opened);
    const how = { language, request: asked };
    const challenge = await startLoginChallenge(ports, authenticated, how);
    return { kind: 'second-factor-due', challenge };
  });
}

/**
 * Opens the session of a login that needs no code.
 * @returns undefined if the ticket in place of a code has opened a session before
 */
async function openWithoutCode(
  ports: Needs,
  authenticated: Authenticated,
  input: LoginInput & RequestKey,
): Promise<OpenedSession | undefined> {
  const { account, tokens, deviceId } = authenticated;
  const taken = returnedUnit(ports, authenticated);
  const factor = ticketAsFactor(ports, authenticated);
  const { origin, language, tokensIn, ownDevice, request } = input;
  const told = await noticeOf(ports, authenticated, input);
  const device = ownDevice && deviceId === undefined ? deviceOf(ports, tokens, origin) : undefined;
  const onDevice = device?.deviceId ?? deviceId;
  const spent = request && (await codelessLogin(ports)(request, account, language));
  try {
    const opened = await openOnce(ports, tokens, {
      account,
      tokens,
      ...(onDevice !== undefined && { deviceId: onDevice }),
      ownDevice: isOwnDevice(ownDevice, tokensIn),
      origin,
      records: {
        events: device ? [remembered(ports, device, origin)] : [],
        notices: told?.notices ?? [],
      },
      login: {
        ...(device && { device }),
        ...(taken && { returned: taken }),
        ...(spent && { spent }),
        ...(factor && { charged: loginOf(factor) }),
        ...(told && { noticeCharge: told.charge }),
      },
    });
    return { tokens: opened, device };
  } catch (error) {
    if (error instanceof Problem && error.code === 'ticket_invalid') return undefined;
    throw error;
  }
}

/** The ticket that is the second factor of this login. On a stage that asks for none, a ticket opens nothing. */
const ticketAsFactor = (
  { secondFactor }: Needs,
  { factor }: Authenticated,
): TicketFactor | undefined => (secondFactor === 'never' ? undefined : factor);

/**
 * A right password gives back what it took. On a stage that asks for no second factor, a ticket keeps each of its passwords:
 * nothing else would limit how often one person logs in with it.
 */
const returnedUnit = (
  { secondFactor }: Needs,
  { taken, factor }: Authenticated,
): ChargedUnit | undefined => (secondFactor === 'never' && factor ? undefined : taken);

/**
 * A login with a phone that was proved first is one on a new device. That with a ticket of a registration or a reset is told
 * by nobody: its flow has told the owner.
 */
const noticeOf = async (
  ports: Needs,
  { account, tokens, factor }: Authenticated,
  { recognition }: Pick<LoginInput, 'recognition'>,
) =>
  factor?.purpose === 'phone-first'
    ? newDeviceNotice(ports)(account, tokens, recognition)
    : undefined;

function deviceOf(ports: Needs, { accessToken }: Tokens, origin: Origin): Device {
  const { sub: userId, auth_time: signedInAt } = readClaims(accessToken);
  return newDevice(ports, { userId, signedInAt, origin });
}

/**
 * A right password is no guess: if the rest fails by contention, the attempt costs nothing. After a lost answer it stays
 * charged, because the transaction may have returned the unit itself.
 */
function returnAfterContention<Result>(
  ports: Needs,
  authenticated: Authenticated,
  call: () => Promise<Result>,
): Promise<Result> {
  const { returns, addressUnits } = authenticated;
  const kept = costsAddress(ports, authenticated) ? addressUnits : [];
  const all = [...returns, ...kept.map((unit) => returnOf(ports, unit))];
  return returnUnjudged(
    all.map(
      (giveBack): Return =>
        async (why) => {
          if (why === 'not-judged') await giveBack(why);
        },
    ),
    call,
  );
}

/** If a parallel copy of the same request was faster, this login leaves no session at the directory. */
async function openOnce(
  ports: Needs,
  { refreshToken }: Tokens,
  opening: SessionOpening,
): Promise<SessionTokens> {
  try {
    return await openSession(ports)(opening);
  } catch (error) {
    if (error instanceof Problem && error.code === 'unavailable')
      await ports.directoryTokens.revoke(refreshToken);
    throw error;
  }
}

/**
 * Reverts a login that was answered before: returns its unit and revokes the directory's session.
 */
async function revertLogin(
  { ledgers, directoryTokens }: Needs,
  { taken, tokens }: Authenticated,
): Promise<void> {
  await Promise.all([
    taken && ledgers.returnUnit(taken.charge, taken.at),
    directoryTokens.revoke(tokens.refreshToken),
  ]);
}

/** A ticket that has just proved the account's phone is a second factor itself. */
const isSecondFactorDue = ({ secondFactor }: Needs, { deviceId, factor }: Authenticated): boolean =>
  factor === undefined &&
  (secondFactor === 'always' || (secondFactor === 'new-device' && deviceId === undefined));

/**
 * Keeps the directory's refresh token for the claimant who completes the challenge, and drops the
 * other tokens. An account with an authenticator app gets an SMS only on request.
 */
async function startLoginChallenge(
  ports: Needs,
  { account, tokens, deviceId, taken }: Authenticated,
  { language, request }: Pick<ChallengeStart, 'language' | 'request'>,
): Promise<ChallengeView> {
  const { phoneTag, usernameTag, userId } = account;
  if (userId === undefined) throw new Error('An active account has no user');
  const phone = await openPhone(ports.phoneSealKeys, account, account.createdAt);
  const methods = methodsOf(account);
  const send = methods[0] === 'sms';
  if (send) await checkBreaker(ports)('account-phone');
  return startChallenge(ports)({
    purpose: 'login',
    language,
    phone,
    username: readClaims(tokens.accessToken).username,
    phoneTag,
    accountTag: usernameTag,
    ledgerTag: passwordTag(await ports.tags(), usernameTag, account),
    userId,
    ...(deviceId !== undefined && { deviceId }),
    ...(taken && { returned: taken }),
    methods,
    seal: (challengeId) => sealLoginToken(ports)(challengeId, tokens.refreshToken),
    decoy: false,
    send,
    request,
  });
}

/**
 * The app first, if there is one. An SMS comes before recovery codes: those are for a claimant who
 * has neither app nor phone at hand.
 */
function methodsOf(account: Account): Method[] {
  const own = factorMethods(account);
  return account.totp ? [...own, 'sms'] : ['sms', ...own];
}
