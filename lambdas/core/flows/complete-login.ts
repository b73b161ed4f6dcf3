import { findByTag } from '../account/find-account.ts';
import { startCharges } from '../budgets/challenge-charges.ts';
import { claimTicket, type TicketUse } from '../challenge/claim-ticket.ts';
import { endLeaseIfUnjudged } from '../challenge/end-lease.ts';
import type { Account } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import type { SessionTokens, Tokens, TokensIn } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import type { LoginParts } from '../ports/session-store.ts';
import { openLoginToken } from '../session/login-token.ts';
import { openSession, readClaims } from '../session/open-session.ts';
import { isOwnDevice } from '../session/own-device.ts';
import { type Recognition, recogniseBrowser } from '../session/recognition.ts';
import { reissueTokens } from '../session/reissue-tokens.ts';
import {
  newDevice,
  type RememberedDevice,
  remembered,
  rememberedAs,
} from '../session/remember-device.ts';
import { isOpenTo } from '../session/session-validity.ts';
import { newDeviceNotice } from '../session/tell-new-device.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'phoneSealKeys'
  | 'publicKeys'
  | 'sessionKeys'
  | 'usernameSealKeys'
  | 'limits'
  | 'accounts'
  | 'challenges'
  | 'sessionLimits'
  | 'sessionStore'
  | 'directoryTokens'
  | 'tags'
>;

interface CompletionInput {
  readonly ticket: string;
  /** As the client sent it. Only `true` has the device remembered. */
  readonly ownDevice?: boolean | undefined;
  /** What the client kept of earlier logins, as it sent it. */
  readonly recognition?: string | undefined;
  /** Where the client keeps the tokens. A repetition never gets them another way. */
  readonly tokensIn: TokensIn;
  readonly idempotencyKey?: string | undefined;
  readonly origin: Origin;
}

interface Completed {
  readonly tokens: SessionTokens;
  readonly device?: RememberedDevice;
  readonly recognition: Recognition;
}

/**
 * Opens the session of a login that needed a second factor. It claims the ticket and exchanges the
 * directory's token that was kept for the holder of the challenge's id.
 * One transaction then opens the session, spends the ticket, remembers the device and returns the
 * unit of its start. The same request resumes after a crash and ends in one session. Four AWS calls,
 * three in sequence. One more in sequence where the account had its notices of new devices today.
 * @throws Problem ticket_invalid, also if the password was reset meanwhile; unavailable
 */
export const completeLogin =
  (ports: Needs) =>
  async (input: CompletionInput): Promise<Completed> => {
    const use = await claimLoginTicket(ports, input);
    if (use.done) return replayCompletion(ports, input, use);
    try {
      return await endLeaseIfUnjudged(ports)(use, () => openLogin(ports, input, use));
    } catch (error) {
      const lost = error instanceof Problem && error.code === 'ticket_invalid';
      if (!lost || input.idempotencyKey === undefined) throw error;
      // A parallel copy of this request may have been faster. Its answer is then this request's
      // answer too.
      const twin = await claimLoginTicket(ports, input);
      if (!twin.done) throw error;
      return replayCompletion(ports, input, twin);
    }
  };

const claimLoginTicket = (
  ports: Needs,
  { ticket, ownDevice, tokensIn, idempotencyKey }: CompletionInput,
) => claimTicket(ports)(ticket, 'login', [String(ownDevice), tokensIn], idempotencyKey);

async function openLogin(
  ports: Needs,
  { ownDevice: said, tokensIn, recognition: before, origin }: CompletionInput,
  use: TicketUse<'login'>,
): Promise<Completed> {
  const { account, userId, tokens, signedInAt } = await resumeLogin(ports, use);
  const { idHash, deviceId } = use.challenge;
  const device = said ? newDevice(ports, { userId, signedInAt, origin }) : undefined;
  const ownDevice = isOwnDevice(said, tokensIn);
  const told =
    deviceId === undefined ? await newDeviceNotice(ports)(account, tokens, before) : undefined;
  const opened = await openSession(ports)({
    account,
    tokens,
    origin,
    ...withDevice(device?.deviceId ?? deviceId),
    ownDevice,
    records: {
      events: device ? [remembered(ports, device, origin)] : [],
      notices: told?.notices ?? [],
    },
    login: {
      ticket: { idHash, usedBy: use.usedBy },
      ...(device && { device }),
      ...returnedUnit(ports, use),
      ...(told && { noticeCharge: told.charge }),
    },
  });
  const recognition = await recogniseBrowser(ports)(before, {
    account,
    accessToken: opened.accessToken,
    ownDevice,
  });
  if (!device) return { tokens: opened, recognition };
  return { tokens: opened, device: await rememberedAs(ports, tokens, device), recognition };
}

/**
 * Repeats the answer of this request: its session is open, and its first answer was lost.
 * @throws Problem ticket_invalid if the session is over or was refreshed
 */
async function replayCompletion(
  ports: Needs,
  { recognition: before }: CompletionInput,
  { challenge }: TicketUse<'login'>,
): Promise<Completed> {
  const reopened = await reissueTokens(ports)(challenge);
  if (!reopened) throw new Problem('ticket_invalid');
  const { account, session, tokens } = reopened;
  const { deviceId } = session;
  const recognition = await recogniseBrowser(ports)(before, {
    account,
    accessToken: tokens.accessToken,
    ownDevice: session.ownDevice,
  });
  const { deviceExpiresAt: expiresAt } = challenge;
  if (deviceId === undefined || expiresAt === undefined) return { tokens, recognition };
  const device = { userId: session.userId, deviceId, expiresAt };
  return { tokens, device: await rememberedAs(ports, tokens, device), recognition };
}

const withDevice = (deviceId: string | undefined) => (deviceId === undefined ? {} : { deviceId });

/**
 * The account as it is now, and fresh tokens for the token that was kept. A reset in between has
 * ended both.
 */
async function resumeLogin(
  ports: Needs,
  { challenge, idBytes, verification }: TicketUse<'login'>,
): Promise<{ account: Account; userId: string; tokens: Tokens; signedInAt: number }> {
  const { directoryTokens } = ports;
  const { accountTag, userId } = challenge;
  const kept = await openLoginToken(ports)(idBytes, challenge);
  if (kept === undefined) throw new Problem('ticket_invalid');
  const [account, fresh] = await Promise.all([
    findByTag(ports)(accountTag),
    directoryTokens.refresh(kept),
  ]);
  if (fresh.kind === 'rejected') throw new Problem('ticket_invalid');
  const { auth_time: signedInAt } = readClaims(fresh.tokens.accessToken);
  if (!isOpenTo(account, userId, signedInAt)) throw new Problem('ticket_invalid');
  // The code went to a phone that is no longer the account's.
  const bySms = verification.method === 'sms';
  const samePhone = (await ports.tags()).isSame(account.phoneTag, challenge.phoneTag);
  if (bySms && !samePhone) throw new Problem('ticket_invalid');
  return { account, userId, tokens: fresh.tokens, signedInAt };
}

/**
 * The account's unit that the start of the challenge took. A completed login returns it, whatever its
 * method: the challenge can no longer be guessed at.
 */
function returnedUnit(
  { limits }: Needs,
  { challenge }: TicketUse<'login'>,
): Pick<LoginParts, 'returned'> {
  const charge = startCharges(challenge, limits, false).find(({ counts }) => counts === 'uses');
  return charge ? { returned: { charge, at: challenge.createdAt } } : {};
}
