import { newRecoveryCodes, tagsOf } from '../account/recovery-code-set.ts';
import { secondFactorRecords } from '../account/second-factor-records.ts';
import { isOfferOpen, openEnrolment } from '../account/totp-offer.ts';
import { chargeSensitiveChange } from '../budgets/charge-sensitive-change.ts';
import { returnOf, returnUnjudged } from '../budgets/return-unjudged.ts';
import { seal } from '../crypto/seal.ts';
import { acceptedStep } from '../crypto/totp.ts';
import { totpContext } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Ports } from '../ports/index.ts';
import type { FactorRequest } from '../session/confirmed-account.ts';
import { requireSession } from '../session/require-session.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'clock'
  | 'entropy'
  | 'ledgers'
  | 'sealKeys'
  | 'sessionLimits'
  | 'sessionStore'
  | 'tags'
>;

/**
 * Enrols the offered app once it shows a right code. It replaces the app that the account may have.
 * Four AWS calls.
 * @returns a new set of recovery codes, in the clear: they are shown here and never again
 * @throws Problem code_incorrect, unauthenticated, too_many_requests; challenge_expired for an
 *   offer that expired or was closed
 */
export const confirmTotp =
  (ports: Needs) =>
  async ({
    subject,
    origin,
    enrolment,
    code,
  }: FactorRequest & { readonly enrolment: string; readonly code: string }): Promise<string[]> => {
    const { account } = await requireSession(ports)(subject);
    const now = ports.clock();
    const { secret, offeredAt } = await openEnrolment(ports, subject, enrolment);
    if (!isOfferOpen(account, offeredAt, now)) throw new Problem('challenge_expired');
    const lastStep = acceptedStep(secret, code, { now, lastStep: 0 });
    if (lastStep === undefined) throw new Problem('code_incorrect');
    const unit = await chargeSensitiveChange(ports)(account);

    const { usernameTag } = account;
    const { current } = await ports.sealKeys();
    const sealed = seal(current, ports.entropy, totpContext(usernameTag), secret);
    const codes = newRecoveryCodes(ports);
    const enrolled = await returnUnjudged([returnOf(ports, unit)], async () =>
      ports.accounts.enrolTotp(
        account,
        {
          totp: { secret: sealed, confirmedAt: now, lastStep },
          recoveryCodes: tagsOf(await ports.tags(), account, codes),
          offeredAt,
        },
        secondFactorRecords(ports, account, origin, ['totp.enrolled', 'recovery-codes.created']),
      ),
    );
    if (enrolled.kind === 'gone') throw new Problem('challenge_expired');
    return codes;
  };
