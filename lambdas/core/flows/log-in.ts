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
import { type Opening, openSession } from '../session/open-session.ts';
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
> & { readonly secondFactor: SecondFactor; readonly deviceMemory: RefusedDevices };

interface LoginInput {
  readonly username: string;
  readonly password: string;
  /** The secret of a remembered device, as it was sent. */
  readonly device?: string | undefined;
  /** Where the tokens go: a repetition never gets them by another way. */
  readonly tokensIn: TokensIn;
  readonly address: string;
  readonly origin: Origin;
  readonly language: Language;
  readonly idempotencyKey?: string | undefined;
}

/** Somebody who knows the password of an active account. */
interface Passed {
  readonly account: Account;
  readonly tokens: Tokens;
  /** The remembered device it was typed on. */
  readonly deviceId?: string;
  /** The try it took, which was none in vain. */
  readonly taken?: ChargedUnit;
}

export type Login =
  | { readonly kind: 'opened'; readonly tokens: SessionTokens }
  | { readonly kind: 'second-factor-due'; readonly challenge: ChallengeView };

/**
 * Logs in with username and password; on a device that is not remembered, the second factor is due. Wrong password,
 * unknown username, disabled account and unfinished registration are one answer after the same work.
 * On a remembered device four AWS calls, two in sequence; else five, four of them in sequence, for a refusal one less;
 * two more at once before the last where the request has a key.
 * @throws Problem credentials_incorrect, too_many_requests
 */
export const logIn =
  (ports: Needs) =>
  async (input: LoginInput): Promise<Login> => {
    const { username, password, device = '', tokensIn, language } = input;
    const usernameTag = (await ports.keys()).tag('username', username);
    const passed =
      (await passOnDevice(ports, input, usernameTag)) ??
      (await passAnywhere(ports, input, usernameTag));
    const asks = ['login', username, password, device, tokensIn];
    const before = await replayLogin(ports)(keyedRequest(input.idempotencyKey, ...asks));
    if (before.kind !== 'none') {
      await undo(ports, passed);
      return before;
    }
    const { request } = before;
    if (isSecondFactorDue(ports, passed)) {
      const challenge = await startLoginChallenge(ports, passed, { language, request });
      return { kind: 'second-factor-due', challenge };
    }
    const { taken, ...opening } = passed;
    const spent = request && (await codelessLogin(ports)(request, passed.account, language));
    const tokens = await openOnce(ports, passed, {
      ...opening,
      origin: input.origin,
      login: { ...(taken && { returned: taken }), ...(spent && { spent }) },
    });
    return { kind: 'opened', tokens };
  };

/** What could not be opened, because a twin of the same request was faster, leaves nothing behind. */
async function openOnce(ports: Needs, passed: Passed, opening: Opening): Promise<SessionTokens> {
  try {
    return await openSession(ports)(opening);
  } catch (error) {
    if (error instanceof Problem && error.code === 'unavailable') await undo(ports, passed);
    throw error;
  }
}

/** Of a login that was answered before: its try, and the directory's session of it. */
async function undo({ ledgers, directoryTokens }: Needs, { taken, tokens }: Passed): Promise<void> {
  await Promise.all([
    taken && ledgers.returnUnit(taken.charge, taken.at),
    directoryTokens.revoke(tokens.refreshToken),
  ]);
}

/**
 * The directory is asked along with the budget, which no stranger can use up; an answer that the budget does not cover is
 * not told. On a device that was just refused it is asked last, and the address pays as well.
 * @returns undefined where the device is not one that this account knows
 */
async function passOnDevice(
  ports: Needs,
  input: LoginInput,
  usernameTag: string,
): Promise<Passed | undefined> {
  const { clock, keys, accounts, deviceMemory, directoryTokens } = ports;
  const { username, password, device: secret = '' } = input;
  const device = await readDeviceSecret(keys, usernameTag, secret, clock());
  if (!device) return undefined;
  const { deviceId } = device;
  if (deviceMemory.isRefused(deviceId)) await chargeLoginAddress(ports)(input.address);
  const authenticate = () => directoryTokens.authenticate(username, password);
  const early = deviceMemory.isRefused(deviceId) ? undefined : authenticate();
  // Whoever waits for it meets its error; nobody waits on a device that is none, or its time would tell the password.
  early?.catch(() => undefined);
  const [account, counted] = await Promise.all([
    accounts.find(usernameTag),
    countLogin(ports, device),
  ]);
  if (counted.kind === 'unknown' || !isKnownTo(account, counted.device)) {
    deviceMemory.refused(deviceId);
    return undefined;
  }
  const result = await (early ?? authenticate());
  if (result.kind === 'rejected') {
    deviceMemory.refused(deviceId);
    throw new Problem('credentials_incorrect');
  }
  return { account, tokens: result.tokens, deviceId };
}

/** @throws Problem too_many_requests */
async function countLogin(
  { clock, limits, deviceMemory, devices }: Needs,
  device: Pick<Device, 'userId' | 'deviceId'>,
) {
  const now = clock();
  const budget = { perHour: limits.loginsPerDeviceAndHour, perDay: limits.loginsPerDeviceAndDay };
  const counted = await devices.countLogin(device, budget, now);
  if (counted.kind !== 'refused') return counted;
  deviceMemory.refused(device.deviceId);
  throw new Problem('too_many_requests', { retryAfter: Math.max(1, counted.until - now) });
}

/** A reset or a change of the password forgets the devices of before it. */
const isKnownTo = (account: Account | undefined, device: Device): account is Account =>
  isOpenTo(account, device.userId, device.createdAt);

/** The directory is asked last, and whatever the account is. */
async function passAnywhere(
  ports: Needs,
  { username, password, address }: LoginInput,
  usernameTag: string,
): Promise<Passed> {
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

const isSecondFactorDue = ({ secondFactor }: Needs, { deviceId }: Passed): boolean =>
  secondFactor === 'always' || (secondFactor === 'new-device' && deviceId === undefined);

/**
 * Keeps the directory's refresh token for whoever completes the challenge, and drops the others. Whoever has an
 * authenticator app is sent nothing unless they ask.
 */
async function startLoginChallenge(
  ports: Needs,
  { account, tokens, deviceId, taken }: Passed,
  { language, request }: Pick<ChallengeStart, 'language' | 'request'>,
): Promise<ChallengeView> {
  const { phoneTag, usernameTag, userId } = account;
  if (userId === undefined) throw new Error('An active account has no user');
  const phone = await unseal(ports.keys, phoneContext(phoneTag), account.phone);
  const methods = methodsOf(account);
  const send = methods[0] === 'sms';
  if (send) await checkBreaker(ports)('account-phone', phone);
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

/** The app first, where there is one; an SMS before recovery codes, which are for who has neither at hand. */
function methodsOf(account: Account): Method[] {
  const own = factorMethods(account);
  return account.totp ? [...own, 'sms'] : ['sms', ...own];
}
