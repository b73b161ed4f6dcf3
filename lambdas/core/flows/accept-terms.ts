import { viewAccount } from '../account/view-account.ts';
import { securityEvent } from '../audit/compose-records.ts';
import type { Account, AccountChange, AccountView } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import type { SessionSubject } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { requireSession } from '../session/require-session.ts';
import type { Language } from '../values/language.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'clock'
  | 'entropy'
  | 'phoneSealKeys'
  | 'sealKeys'
  | 'tags'
  | 'sessionLimits'
  | 'sessionStore'
  | 'termsVersion'
>;

interface TermsInput {
  readonly termsVersion: string;
  readonly language: Language;
  readonly origin: Origin;
}

/**
 * Accepts the current terms. Earlier acceptances are kept, with time and language. Accepting the
 * same version again changes nothing. Three AWS calls.
 * @throws Problem unauthenticated, terms_outdated
 */
export const acceptTerms =
  (ports: Needs) =>
  async (subject: SessionSubject, input: TermsInput): Promise<AccountView> => {
    const { termsVersion, language } = input;
    const { account } = await requireSession(ports)(subject);
    if (termsVersion !== ports.termsVersion) throw new Problem('terms_outdated');
    const view = viewAccount(ports);
    if (account.termsVersion === termsVersion) return view(account, subject.username);

    const change = acceptance(account, { version: termsVersion, language, at: ports.clock() });
    const { origin } = input;
    const event = securityEvent(ports, 'terms.accepted', subject.userId, origin, { termsVersion });
    const { kind } = await ports.accounts.change(account, change, { events: [event] }, 'session');
    if (kind !== 'changed') throw new Problem('unauthenticated');
    return view({ ...account, termsVersion }, subject.username);
  };

const acceptance = (
  { acceptedTerms = [], firstTermsVersion, termsVersion }: Account,
  accepted: NonNullable<Account['acceptedTerms']>[number],
): AccountChange => ({
  termsVersion: accepted.version,
  acceptedTerms: [...acceptedTerms, accepted],
  firstTermsVersion: firstTermsVersion ?? termsVersion,
});
