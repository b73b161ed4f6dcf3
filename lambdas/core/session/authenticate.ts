import type { LoginName } from '../account/find-login.ts';
import { chargeLoginAccount, chargeLoginAddress } from '../budgets/charge-login.ts';
import type { GuessMetrics } from '../budgets/guess-breaker.ts';
import {
  lostAnswersReturned,
  type Return,
  returnOf,
  returnUnjudged,
} from '../budgets/return-unjudged.ts';
import type { Account } from '../model/account.ts';
import type { ChargedUnit } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import type { Device, Tokens } from '../model/session.ts';
import type { PasswordAnswer } from '../ports/directory-tokens.ts';
import type { Ports } from '../ports/index.ts';
import { findOwnDevice, type ReadDevice } from './device-secret.ts';
import { recordFailedLogin, requireNationalIdLogins } from './national-id-logins.ts';
import type { RefusedDevices } from './refused-devices.ts';
import { isOpenTo } from './session-validity.ts';
import { chargeTicketPassword, type TicketFactor, ticketFactor } from './ticket-factor.ts';

export type AuthenticateNeeds = Pick<
  Ports,
  | 'clock'
  | 'sessionKeys'
  | 'tags'
  | 'limits'
  | 'accounts'
  | 'breakers'
  | 'devices'
  | 'ledgers'
  | 'directoryTokens'
  | 'publicKeys'
> & { readonly refusedDevices: RefusedDevices; readonly guessMetrics?: GuessMetrics };

/** What a claimant logs in with. */
export interface Credentials {
  readonly name: LoginName;
  readonly password: string;
  /** The secrets of remembered devices, as the client sent them: those of all people of a browser. */
  readonly devices?: readonly string[] | undefined;
  /** A ticket that may be the second factor, as the client sent it. */
  readonly ticket?: string | undefined;
  /** What the client kept of earlier logins, as it sent it. */
  readonly recognition?: string | undefined;
  readonly address: string;
}

/** A claimant who has proved the password of an active account. */
export interface Authenticated {
  readonly account: Account;
  readonly tokens: Tokens;
  /** Id of the remembered device that the password was typed on. */
  readonly deviceId?: string;
  /** The ticket that was the second factor, and was charged in place of the account. */
  readonly factor?: TicketFactor;
  /** The unit of account or ticket that the attempt was charged. What the login opens returns it. */
  readonly taken?: ChargedUnit;
  /** The units of the address. A right password is no guess: return them, whatever follows. */
  readonly addressUnits: readonly ChargedUnit[];
  /** Return the charges of account and device. */
  readonly returns: readonly Return[];
}

/**
 * Proves a password, on a remembered device within the device's budget and elsewhere within those of account and address.
 * @throws Problem credentials_incorrect, too_many_requests, unavailable
 */
export async function authenticate(
  ports: AuthenticateNeeds,
  input: Credentials,
): Promise<Authenticated> {
  const byTicket = await authenticateByTicket(ports, input);
  if (byTicket) return byTicket;
  const device = await readDevice(ports, input);
  if (!device) return authenticateElsewhere(ports, input);
  const onDevice = await authenticateOnDevice(ports, input, device);
  if (onDevice.kind === 'authenticated') return onDevice;
  return authenticateElsewhere(ports, input, onDevice);
}

/**
 * A ticket that proves the account's phone has passwords of its own. So neither the tries of the name, of the address or of a
 * device, nor whoever used them up, stands in its way.
 * @returns undefined where the ticket counts for nothing, or has no password left
 * @throws Problem credentials_incorrect, unavailable
 */
async function authenticateByTicket(
  ports: AuthenticateNeeds,
  { name, password, ticket }: Credentials,
): Promise<Authenticated | undefined> {
  if (ticket === undefined) return undefined;
  const account = await name.account();
  const factor = await ticketFactor(ports, ticket, account, ports.clock());
  const unit = factor && (await chargeTicketPassword(ports, factor));
  if (!unit || account === undefined) return undefined;
  const returns = [returnOf(ports, unit)];
  const username = await name.username();
  const result = await returnUnjudged(returns, () =>
    ports.directoryTokens.authenticate(username, password),
  );
  if (result.kind === 'rejected') throw new Problem('credentials_incorrect');
  return { account, tokens: result.tokens, factor, taken: unit, addressUnits: [], returns };
}

/**
 * A device is bound to the username. For a national ID the account is read first, whoever's device it is: so the reading
 * tells nothing.
 */
async function readDevice(
  { sessionKeys, clock }: AuthenticateNeeds,
  { name, devices = [] }: Credentials,
): Promise<ReadDevice | undefined> {
  if (devices.length === 0) return undefined;
  return findOwnDevice(sessionKeys, await name.username(), devices, clock());
}

/** The account does not know the device. */
interface UnknownDevice {
  readonly kind: 'unknown-device';
  /** The directory's answer, if it was asked already. */
  readonly asked: Promise<PasswordAnswer> | undefined;
  /** What the attempt was charged so far. */
  readonly addressUnits: readonly ChargedUnit[];
}

/**
 * Asks the directory in parallel with the device's budget, which no stranger can use up. If the
 * budget refuses, the directory's answer is discarded. On a device that was just refused, the
 * directory is asked last, and the address is charged as well.
 * @throws Problem credentials_incorrect, too_many_requests, unavailable
 */
async function authenticateOnDevice(
  ports: AuthenticateNeeds,
  { name, password, address }: Credentials,
  device: ReadDevice,
): Promise<({ readonly kind: 'authenticated' } & Authenticated) | UnknownDevice> {
  const { refusedDevices, directoryTokens } = ports;
  const { deviceId } = device;
  const refused = refusedDevices.isRefused(deviceId);
  const addressUnits = refused ? [await chargeLoginAddress(ports)(address)] : [];
  const username = await name.username();
  const ask = () => directoryTokens.authenticate(username, password);
  const asked = refused ? undefined : ask();
  // An error of this call surfaces where it is awaited. Never await it for an unknown device: the
  // latency would reveal whether the password was right.
  asked?.catch(() => undefined);
  const [account, counted] = await Promise.all([name.account(), countLogin(ports, device)]);
  if (
    counted.kind === 'unknown' ||
    !isKnownTo(account, counted.device) ||
    !(await isKeyInUse(ports, device, counted.device))
  ) {
    refusedDevices.refused(deviceId);
    return { kind: 'unknown-device', asked, addressUnits };
  }
  const returns = [counted.giveBack];
  const all = [...returns, ...returnsOf(ports, addressUnits)];
  const result = await returnUnjudged(all, () => asked ?? ask());
  if (result.kind === 'rejected') {
    refusedDevices.refused(deviceId);
    throw new Problem('credentials_incorrect');
  }
  const { tokens } = result;
  return { kind: 'authenticated', account, tokens, deviceId, addressUnits, returns };
}

const returnsOf = (ports: AuthenticateNeeds, units: readonly ChargedUnit[]): Return[] =>
  units.map((unit) => returnOf(ports, unit));

/** @throws Problem too_many_requests */
async function countLogin(
  { clock, limits, refusedDevices, devices }: AuthenticateNeeds,
  device: Pick<Device, 'userId' | 'deviceId'>,
) {
  const now = clock();
  const budget = { perHour: limits.loginsPerDeviceAndHour, perDay: limits.loginsPerDeviceAndDay };
  const counted = await devices.countLogin(device, budget, now);
  if (counted.kind === 'refused') {
    refusedDevices.refused(device.deviceId);
    const retryAfter = Math.max(1, counted.until - now);
    throw new Problem('too_many_requests', { retryAfter, limit: 'device' });
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
  { sessionKeys }: AuthenticateNeeds,
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
  ports: AuthenticateNeeds,
  credentials: Credentials,
  unknown?: UnknownDevice,
): Promise<Authenticated> {
  const { name, password, address } = credentials;
  const charging = chargeLoginAddress(ports)(address);
  const giveBack: Return = async (why) => returnOf(ports, await charging)(why);
  const [account, addressUnit] = await returnUnjudged([giveBack], () =>
    Promise.all([name.account(), charging]),
  );
  const addressUnits = [...(unknown?.addressUnits ?? []), addressUnit];
  const addressReturns = returnsOf(ports, addressUnits);
  const unit = await returnUnjudged(addressReturns, () =>
    chargeAttempt(ports, credentials, account),
  );
  const returns = [returnOf(ports, unit)];
  const username = await name.username();
  const ask = () => ports.directoryTokens.authenticate(username, password);
  const all = [...returns, ...addressReturns];
  const result = await returnUnjudged(all, () => unknown?.asked ?? ask());
  if (result.kind === 'rejected' || account?.status !== 'active') {
    await recordFailedLogin(ports, name);
    throw new Problem('credentials_incorrect');
  }
  return { account, tokens: result.tokens, taken: unit, addressUnits, returns };
}

/** @throws Problem too_many_requests */
async function chargeAttempt(
  ports: AuthenticateNeeds,
  { name, recognition, address }: Credentials,
  account: Account | undefined,
): Promise<ChargedUnit> {
  await requireNationalIdLogins(ports, name, account, recognition);
  const typed = { kind: name.kind, tag: await name.ledgerTag() };
  return chargeLoginAccount(ports)(typed, account, address);
}
