import { chargeLoginAccount, chargeLoginAddress, passwordTag } from '../budgets/charge-login.ts';
import { checkBreaker } from '../budgets/spend-breaker.ts';
import { keyedRequest } from '../challenge/idempotency.ts';
import { type ChallengeStart, startChallenge } from '../challenge/start.ts';
import { unseal } from '../crypto/seal.ts';
import type { Account } from '../model/account.ts';
import { type ChallengeView, type Method, phoneContext } from '../model/challenge.ts';
import type { ChargedUnit } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import { factorMethods } from '../model/second-factor.ts';
import type { Device, SecondFactor, SessionTokens, Tokens, TokensIn } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { readDeviceSecret } from '../session/device-secret.ts';
import { openSession, type SessionOpening } from '../session/open-session.ts';
import type { RefusedDevices } from '../session/refused-devices.ts';
import { codelessLogin, replayLogin } from '../session/replay-login.ts';
import { isOpenTo } from '../session/session-validity.ts';
import type { Language } from '../values/language.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'keys'
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
 * and one less for a refusal. Two more in parallel, before the last, where the request has a key.
 * @throws Problem credentials_incorrect, too_many_requests
 */
export const logIn =
  (ports: Needs) =>
  async (input: LoginInput): Promise<Login> => {
    const { username, password, device = '', tokensIn, language } = input;
    const usernameTag = (await ports.keys()).tag('username', username);
    const authenticated =
      (await authenticateOnDevice(ports, input, usernameTag)) ??
      (await authenticateElsewhere(ports, input, usernameTag));
    const asks = ['login', username, password, device, tokensIn];
    const replayed = await replayLogin(ports)(keyedRequest(input.idempotencyKey, ...asks));
    if (replayed.kind !== 'none') {
      await revertLogin(ports, authenticated);
      return replayed;
    }
    const { request } = replayed;
    if (isSecondFactorDue(ports, authenticated)) {
      const challenge = await startLoginChallenge(ports, authenticated, { language, request });
      return { kind: 'second-factor-due', challenge };
    }
    const { taken, ...opening } = authenticated;
    const spent = request && (await codelessLogin(ports)(request, authenticated.account, language));
    const tokens = await openOnce(ports, authenticated, {
      ...opening,
      origin: input.origin,
      login: { ...(taken && { returned: taken }), ...(spent && { spent }) },
    });
    return { kind: 'opened', tokens };
  };

/** If a parallel copy of the same request was faster, this login leaves nothing behind. */
async function openOnce(
  ports: Needs,
  authenticated: Authenticated,
  opening: SessionOpening,
): Promise<SessionTokens> {
  try {
    return await openSession(ports)(opening);
  } catch (error) {
    if (error instanceof Problem && error.code === 'unavailable')
      await revertLogin(ports, authenticated);
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

/**
 * Asks the directory in parallel with the device's budget, which no stranger can use up. If the
 * budget refuses, the directory's answer is discarded. On a device that was just refused, the
 * directory is asked last, and the address is charged as well.
 * @returns undefined if the account does not know the device
 * @throws Problem credentials_incorrect, too_many_requests
 */
async function authenticateOnDevice(
  ports: Needs,
  input: LoginInput,
  usernameTag: string,
): Promise<Authenticated | undefined> {
  const { clock, keys, accounts, refusedDevices, directoryTokens } = ports;
  const { username, password, device: secret = '' } = input;
  const device = await readDeviceSecret(keys, usernameTag, secret, clock());
  if (!device) return undefined;
  const { deviceId } = device;
  if (refusedDevices.isRefused(deviceId)) await chargeLoginAddress(ports)(input.address);
  const authenticate = () => directoryTokens.authenticate(username, password);
  const earlyResult = refusedDevices.isRefused(deviceId) ? undefined : authenticate();
  // An error of this call surfaces where it is awaited. Never await it for an unknown device: the
  // latency would reveal whether the password was right.
  earlyResult?.catch(() => undefined);
  const [account, counted] = await Promise.all([
    accounts.find(usernameTag),
    countLogin(ports, device),
  ]);
  if (counted.kind === 'unknown' || !isKnownTo(account, counted.device)) {
    refusedDevices.refused(deviceId);
    return undefined;
  }
  const result = await (earlyResult ?? authenticate());
  if (result.kind === 'rejected') {
    refusedDevices.refused(deviceId);
    throw new Problem('credentials_incorrect');
  }
  return { account, tokens: result.tokens, deviceId };
}

/** @throws Problem too_many_requests */
async function countLogin(
  { clock, limits, refusedDevices, devices }: Needs,
  device: Pick<Device, 'userId' | 'deviceId'>,
) {
  const now = clock();
  const budget = { perHour: limits.loginsPerDeviceAndHour, perDay: limits.loginsPerDeviceAndDay };
  const counted = await devices.countLogin(device, budget, now);
  if (counted.kind !== 'refused') return counted;
  refusedDevices.refused(device.deviceId);
  throw new Problem('too_many_requests', { retryAfter: Math.max(1, counted.until - now) });
}

/** A reset or a change of the password forgets all earlier devices. */
const isKnownTo = (account: Account | undefined, device: Device): account is Account =>
  isOpenTo(account, device.userId, device.createdAt);

/**
 * Asks the directory last, in every state of the account.
 * @throws Problem credentials_incorrect, too_many_requests
 */
async function authenticateElsewhere(
  ports: Needs,
  { username, password, address }: LoginInput,
  usernameTag: string,
): Promise<Authenticated> {
  const [account] = await Promise.all([
    ports.accounts.find(usernameTag),
    chargeLoginAddress(ports)(address),
  ]);
  const taken = await chargeLoginAccount(ports)(usernameTag, account, address);
  const result = await ports.directoryTokens.authenticate(username, password);
  if (result.kind === 'rejected' || account?.status !== 'active') {
    throw new Problem('credentials_incorrect');
  }
  return { account, tokens: result.tokens, taken };
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
  const phone = await unseal(ports.keys, phoneContext(phoneTag), account.phone);
  const methods = methodsOf(account);
  const send = methods[0] === 'sms';
  if (send) await checkBreaker(ports)('account-phone');
  return startChallenge(ports)({
    purpose: 'login',
    language,
    phone,
    phoneTag,
    accountTag: usernameTag,
    ledgerTag: passwordTag(await ports.keys(), usernameTag, account),
    userId,
    ...(deviceId !== undefined && { deviceId }),
    ...(taken && { returned: taken }),
    methods,
    directoryToken: tokens.refreshToken,
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
