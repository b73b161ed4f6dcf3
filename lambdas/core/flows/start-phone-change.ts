import { confirmPassword } from '../account/confirm-password.ts';
import { type PromiseNeeds, requirePromise } from '../budgets/promise-sms.ts';
import { reviewNumberOf } from '../budgets/review-numbers.ts';
import { keyedRequest, viewStarted } from '../challenge/idempotency.ts';
import { startChallenge } from '../challenge/start.ts';
import type { Account } from '../model/account.ts';
import type { ChallengeView } from '../model/challenge.ts';
import { accountLedgerTag, addressLedger } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import type { SessionSubject } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { requireSession } from '../session/require-session.ts';
import type { Language } from '../values/language.ts';

type Needs = PromiseNeeds &
  Pick<
    Ports,
    | 'accounts'
    | 'challenges'
    | 'directoryTokens'
    | 'entropy'
    | 'phoneSealKeys'
    | 'sessionLimits'
    | 'sessionStore'
  >;

/**
 * Sends a code to the phone that is to become the account's. The sender finds out whether the phone
 * has a free slot, so this call reveals nothing about a phone.
 * The phone may be a stranger's. So the code costs what a registration's does (phone, address,
 * money), and the account's own budget.
 * Eight AWS calls, two more where the request has a key. Now and then two more in parallel, which
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
    const tagger = await ports.tags();
    const phoneTag = tagger.tag('phone', input.phone);
    await confirmPassword(ports)(account, subject.username, input.currentPassword);
    const commitment = {
      purpose: 'phone-change',
      accountTag: account.usernameTag,
      phoneTag,
    } as const;
    const started = await viewStarted(ports)(request, commitment);
    if (started) return started;
    if (tagger.isSame(phoneTag, account.phoneTag)) throw phoneUnchanged();
    await refuseReviewNumber(ports, account, phoneTag);
    const { phone } = input;
    const { tag: addressTag } = addressLedger(tagger, input.address);
    const { reservedAt, addressUnit, undo, returns } = await requirePromise(ports)({
      addressTag,
      phone,
      phoneTag,
    });
    return startChallenge(ports)({
      ...commitment,
      language: input.language,
      phone,
      addressTag,
      ...(reservedAt !== undefined && { reservedAt }),
      addressUnit,
      userId: subject.userId,
      ledgerTag: accountLedgerTag(tagger, account),
      decoy: false,
      send: true,
      request,
      undo,
      returns,
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
