import type { Account } from '../account.ts';
import { unsealUnder } from '../crypto/seal.ts';
import { type Challenge, loginTokenContext } from '../engine/challenge.ts';
import { notice, securityEvent } from '../engine/compose-records.ts';
import { mintDeviceSecret } from '../engine/device-secret.ts';
import { isOpenTo } from '../engine/live-session.ts';
import { openSession } from '../engine/open-session.ts';
import { type TicketUse, useTicket } from '../engine/use-ticket.ts';
import type { Ports, SessionTokens, Tokens } from '../ports.ts';
import { Problem } from '../problems.ts';
import type { Origin, Records } from '../records.ts';
import type { Device } from '../session-ports.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'keys'
  | 'limits'
  | 'accounts'
  | 'challenges'
  | 'sessionLimits'
  | 'sessionStore'
  | 'sessions'
>;

interface CompletionInput {
  readonly ticket: string;
  readonly rememberDevice: boolean;
  readonly origin: Origin;
}

interface Completed {
  readonly tokens: SessionTokens;
  /** What the device is remembered by. */
  readonly device?: { readonly secret: string; readonly expiresAt: number };
}

/** Seconds after an account was opened in which its owner need not be told that they log in. */
const freshSeconds = 3600;

const day = 86_400;

/**
 * Opens the session that a login's second factor was due for. Takes the ticket into use, exchanges the directory's token
 * that was kept for whoever holds the challenge's id, and opens the session, spends the ticket and remembers the device
 * in one transaction: the same request resumes after a crash, and ends in one session. Four AWS calls, three in sequence.
 * @throws Problem ticket_invalid, also where the password was reset meanwhile; unavailable
 */
export const completeLogin =
  (ports: Needs) =>
  async ({ ticket, rememberDevice, origin }: CompletionInput): Promise<Completed> => {
    const use = await useTicket(ports)(ticket, 'login', [String(rememberDevice)]);
    const { account, userId, tokens } = await resumeLogin(ports, use);
    const { idHash, deviceId } = use.challenge;
    const device = rememberDevice ? newDevice(ports, use.challenge, userId, origin) : undefined;
    const opened = await openSession(ports)({
      ...{ account, tokens, origin },
      ...withDevice(device?.deviceId ?? deviceId),
      records: recordsOf(ports, account, userId, { origin, device, known: deviceId !== undefined }),
      login: { ticket: { idHash, usedBy: use.usedBy }, ...(device && { device }) },
    });
    if (!device) return { tokens: opened };
    const keySet = (await ports.keys()).current;
    const secret = mintDeviceSecret(keySet, account.usernameTag, device);
    return { tokens: opened, device: { secret, expiresAt: device.expiresAt } };
  };

const withDevice = (deviceId: string | undefined) => (deviceId === undefined ? {} : { deviceId });

/** The account as it is now, and fresh tokens for what was kept: a reset in between has ended both. */
async function resumeLogin(
  { keys, accounts, sessions }: Needs,
  { challenge, idBytes }: TicketUse,
): Promise<{ account: Account; userId: string; tokens: Tokens }> {
  const { idHash, accountTag, userId, directoryToken, createdAt } = loginOf(challenge);
  const kept = await unsealUnder(keys, idBytes, loginTokenContext(idHash), directoryToken);
  const [account, fresh] = await Promise.all([accounts.find(accountTag), sessions.refresh(kept)]);
  if (!isOpenTo(account, userId, createdAt) || fresh.kind === 'rejected') {
    throw new Problem('ticket_invalid');
  }
  return { account, userId, tokens: fresh.tokens };
}

function loginOf({ accountTag, userId, directoryToken, ...challenge }: Challenge) {
  if (accountTag !== undefined && userId !== undefined && directoryToken !== undefined) {
    return { ...challenge, accountTag, userId, directoryToken };
  }
  throw new Error('A login challenge without its account');
}

/** It counts from the sign-in and not from now, as its session does: a reset in between has forgotten it. */
function newDevice(
  { clock, entropy, sessionLimits }: Needs,
  { createdAt }: Challenge,
  userId: string,
  { device: label }: Origin,
): Device {
  const expiresAt = clock() + sessionLimits.deviceDays * day;
  return { userId, deviceId: entropy(16).toString('base64url'), createdAt, expiresAt, label };
}

interface Happened {
  readonly origin: Origin;
  readonly device: Device | undefined;
  /** Whether the device had been remembered before. */
  readonly known: boolean;
}

function recordsOf(
  ports: Needs,
  account: Account,
  userId: string,
  { origin, device, known }: Happened,
): Records {
  const remembered = (of: Device) =>
    securityEvent(ports, 'device.remembered', userId, origin, { device: of.deviceId });
  const expected = known || ports.clock() < account.createdAt + freshSeconds;
  return {
    events: device ? [remembered(device)] : [],
    notices: expected ? [] : [notice(ports, 'new-device', account)],
  };
}
