import { unseal } from '../crypto/seal.ts';
import { checkBreaker } from '../engine/breaker.ts';
import { type ChallengeView, phoneContext } from '../engine/challenge.ts';
import { notice, securityEvent } from '../engine/compose-records.ts';
import { requireSession, type SessionSubject } from '../engine/require-session.ts';
import { startChallenge } from '../engine/start-challenge.ts';
import { useOwnTicket } from '../engine/use-own-ticket.ts';
import type { Language } from '../language.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';
import type { Origin } from '../records.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'breakers'
  | 'challenges'
  | 'clock'
  | 'devices'
  | 'entropy'
  | 'events'
  | 'keys'
  | 'limits'
  | 'sessionLimits'
  | 'sessionStore'
  | 'users'
>;

/**
 * Sends a code to the account's phone: closing cannot be undone. Four AWS calls.
 * @throws Problem unauthenticated, too_many_requests
 */
export const startClosing =
  (ports: Needs) =>
  async (
    subject: SessionSubject,
    { language }: { readonly language: Language },
  ): Promise<ChallengeView> => {
    const { account } = await requireSession(ports)(subject);
    const { phoneTag, usernameTag } = account;
    const phone = await unseal(ports.keys, phoneContext(phoneTag), account.phone);
    await checkBreaker(ports)('account-closing', phone);
    return startChallenge(ports)({
      ...{ purpose: 'account-closing', language, phone, phoneTag },
      ...{ accountTag: usernameTag, userId: subject.userId },
      ...{ decoy: false, send: true },
    });
  };

/**
 * Closes the account: deletes the user, sessions, devices and events, and in one transaction at the end the account, its
 * identity, its place on the phone and the session it was closed from. The user goes first, so that nobody logs in
 * behind the deletion; account and session go last, so that the same request, repeated after a crash, still finds whose
 * it is. Username and national ID are free from then on. Ten AWS calls, and some for each 25 items.
 * @throws Problem unauthenticated, ticket_invalid, unavailable
 */
export const completeClosing =
  (ports: Needs) =>
  async (subject: SessionSubject, input: { readonly ticket: string }): Promise<void> => {
    const { accounts, users, sessionStore, devices, events } = ports;
    const { userId, sessionId } = subject;
    const { account } = await requireSession(ports)(subject);
    const { challenge, usedBy } = await useOwnTicket(ports)(
      account,
      input.ticket,
      'account-closing',
    );

    await users.deleteUser(userId);
    await Promise.all([
      sessionStore.eraseAll(userId, sessionId),
      devices.forgetAll(userId),
      events.eraseAll(userId),
    ]);
    const records = {
      events: [securityEvent(ports, 'account.closed', userId, nowhere)],
      notices: [notice(ports, 'account-closed', account)],
    };
    const ticket = { idHash: challenge.idHash, usedBy };
    const closed = await accounts.close(account, sessionId, records, ticket);
    if (closed.kind !== 'closed') throw new Problem('ticket_invalid');
  };

/** The one event that stays says that the account was closed, and not from where. */
const nowhere: Origin = { addressTag: 'none', device: 'Unknown' };
