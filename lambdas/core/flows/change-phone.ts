import { confirmPassword } from '../account/confirm-password.ts';
import { takeSlot } from '../account/phone-slots.ts';
import { viewAccount } from '../account/view-account.ts';
import { notices, securityEvent } from '../audit/compose-records.ts';
import { chargeAddress, returnUnverifiedUse } from '../budgets/charge-address.ts';
import { reviewNumberOf } from '../budgets/review-numbers.ts';
import { checkBreaker } from '../budgets/spend-breaker.ts';
import { claimOwnTicket } from '../challenge/claim-own-ticket.ts';
import { releaseTicket, type TicketUse } from '../challenge/claim-ticket.ts';
import { keyedRequest, viewStarted } from '../challenge/idempotency.ts';
import { startChallenge } from '../challenge/start.ts';
import { type Account, type AccountView, heldPhone, type PhoneMove } from '../model/account.ts';
import type { ChallengeView } from '../model/challenge.ts';
import { accountLedgerTag } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import type { Ports } from '../ports/index.ts';
import { requireSession, type SessionSubject } from '../session/require-session.ts';
import type { Language } from '../values/language.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'breakers'
  | 'challenges'
  | 'clock'
  | 'entropy'
  | 'keys'
  | 'ledgers'
  | 'limits'
  | 'reviewNumbers'
  | 'sessionLimits'
  | 'sessionStore'
  | 'directoryTokens'
  | 'termsVersion'
>;

/**
 * Seconds for which a new phone resets no password, closes no account and hears of nothing alone: its owner has so long to
 * act on the notice to the old one.
 */
export const phoneHeldSeconds = 24 * 3600;

/**
 * Sends a code to the phone that is to be the account's. Whether it has room is found out by whoever sends it, so that
 * nobody can ask here. It may be anybody's: so it costs what a registration does, of the phone, the address and the money,
 * and the account's own budget besides. Seven AWS calls, two more where the request has a key, and now and then two at once
 * that read the breakers.
 * @throws Problem unauthenticated, credentials_incorrect, too_many_requests, invalid_request, destination_unsupported (a
 *   review number)
 */
export const startPhoneChange =
  (ports: Needs) =>
  async (
    subject: SessionSubject,
    input: {
      readonly phone: string;
      readonly currentPassword: string;
      readonly address: string;
      readonly language: Language;
      readonly idempotencyKey?: string | undefined;
    },
  ): Promise<ChallengeView> => {
    const { account } = await requireSession(ports)(subject);
    const asks = ['phone-change', subject.userId, input.phone, input.currentPassword];
    const request = keyedRequest(input.idempotencyKey, ...asks);
    const keyring = await ports.keys();
    const phoneTag = keyring.tag('phone', input.phone);
    await confirmPassword(ports)(account, subject.username, input.currentPassword);
    const started = await viewStarted(ports)(request);
    if (started) return started;
    if (phoneTag === account.phoneTag) throw alreadyHere();
    await refuseReviewNumber(ports, account, phoneTag);
    await checkBreaker(ports)('caller-chosen-phone', input.phone);
    const startedAt = ports.clock();
    const { tag: addressTag } = await chargeAddress(ports)(input.address, 'caller-chosen-phone');
    return startChallenge(ports)({
      purpose: 'phone-change',
      language: input.language,
      phone: input.phone,
      phoneTag,
      addressTag,
      accountTag: account.usernameTag,
      userId: subject.userId,
      ledgerTag: accountLedgerTag(keyring, account),
      decoy: false,
      send: true,
      request,
      undo: () => returnUnverifiedUse(ports)(addressTag, startedAt),
    });
  };

/** Its code is known to others: no account that was not made for a review may get there. */
async function refuseReviewNumber(ports: Needs, { phoneTag }: Account, to: string): Promise<void> {
  const isReview = reviewNumberOf(ports);
  if ((await isReview(to)) && !(await isReview(phoneTag))) {
    throw new Problem('destination_unsupported');
  }
}

function alreadyHere(): Problem {
  const message = { ar: 'هذا جوال حسابك الآن.', en: 'This is the phone of the account already.' };
  return new Problem('invalid_request', { errors: [{ path: 'phone', message }] });
}

/**
 * Moves the account to the phone whose code was verified. One transaction: number, places on both phones, ticket, event
 * and the notice to the phone it leaves, which is told of everything for 24 hours. Four AWS calls.
 * @throws Problem unauthenticated, ticket_invalid, destination_unsupported (the phone filled up meanwhile), unavailable
 */
export const completePhoneChange =
  (ports: Needs) =>
  async (
    subject: SessionSubject,
    input: { readonly ticket: string; readonly origin: Origin },
  ): Promise<AccountView> => {
    const { account } = await requireSession(ports)(subject);
    const use = await claimOwnTicket(ports)(account, input.ticket, 'phone-change');
    const { phone, phoneTag } = use.challenge;
    // A twin challenge has brought it there already.
    if (phoneTag === account.phoneTag) throw new Problem('ticket_invalid');

    const now = ports.clock();
    // A second move within the hold must not make a thief's phone the one that is told.
    const former = heldPhone(account, now) ?? account;
    const to = {
      phone,
      phoneTag,
      phoneHeldUntil: now + phoneHeldSeconds,
      formerPhone: former.phone,
      formerPhoneTag: former.phoneTag,
    };
    await move(ports, account, use, to, input.origin);
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
    notices: notices(ports, 'phone-changed', account),
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
