import { notices, securityEvent } from '../audit/compose-records.ts';
import { startCharges } from '../budgets/challenge-charges.ts';
import { claimTicket, type TicketUse } from '../challenge/claim-ticket.ts';
import { unsealUnder } from '../crypto/seal.ts';
import type { Account } from '../model/account.ts';
import { loginTokenContext } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import type { Origin, Records } from '../model/records.ts';
import type { Device, SessionTokens, Tokens, TokensIn } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import type { LoginParts } from '../ports/session-store.ts';
import { mintDeviceSecret } from '../session/device-secret.ts';
import { openSession, readClaims } from '../session/open-session.ts';
import { reissueTokens } from '../session/reissue-tokens.ts';
import { isOpenTo } from '../session/session-validity.ts';

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
  | 'directoryTokens'
>;

interface CompletionInput {
  readonly ticket: string;
  readonly rememberDevice: boolean;
  /** Where the tokens go: a repetition never gets them by another way. */
  readonly tokensIn: TokensIn;
  readonly idempotencyKey?: string | undefined;
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
  async (input: CompletionInput): Promise<Completed> => {
    const use = await useOnce(ports, input);
    if (use.done) return completeAgain(ports, use);
    try {
      return await openLogin(ports, input, use);
    } catch (error) {
      const lost = error instanceof Problem && error.code === 'ticket_invalid';
      if (!lost || input.idempotencyKey === undefined) throw error;
      // A twin of this very request may have been faster: then its answer is this one's.
      const twin = await useOnce(ports, input);
      if (!twin.done) throw error;
      return completeAgain(ports, twin);
    }
  };

const useOnce = (
  ports: Needs,
  { ticket, rememberDevice, tokensIn, idempotencyKey }: CompletionInput,
) => claimTicket(ports)(ticket, 'login', [String(rememberDevice), tokensIn], idempotencyKey);

async function openLogin(
  ports: Needs,
  { rememberDevice, origin }: CompletionInput,
  use: TicketUse<'login'>,
): Promise<Completed> {
  const { account, userId, tokens, signedInAt } = await resumeLogin(ports, use);
  const { idHash, deviceId } = use.challenge;
  const device = rememberDevice ? newDevice(ports, { userId, signedInAt, origin }) : undefined;
  const opened = await openSession(ports)({
    account,
    tokens,
    origin,
    ...withDevice(device?.deviceId ?? deviceId),
    records: recordsOf(ports, account, userId, { origin, device, known: deviceId !== undefined }),
    login: {
      ticket: { idHash, usedBy: use.usedBy },
      ...(device && { device }),
      ...unitOf(ports, use.challenge),
    },
  });
  if (!device) return { tokens: opened };
  return { tokens: opened, device: await rememberedAs(ports, account, device) };
}

/** What a device is remembered by. */
async function rememberedAs(
  { keys }: Needs,
  { usernameTag }: Account,
  device: Pick<Device, 'userId' | 'deviceId' | 'expiresAt'>,
) {
  const secret = mintDeviceSecret((await keys()).current, usernameTag, device);
  return { secret, expiresAt: device.expiresAt };
}

/** The session that this very request has opened: the answer that told of it was lost. */
async function completeAgain(ports: Needs, { challenge }: TicketUse<'login'>): Promise<Completed> {
  const reopened = await reissueTokens(ports)(challenge);
  if (!reopened) throw new Problem('ticket_invalid');
  const { account, session, tokens } = reopened;
  const { deviceId } = session;
  const { deviceExpiresAt: expiresAt } = challenge;
  if (deviceId === undefined || expiresAt === undefined) return { tokens };
  const device = { userId: session.userId, deviceId, expiresAt };
  return { tokens, device: await rememberedAs(ports, account, device) };
}

const withDevice = (deviceId: string | undefined) => (deviceId === undefined ? {} : { deviceId });

/** The account as it is now, and fresh tokens for what was kept: a reset in between has ended both. */
async function resumeLogin(
  { keys, accounts, directoryTokens }: Needs,
  { challenge, idBytes }: TicketUse<'login'>,
): Promise<{ account: Account; userId: string; tokens: Tokens; signedInAt: number }> {
  const { idHash, accountTag, userId, directoryToken } = challenge;
  const kept = await unsealUnder(keys, idBytes, loginTokenContext(idHash), directoryToken);
  const [account, fresh] = await Promise.all([
    accounts.find(accountTag),
    directoryTokens.refresh(kept),
  ]);
  if (fresh.kind === 'rejected') throw new Problem('ticket_invalid');
  const { auth_time: signedInAt } = readClaims(fresh.tokens.accessToken);
  if (!isOpenTo(account, userId, signedInAt)) throw new Problem('ticket_invalid');
  // The code went to a phone that is the account's no more.
  const bySms = challenge.verifiedWith === undefined;
  if (bySms && account.phoneTag !== challenge.phoneTag) throw new Problem('ticket_invalid');
  return { account, userId, tokens: fresh.tokens, signedInAt };
}

/** It counts from the sign-in and not from now, as its session does: a reset in between has forgotten it. */
function newDevice(
  { clock, entropy, sessionLimits }: Needs,
  of: { readonly userId: string; readonly signedInAt: number; readonly origin: Origin },
): Device {
  return {
    userId: of.userId,
    deviceId: entropy(16).toString('base64url'),
    createdAt: of.signedInAt,
    expiresAt: clock() + sessionLimits.deviceDays * day,
    label: of.origin.device,
  };
}

/**
 * What the start of the challenge took of the account: nobody can guess at it any more. Of one that an app or a recovery
 * code completed it stays taken: no SMS bounds how often that is done, and each sends its owner a notice.
 */
function unitOf(
  { limits }: Needs,
  challenge: TicketUse<'login'>['challenge'],
): Pick<LoginParts, 'returned'> {
  if (challenge.verifiedWith !== undefined) return {};
  const charge = startCharges(challenge, limits, false).find(({ counts }) => counts === 'uses');
  return charge ? { returned: { charge, at: challenge.createdAt } } : {};
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
    notices: expected ? [] : notices(ports, 'new-device', account),
  };
}
