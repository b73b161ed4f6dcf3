import { findByTag } from '../account/find-account.ts';
import { securityEvent } from '../audit/compose-records.ts';
import { claimOwnTicket } from '../challenge/claim-own-ticket.ts';
import type { TicketUse } from '../challenge/claim-ticket.ts';
import { endLeaseIfUnjudged } from '../challenge/end-lease.ts';
import { type Account, userIdsOf } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import type { SessionSubject } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { requireClosingSession } from '../session/require-session.ts';
import { refuseWhileHeld } from './start-closing.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'challenges'
  | 'clock'
  | 'devices'
  | 'directoryUsers'
  | 'entropy'
  | 'events'
  | 'publicKeys'
  | 'tags'
  | 'limits'
  | 'sessionLimits'
  | 'sessionStore'
>;

/**
 * Closes the account:
 * 1. Mark it as closing, which ends every session, and tell its owner.
 * 2. Delete its users, sessions, devices and events.
 * 3. In one transaction, delete the account, its identity, its slot on the phone and the session it
 *    is closed from.
 *
 * Account and session go last, so that the same request, repeated after a crash, still finds the
 * account. Afterwards, username and national ID are free.
 * Until then, the owner can take the account back by a reset. It then has another user, and the
 * closing goes no further.
 * Eleven AWS calls, three more for each user the account had before, and one for each item of
 * theirs.
 * @throws Problem unauthenticated, ticket_invalid, unavailable, too_many_requests while the phone
 *   is held
 */
export const completeClosing =
  (ports: Needs) =>
  async (subject: SessionSubject, input: { readonly ticket: string }): Promise<void> => {
    const { account } = await requireClosingSession(ports)(subject);
    refuseWhileHeld(ports, account);
    const use = await claimOwnTicket(ports)(account, input.ticket, 'account-closing');
    await endLeaseIfUnjudged(ports)(use, () => closeAccount(ports, account, subject, use));
    // Once more: a login or an export in flight may have written after the first erasure.
    await erase(ports, account);
  };

async function closeAccount(
  ports: Needs,
  account: Account,
  subject: SessionSubject,
  use: TicketUse,
): Promise<void> {
  if (account.status !== 'closing') await markClosing(ports, account);
  // Delete by id: an account that a reset took back in the meantime has a user with another id.
  for (const userId of userIdsOf(account)) await ports.directoryUsers.deleteUser(userId);
  const closing = await requireStillClosing(ports, account);
  await erase(ports, closing, subject.sessionId);
  await deleteAccount(ports, closing, subject, use);
}

/** From here on the account opens nothing. `sms-sender` sees this write in the table's stream and tells the owner. */
async function markClosing(ports: Needs, account: Account): Promise<void> {
  const { kind } = await ports.accounts.beginClosing(account, ports.clock());
  if (kind !== 'closing') throw new Problem('ticket_invalid');
}

/**
 * An account that was taken back keeps its events: they show who closed it.
 * @returns the account where it stands now
 */
async function requireStillClosing(ports: Needs, account: Account): Promise<Account> {
  const found = await findByTag(ports)(account.usernameTag);
  if (found?.status === 'closing' && found.userId === account.userId) return found;
  throw new Problem('ticket_invalid');
}

async function deleteAccount(
  ports: Needs,
  account: Account,
  { userId, sessionId }: SessionSubject,
  { challenge, usedBy }: TicketUse,
): Promise<void> {
  const records = { events: [securityEvent(ports, 'account.closed', userId, noOrigin)] };
  const ticket = { idHash: challenge.idHash, usedBy };
  const closed = await ports.accounts.close(account, sessionId, records, ticket);
  if (closed.kind !== 'closed') throw new Problem('ticket_invalid');
}

/**
 * Deletes the sessions, devices and events of the account's users.
 * @param except id of the session by which the closing is repeated
 */
async function erase(
  { sessionStore, devices, events }: Needs,
  account: Account,
  except?: string,
): Promise<void> {
  await Promise.all(
    userIdsOf(account).flatMap((userId) => [
      sessionStore.eraseAll(userId, except),
      devices.forgetAll(userId),
      events.eraseAll(userId),
    ]),
  );
}

/** The event that remains says that the account was closed, and not from where. */
const noOrigin: Origin = { addressTag: 'none', device: 'Unknown' };
