import { takeSlot } from '../account/phone-slots.ts';
import { viewAccount } from '../account/view-account.ts';
import { securityEvent } from '../audit/compose-records.ts';
import { claimOwnTicket } from '../challenge/claim-own-ticket.ts';
import { releaseTicket, type TicketUse } from '../challenge/claim-ticket.ts';
import { endLeaseIfUnjudged } from '../challenge/end-lease.ts';
import { provenPhone } from '../challenge/proven-phone.ts';
import { type Account, type AccountView, heldPhone, type PhoneMove } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import type { SessionSubject } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { requireSession } from '../session/require-session.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'challenges'
  | 'clock'
  | 'entropy'
  | 'phoneSealKeys'
  | 'publicKeys'
  | 'sealKeys'
  | 'tags'
  | 'limits'
  | 'sessionLimits'
  | 'sessionStore'
  | 'termsVersion'
>;

/**
 * Seconds for which a new phone is held. It resets no password and closes no account, and every
 * notice also goes to the former phone. The owner has that long to act on the notice to the former
 * phone.
 */
const phoneHeldSeconds = 24 * 3600;

/**
 * Moves the account to the phone whose code was verified. One transaction writes number, slots on
 * both phones, ticket and event. `sms-sender` sees the move in the table's stream and tells the
 * former phone, which gets every notice for 24 hours. Four AWS calls.
 * @throws Problem unauthenticated, ticket_invalid, destination_unsupported (the phone filled up
 *   meanwhile), unavailable
 */
export const completePhoneChange =
  (ports: Needs) =>
  async (
    subject: SessionSubject,
    input: { readonly ticket: string; readonly origin: Origin },
  ): Promise<AccountView> => {
    const { account } = await requireSession(ports)(subject);
    const use = await claimOwnTicket(ports)(account, input.ticket, 'phone-change');
    const { phone, phoneTag } = await provenPhone(ports)(use.challenge);
    // A parallel challenge has moved the account there already.
    if (phoneTag === account.phoneTag) throw new Problem('ticket_invalid');

    const now = ports.clock();
    // A second move within the hold keeps the first former phone: notices must not go to a thief's
    // phone instead.
    const former = heldPhone(account, now) ?? account;
    const to = {
      phone,
      phoneTag,
      phoneHeldUntil: now + phoneHeldSeconds,
      formerPhone: former.phone,
      formerPhoneTag: former.phoneTag,
    };
    await endLeaseIfUnjudged(ports)(use, () => move(ports, account, use, to, input.origin));
    return viewAccount(ports)({ ...account, phone, phoneTag }, subject.username);
  };

async function move(
  ports: Needs,
  account: Account,
  use: TicketUse,
  to: PhoneMove,
  origin: Origin,
): Promise<void> {
  const { accounts, limits } = ports;
  const records = {
    events: [securityEvent(ports, 'phone.changed', account.userId ?? '', origin)],
  };
  const ticket = { idHash: use.challenge.idHash, usedBy: use.usedBy };
  const result = await takeSlot(ports, to.phoneTag, () =>
    accounts.movePhone(
      account,
      { ...to, accountsPerPhone: limits.accountsPerPhone },
      records,
      ticket,
    ),
  );
  if (result.kind === 'phone-full') {
    return releaseTicket(ports)(use, new Problem('destination_unsupported'));
  }
  if (result.kind !== 'moved') throw new Problem('ticket_invalid');
}
