import { findByUsername } from '../account/find-account.ts';
import { chargeLoginAccount, chargeLoginAddress, passwordTag } from '../budgets/charge-login.ts';
import {
  lostAnswersReturned,
  type Return,
  returnOf,
  returnUnjudged,
} from '../budgets/return-unjudged.ts';
import { checkBreaker } from '../budgets/spend-breaker.ts';
import { keyedRequest } from '../challenge/idempotency.ts';
import { type ChallengeStart, startChallenge } from '../challenge/start.ts';
import type { Account } from '../model/account.ts';
import type { ChallengeView, Method } from '../model/challenge.ts';
import type { ChargedUnit } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import { openPhone } from '../model/sealed-phone.ts';
import { factorMethods } from '../model/second-factor.ts';
import type { Device, SecondFactor, SessionTokens, Tokens, TokensIn } from '../model/session.ts';
import type { PasswordAnswer } from '../ports/directory-tokens.ts';
import type { Ports } from '../ports/index.ts';
import { type ReadDevice, readDeviceSecret } from '../session/device-secret.ts';
import { sealLoginToken } from '../session/login-token.ts';
import { openSession, type SessionOpening } from '../session/open-session.ts';
import type { RefusedDevices } from '../session/refused-devices.ts';
import { codelessLogin, replayLogin } from '../session/replay-login.ts';
import { isOpenTo } from '../session/session-validity.ts';
import type { Language } from '../values/language.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'phoneSealKeys'
  | 'sessionKeys'
  | 'tags'
  | 'limits'
  | 'accounts'
  | 'breakers'
  | 'challenges'
  | 'devices'
  | 'ledgers'
  | 'reviewNumbers'
  | 'sessionLimits'
  | 'sessionStore'
  | 'directoryTokens'
> & { readonly secondFactor: SecondFactor; readonly refusedDevices: RefusedDevices };

interface LoginInput {
  readonly username: string;
  readonly password: string;
  /** The secret of a remembered device, as the client sent it. */
  readonly device?: string | undefined;
  /** Where the client keeps the tokens. A repetition never gets them another way. */
  readonly tokensIn: TokensIn;
  readonly address: string;
  readonly origin: Origin;
  readonly language: Language;
  readonly idempotencyKey?: string | undefined;
}

/** A claimant who has proved the password of an active account. */
interface Authenticated {
  readonly account: Account;
  readonly tokens: Tokens;
  /** Id of the remembered device that the password was typed on. */
  readonly deviceId?: string;
  /** The unit that the attempt was charged; a right password returns it. */
  readonly taken?: ChargedUnit;
  /** Return all that the attempt was charged, `taken` too. */
  readonly returns: readonly Return[];
}

type Login =
  | { readonly kind: 'opened'; readonly tokens: SessionTokens }
  | { readonly kind: 'second-factor-due'; readonly challenge: ChallengeView };

/**
 * Logs in with username and password. On a device that is not remembered, the second factor is due.
 * A wrong password, an unknown username, a disabled account and an unfinished registration get one
 * answer after the same work.
 *
 * On a remembered device four AWS calls, two in sequence. Otherwise five, four of them in sequence,
 * and one less for a refusal. Two more in parallel, before the last, where the request has a key. The
 * directory is asked once. If it gives no answer, what was charged is returned, by two calls at most.
 * @throws Problem credentials_incorrect, too_many_requests, unavailable
 */
export const logIn =
  (ports: Needs) =>
  async (input: LoginInput): Promise<Login> => {
    const { username, password, device = '', tokensIn, language } = input;
    const authenticated = await authenticate(ports, input);
    const asks = ['login', username, password, device, tokensIn];
    const request = keyedRequest(input.idempotencyKey, ...asks);
    const replayed = await replayLogin(ports)(request, authenticated.account);
    if (replayed.kind !== 'none') {
      await revertLogin(ports, authenticated);
      return replayed;
    }
    const { request: asked } = replayed;
    const { account, tokens, deviceId, taken } = authenticated;
    return returnAfterContention(authenticated, async () => {
      if (isSecondFactorDue(ports, authenticated)) {
        const challenge = await startLoginChallenge(ports, authenticated, {
          language,
          request: asked,
        });
        return { kind: 'second-factor-due', challenge };
      }
      const spent = asked && (await codelessLogin(ports)(asked, account, language));
      const opened = await openOnce(ports, tokens, {
        account,
        tokens,
        ...(deviceId !== undefined && { deviceId }),
        origin: input.origin,
        login: { ...(taken && { returned: taken }), ...(spent && { spent }) },
      });
      return { kind: 'opened', tokens: opened };
    });
  };

/**
 * A right password is no guess: if the rest fails by contention, the attempt costs nothing. After a lost answer it stays
 * charged, because the transaction may have returned the unit itself.
 */
const returnAfterContention = <Result>(
  { returns }: Authenticated,
  call: () => Promise<Result>,
): Promise<Result> =>
  returnUnjudged(
    returns.map(
      (giveBack): Return =>
        async (why) => {
          if (why === 'not-judged') await giveBack(why);
        },
    ),
    call,
  );

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

/** @throws Problem credentials_incorrect, too_many_requests, unavailable */
async function authenticate(ports: Needs, input: LoginInput): Promise<Authenticated> {
  const device = await readDeviceSecret(
    ports.sessionKeys,
    input.username,
    input.device ?? '',
    ports.clock(),
  );
  if (!device) return authenticateElsewhere(ports, input);
  const onDevice = await authenticateOnDevice(ports, input, device);
  if (onDevice.kind === 'authenticated') return onDevice;
  return authenticateElsewhere(ports, input, onDevice);
}

/** The account does not know the device. */
interface UnknownDevice {
  readonly kind: 'unknown-device';
  /** The directory's answer, if it was asked already. */
  readonly asked: Promise<PasswordAnswer> | undefined;
  /** Return what the attempt was charged so far. */
  readonly returns: readonly Return[];
}

/**
 * Asks the directory in parallel with the device's budget, which no stranger can use up. If the
 * budget refuses, the directory's answer is discarded. On a device that was just refused, the
 * directory is asked last, and the address is charged as well.
 * @throws Problem credentials_incorrect, too_many_requests, unavailable
 */
async function authenticateOnDevice(
  ports: Needs,
  { username, password, address }: LoginInput,
  device: ReadDevice,
): Promise<({ readonly kind: 'authenticated' } & Authenticated) | UnknownDevice> {
  const { refusedDevices, directoryTokens } = ports;
  const { deviceId } = device;
  const refused = refusedDevices.isRefused(deviceId);
  const addressUnit = refused ? await chargeLoginAddress(ports)(address) : undefined;
  const addressReturns = addressUnit ? [returnOf(ports, addressUnit)] : [];
  const ask = () => directoryTokens.authenticate(username, password);
  const asked = refused ? undefined : ask();
  // An error of this call surfaces where it is awaited. Never await it for an unknown device: the
  // latency would reveal whether the password was right.
  asked?.catch(() => undefined);
  const [account, counted] = await Promise.all([
    findByUsername(ports)(username),
    countLogin(ports, device),
  ]);
  if (
    counted.kind === 'unknown' ||
    !isKnownTo(account, counted.device) ||
    !(await isKeyInUse(ports, device, counted.device))
  ) {
    refusedDevices.refused(deviceId);
    return { kind: 'unknown-device', asked, returns: addressReturns };
  }
  const returns = [counted.giveBack, ...addressReturns];
  const result = await returnUnjudged(returns, () => asked ?? ask());
  if (result.kind === 'rejected') {
    refusedDevices.refused(deviceId);
    throw new Problem('credentials_incorrect');
  }
  return { kind: 'authenticated', account, tokens: result.tokens, deviceId, returns };
}

/** @throws Problem too_many_requests */
async function countLogin(
  { clock, limits, refusedDevices, devices }: Needs,
  device: Pick<Device, 'userId' | 'deviceId'>,
) {
  const now = clock();
  const budget = { perHour: limits.loginsPerDeviceAndHour, perDay: limits.loginsPerDeviceAndDay };
  const counted = await devices.countLogin(device, budget, now);
  if (counted.kind === 'refused') {
    refusedDevices.refused(device.deviceId);
    throw new Problem('too_many_requests', { retryAfter: Math.max(1, counted.until - now) });
  }
  const giveBack: Return = (why) =>
    why === 'not-judged'
      ? devices.returnLogin(device, now)
      : devices.returnLogin(device, now, { most: lostAnswersReturned });
  return { ...counted, giveBack };
}

/** A reset or a change of the password forgets all earlier devices. */
const isKnownTo = (account: Account | undefined, device: Device): account is Account =>
  isOpenTo(account, device.userId, device.createdAt);

/** A secret made with a key that was replaced before the device was remembered is a forgery. */
async function isKeyInUse(
  { sessionKeys }: Needs,
  { keyVersion }: ReadDevice,
  { createdAt }: Device,
): Promise<boolean> {
  return (await sessionKeys()).version(keyVersion, createdAt) !== undefined;
}

/**
 * Asks the directory last, in every state of the account.
 * @param unknown a device that turned out unknown. The directory that was asked for it is not asked
 *   again, and the budgets still come first.
 * @throws Problem credentials_incorrect, too_many_requests, unavailable
 */
async function authenticateElsewhere(
  ports: Needs,
  { username, password, address }: LoginInput,
  unknown?: UnknownDevice,
): Promise<Authenticated> {
  const [account, addressUnit] = await Promise.all([
    findByUsername(ports)(username),
    chargeLoginAddress(ports)(address),
  ]);
  const addressReturns = [...(unknown?.returns ?? []), returnOf(ports, addressUnit)];
  const taken = await returnUnjudged(addressReturns, () =>
    chargeLoginAccount(ports)(username, account, address),
  );
  const returns = [returnOf(ports, taken), ...addressReturns];
  const ask = () => ports.directoryTokens.authenticate(username, password);
  const result = await returnUnjudged(returns, () => unknown?.asked ?? ask());
  if (result.kind === 'rejected' || account?.status !== 'active') {
    throw new Problem('credentials_incorrect');
  }
  return { account, tokens: result.tokens, taken, returns };
}

const isSecondFactorDue = ({ secondFactor }: Needs, { deviceId }: Authenticated): boolean =>
  secondFactor === 'always' || (secondFactor === 'new-device' && deviceId === undefined);

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
