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
 * Seconds for which a new phone is held. It resets no password and closes no account, and every
 * notice also goes to the former phone. The owner has that long to act on the notice to the former
 * phone.
 */
export const phoneHeldSeconds = 24 * 3600;

/**
 * Sends a code to the phone that is to become the account's. The sender finds out whether the phone
 * has a free slot, so this call reveals nothing about a phone.
 * The phone may be a stranger's. So the code costs what a registration's does (phone, address,
 * money), and the account's own budget.
 * Seven AWS calls, two more where the request has a key. Now and then two more in parallel, which
 * read the breakers.
 * @throws Problem unauthenticated, credentials_incorrect, too_many_requests, invalid_request,
 *   destination_unsupported (a review number)
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
    if (phoneTag === account.phoneTag) throw phoneUnchanged();
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

/**
 * The code of a review number is known to others. Only an account that is on a review number
 * already may move to one.
 * @throws Problem destination_unsupported
 */
async function refuseReviewNumber(ports: Needs, { phoneTag }: Account, to: string): Promise<void> {
  const isReview = reviewNumberOf(ports);
  if ((await isReview(to)) && !(await isReview(phoneTag))) {
    throw new Problem('destination_unsupported');
  }
}

function phoneUnchanged(): Problem {
  const message = { ar: 'هذا جوال حسابك الآن.', en: 'This is the phone of the account already.' };
  return new Problem('invalid_request', { errors: [{ path: 'phone', message }] });
}

/**
 * Moves the account to the phone whose code was verified. One transaction writes number, slots on
 * both phones, ticket, event and the notice to the former phone. The former phone gets every notice
 * for 24 hours. Four AWS calls.
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
    const { phone, phoneTag } = use.challenge;
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
