import { securityEvent } from '../audit/compose-records.ts';
import { chargeAccount } from '../budgets/charge-account.ts';
import { returnOf, returnUnjudged } from '../budgets/return-unjudged.ts';
import { unseal } from '../crypto/seal.ts';
import {
  type AcceptedTerms,
  type Account,
  type AccountView,
  heldPhone,
  identityContext,
  type PhoneOf,
  userIdsOf,
} from '../model/account.ts';
import type { Origin, SecurityEvent } from '../model/records.ts';
import { openPhone } from '../model/sealed-phone.ts';
import type { Device, Session, SessionSubject } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { requireSession } from '../session/require-session.ts';
import type { Language } from '../values/language.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'clock'
  | 'devices'
  | 'entropy'
  | 'events'
  | 'phoneSealKeys'
  | 'sealKeys'
  | 'tags'
  | 'ledgers'
  | 'sessionLimits'
  | 'sessionStore'
>;

/** Everything that Hawiya keeps of a person, as it is kept: of the national ID, only the mask. */
export interface AccountExport {
  /** Epoch seconds. */
  readonly exportedAt: number;
  readonly account: Omit<AccountView, 'secondFactors' | 'termsOutdated' | 'termsVersion'> & {
    readonly language: Language;
    /** The phone before the current one, while it still gets notices. */
    readonly formerPhone?: string;
    readonly authenticatorConfirmedAt?: number;
    readonly recoveryCodesLeft: number;
  };
  /** Oldest first. */
  readonly consents: readonly AcceptedTerms[];
  readonly sessions: readonly Session[];
  readonly devices: readonly Device[];
  readonly events: readonly SecurityEvent[];
}

/**
 * Any service that is handed an access token can ask for exports. Each export is an event that all
 * later exports contain. Without a budget they would grow until the answer is too large to return.
 */
const chargeExport = chargeAccount('export', { usesPerPart: 5, usesPerWindow: 10 });

/**
 * Exports everything that is kept of a subscriber who is logged in (PDPL Art. 4: the right to a
 * copy). The phone is in full, because it is theirs.
 * The export is an event itself, written before anything is handed out. Seven AWS calls.
 * @throws Problem unauthenticated, too_many_requests
 */
export const exportAccount =
  (ports: Needs) =>
  async (subject: SessionSubject, origin: Origin): Promise<AccountExport> => {
    const { clock, devices, events, sessionStore } = ports;
    const { userId, username } = subject;
    const { account } = await requireSession(ports)(subject);
    const unit = await chargeExport(ports)(account);
    // Once the event is written, the export counts: later exports contain the event.
    await returnUnjudged([returnOf(ports, unit)], () =>
      events.add(securityEvent(ports, 'data.exported', userId, origin)),
    );
    const [sessions, remembered, history] = await Promise.all([
      listForAllUsers(account, sessionStore.list),
      listForAllUsers(account, devices.list),
      listForAllUsers(account, events.list),
    ]);
    return {
      exportedAt: clock(),
      account: await personOf(ports, account, username),
      consents: consentsOf(account),
      sessions,
      devices: remembered,
      events: history.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    };
  };

/** Whatever belonged to the account's former users belongs to its owner. */
async function listForAllUsers<Item>(
  account: Account,
  list: (userId: string) => Promise<Item[]>,
): Promise<Item[]> {
  return (await Promise.all(userIdsOf(account).map(list))).flat();
}

async function personOf(
  { clock, phoneSealKeys, sealKeys }: Needs,
  account: Account,
  username: string,
): Promise<AccountExport['account']> {
  const former = heldPhone(account, clock());
  const number = (of: PhoneOf) => openPhone(phoneSealKeys, of, account.createdAt);
  const { nationalId, identityTag, totp, recoveryCodes = [] } = account;
  const { audience, identityAssurance, createdAt, language } = account;
  return {
    username,
    audience,
    identityAssurance,
    createdAt,
    language,
    phone: await number(account),
    ...(former && { formerPhone: await number(former) }),
    nationalId: await unseal(sealKeys, identityContext(identityTag), nationalId, createdAt),
    ...(totp && { authenticatorConfirmedAt: totp.confirmedAt }),
    recoveryCodesLeft: recoveryCodes.length,
  };
}

/** The first terms were accepted with the account, in its language. */
function consentsOf(account: Account): AcceptedTerms[] {
  const { firstTermsVersion, termsVersion, language, createdAt, acceptedTerms = [] } = account;
  const first = { version: firstTermsVersion ?? termsVersion, language, at: createdAt };
  return [first, ...acceptedTerms];
}
