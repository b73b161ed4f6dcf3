import { takeSlot } from '../account/phone-slots.ts';
import { viewAccount } from '../account/view-account.ts';
import { securityEvent } from '../audit/compose-records.ts';
import type { WrongCodeNeeds } from '../budgets/record-wrong-code.ts';
import { claimOwnTicket } from '../challenge/claim-own-ticket.ts';
import { releaseTicket, type TicketUse } from '../challenge/claim-ticket.ts';
import { endLeaseIfUnjudged } from '../challenge/end-lease.ts';
import { provenPhone } from '../challenge/proven-phone.ts';
import { acceptSecondFactor } from '../challenge/require-second-factor.ts';
import {
  type Account,
  type AccountView,
  heldPhone,
  heldSince,
  type PhoneHold,
  type PhoneMove,
  phoneHeldSeconds,
} from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import { type FactorCode, isSeasoned } from '../model/second-factor.ts';
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
> &
  WrongCodeNeeds;

interface ChangeInput {
  readonly ticket: string;
  /** Lifts the hold where the account has such a factor, and has had it for a day. */
  readonly secondFactor?: FactorCode | undefined;
  readonly origin: Origin;
}

/**
 * Moves the account to the phone whose code was verified. One transaction writes number, slots on
 * both phones, ticket and event. `sms-sender` sees the move in the table's stream and tells the
 * former phone.
 * The new phone is held for 24 hours, in which the former phone gets every notice and can bring
 * itself back. A second factor shows that the owner makes the change: the phone is not held then.
 * Four AWS calls, two more with a second factor.
 * @throws Problem unauthenticated, ticket_invalid, code_incorrect, challenge_locked,
 *   phone_full (it filled up meanwhile), unavailable
 */
export const completePhoneChange =
  (ports: Needs) =>
  async (subject: SessionSubject, input: ChangeInput): Promise<AccountView> => {
    const { account } = await requireSession(ports)(subject);
    const { method, code } = input.secondFactor ?? {};
    const inputs = [method ?? '', code ?? ''];
    const use = await claimOwnTicket(ports)(account, input.ticket, 'phone-change', inputs);
    const { phone, phoneTag } = await provenPhone(ports)(use.challenge);
    // A parallel challenge has moved the account there already.
    if ((await ports.tags()).isSame(phoneTag, account.phoneTag))
      throw new Problem('ticket_invalid');

    await endLeaseIfUnjudged(ports)(use, async () => {
      const confirmed = await isConfirmed(ports, use, account, input);
      const hold = confirmed ? undefined : holdOf(account, ports.clock());
      await move(ports, account, use, { phone, phoneTag, hold }, input.origin);
    });
    return viewAccount(ports)({ ...account, phone, phoneTag }, subject.username);
  };

/**
 * Whether the owner's second factor confirms the change. A factor of the last 24 hours does not: a
 * thief with session and password could add one just before. Within a hold, those are the 24 hours
 * before it began: the thief could add one and wait.
 * @throws Problem code_incorrect, challenge_locked, ticket_invalid
 */
async function isConfirmed(
  ports: Needs,
  use: TicketUse<'phone-change'>,
  account: Account,
  { secondFactor, origin }: ChangeInput,
): Promise<boolean> {
  const at = heldSince(account, ports.clock());
  const accepted = use.challenge.secondFactor;
  if (accepted) return isSeasoned(account, accepted, at);
  if (!secondFactor) return false;
  await acceptSecondFactor(ports)(use, account, { secondFactor, origin });
  return isSeasoned(account, secondFactor.method, at);
}

/**
 * A second move within the hold keeps the first former phone: notices must not go to a thief's
 * phone instead, and the owner must be able to bring that phone back.
 */
function holdOf(account: Account, now: number): PhoneHold {
  const held = heldPhone(account, now);
  const former = held ?? account;
  return {
    phoneHeldFrom: held ? heldSince(account, now) : now,
    phoneHeldUntil: now + phoneHeldSeconds,
    formerPhone: former.phone,
    formerPhoneTag: former.phoneTag,
  };
}

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
    return releaseTicket(ports)(use, new Problem('phone_full'));
  }
  if (result.kind !== 'moved') throw new Problem('ticket_invalid');
}
