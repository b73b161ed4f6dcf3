import { confirmPassword } from '../account/confirm-password.ts';
import { checkBreaker } from '../budgets/spend-breaker.ts';
import { keyedRequest, viewStarted } from '../challenge/idempotency.ts';
import { startChallenge } from '../challenge/start.ts';
import type { Account } from '../model/account.ts';
import type { ChallengeView } from '../model/challenge.ts';
import { accountLedgerTag } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import { openPhone } from '../model/sealed-phone.ts';
import type { SessionSubject } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { requireSession } from '../session/require-session.ts';
import type { Language } from '../values/language.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'breakers'
  | 'challenges'
  | 'clock'
  | 'directoryTokens'
  | 'entropy'
  | 'phoneSealKeys'
  | 'tags'
  | 'ledgers'
  | 'limits'
  | 'reviewNumbers'
  | 'sessionLimits'
  | 'sessionStore'
>;

/**
 * Asks for the password and sends a code to the account's phone. Closing cannot be undone, so
 * neither an unattended session nor a stolen phone is enough. Six AWS calls, two more where the
 * request has a key.
 * @throws Problem unauthenticated, credentials_incorrect, too_many_requests (also while the phone
 *   is held)
 */
export const startClosing =
  (ports: Needs) =>
  async (
    subject: SessionSubject,
    input: {
      readonly currentPassword: string;
      readonly language: Language;
      readonly idempotencyKey?: string | undefined;
    },
  ): Promise<ChallengeView> => {
    const { account } = await requireSession(ports)(subject);
    const { currentPassword, language } = input;
    const asks = ['account-closing', subject.userId, currentPassword];
    const request = keyedRequest(input.idempotencyKey, ...asks);
    await confirmPassword(ports)(account, subject.username, currentPassword);
    const { phoneTag, usernameTag } = account;
    const commitment = {
      purpose: 'account-closing',
      accountTag: usernameTag,
      phoneTag,
    } as const;
    const started = await viewStarted(ports)(request, commitment);
    if (started) return started;
    refuseWhileHeld(ports, account);
    const phone = await openPhone(ports.phoneSealKeys, account, account.createdAt);
    await checkBreaker(ports)('account-phone');
    const ledgerTag = accountLedgerTag(await ports.tags(), account);
    return startChallenge(ports)({
      ...commitment,
      language,
      phone,
      ledgerTag,
      username: subject.username,
      userId: subject.userId,
      decoy: false,
      send: true,
      request,
    });
  };

/** A phone that is held may be a thief's, and the owner may not have read the notice yet. */
export function refuseWhileHeld(
  { clock }: Pick<Ports, 'clock'>,
  { phoneHeldUntil = 0 }: Account,
): void {
  const retryAfter = phoneHeldUntil - clock();
  if (retryAfter > 0) throw new Problem('too_many_requests', { retryAfter });
}
