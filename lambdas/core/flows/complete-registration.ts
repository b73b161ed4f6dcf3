import { findByUsername } from '../account/find-account.ts';
import { takeSlot } from '../account/phone-slots.ts';
import { viewAccount } from '../account/view-account.ts';
import { securityEvent } from '../audit/compose-records.ts';
import {
  claimTicket,
  leaseSeconds,
  releaseTicket,
  type TicketUse,
} from '../challenge/claim-ticket.ts';
import { endLeaseIfUnjudged } from '../challenge/end-lease.ts';
import { provenPhone } from '../challenge/proven-phone.ts';
import { seal } from '../crypto/seal.ts';
import {
  type Account,
  type AccountClaim,
  type AccountView,
  identityContext,
} from '../model/account.ts';
import { ticketEndOf } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import type { Origin } from '../model/records.ts';
import { sealUsername } from '../model/sealed-username.ts';
import type { Ports } from '../ports/index.ts';
import type { Language } from '../values/language.ts';
import { maskNationalId } from '../values/national-id.ts';
import { passwordReasons } from '../values/password.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'identityTags'
  | 'phoneSealKeys'
  | 'publicKeys'
  | 'sealKeys'
  | 'usernameSealKeys'
  | 'tags'
  | 'limits'
  | 'challenges'
  | 'accounts'
  | 'directoryUsers'
  | 'termsVersion'
>;

interface RegistrationInput {
  readonly ticket: string;
  readonly username: string;
  readonly password: string;
  readonly nationalId: string;
  readonly termsVersion: string;
  readonly language: Language;
  readonly idempotencyKey?: string | undefined;
  /** Origin of this call: the challenge may have been started elsewhere. */
  readonly origin: Origin;
}

/**
 * Opens the account in four steps: claim the ticket; claim username, national ID and a slot on the
 * phone; create the user; activate.
 * A crash anywhere leaves a provisional claim. The same ticket resumes it, and it lapses with the
 * ticket. A refusal releases the ticket. Five AWS calls, and one more where KMS
 * tags the national ID.
 * @throws Problem password_rejected, terms_outdated, ticket_invalid, username_taken,
 *   identity_registered, phone_full (it filled up meanwhile), unavailable
 */
export const completeRegistration =
  (ports: Needs) =>
  async (input: RegistrationInput): Promise<AccountView> => {
    checkPolicy(input, ports);
    const { ticket, username, password, nationalId } = input;
    const inputs = [username, password, nationalId];
    const use = await claimTicket(ports)(ticket, 'registration', inputs, input.idempotencyKey);
    if (use.done) return viewOpened(ports, username, use);
    const account = await endLeaseIfUnjudged(ports)(use, () => openAccount(ports, input, use));
    return viewAccount(ports)(account, input.username);
  };

async function openAccount(ports: Needs, input: RegistrationInput, use: TicketUse) {
  const claim = await composeClaim(ports, input, use);
  await claimNames(ports, claim, use);
  const userId = await createUser(ports, input, use);
  const opened = securityEvent(ports, 'account.opened', userId, input.origin);
  const by = { usedBy: use.usedBy, userId };
  const activated = await ports.accounts.activate(claim, by, { events: [opened] });
  if (activated.kind === 'lost') throw new Problem('ticket_invalid');
  return claim.account;
}

/**
 * The account, as it is now, that the same request opened before its answer was lost.
 * @throws Problem ticket_invalid
 */
async function viewOpened(
  ports: Needs,
  username: string,
  { challenge }: TicketUse,
): Promise<AccountView> {
  const tagger = await ports.tags();
  const account = await findByUsername(ports)(username);
  const same = account?.status === 'active' && tagger.isSame(account.phoneTag, challenge.phoneTag);
  if (!same) throw new Problem('ticket_invalid');
  return viewAccount(ports)(account, username);
}

/**
 * Every check that needs no AWS call, before anything is claimed.
 * @throws Problem terms_outdated, password_rejected
 */
function checkPolicy(input: RegistrationInput, { termsVersion, limits }: Needs): void {
  if (input.termsVersion !== termsVersion) throw new Problem('terms_outdated');
  const own = { username: input.username, identifiers: [input.nationalId] };
  const minimumLength = limits.passwordLength;
  const reasons = passwordReasons(input.password, own, minimumLength);
  if (reasons.length > 0) throw new Problem('password_rejected', { reasons, minimumLength });
}

async function composeClaim(
  ports: Needs,
  { username, nationalId, termsVersion, language }: RegistrationInput,
  { challenge }: TicketUse,
): Promise<AccountClaim> {
  const { clock, entropy, identityTags, limits, sealKeys, tags, usernameSealKeys } = ports;
  const now = clock();
  const { phone, phoneTag } = await provenPhone(ports)(challenge);
  const tagger = await tags();
  const usernameTag = tagger.tag('username', username);
  const { newest: identityTag, every } = await identityTags(nationalId);
  const { current } = await sealKeys();
  const mask = seal(current, entropy, identityContext(identityTag), maskNationalId(nationalId));
  const { current: usernameKey } = await usernameSealKeys();
  const account: Account = {
    usernameTag,
    identityTag,
    phoneTag,
    phone,
    nationalId: mask,
    username: sealUsername(usernameKey, entropy, usernameTag, username),
    language,
    termsVersion,
    status: 'provisional',
    audience: 'individual',
    identityAssurance: 'self-asserted',
    createdAt: now,
  };
  return {
    account,
    holder: challenge.idHash,
    // After the ticket expires, no request can resume. After the lease ends, none still runs.
    lapsesAt: Math.max(ticketEndOf(challenge), now + leaseSeconds),
    accountsPerPhone: limits.accountsPerPhone,
    elsewhere: {
      usernameTags: tagger.everyTag('username', username).filter((tag) => tag !== usernameTag),
      identityTags: every.filter((tag) => tag !== identityTag),
    },
  };
}

async function claimNames(ports: Needs, claim: AccountClaim, use: TicketUse): Promise<void> {
  const { accounts, clock } = ports;
  const result = await takeSlot(ports, claim.account.phoneTag, () =>
    accounts.claim(claim, clock()),
  );
  const refuse = releaseTicket(ports);
  switch (result.kind) {
    case 'username-taken':
      return refuse(use, new Problem('username_taken'));
    case 'identity-registered':
      return refuse(use, new Problem('identity_registered'));
    case 'phone-full':
      return refuse(use, new Problem('phone_full'));
  }
}

/** Both calls can be repeated: a user that an earlier attempt left behind is found, not refused. */
async function createUser(
  ports: Needs,
  { username, password }: RegistrationInput,
  use: TicketUse,
): Promise<string> {
  const created = await ports.directoryUsers.createUser(username);
  // No registration made this user; it may be an employee's. Never set its password.
  if (created.kind === 'taken') return releaseTicket(ports)(use, new Problem('username_taken'));
  const { kind } = await ports.directoryUsers.setPassword(created.userId, password);
  if (kind === 'set') return created.userId;
  if (kind === 'unknown') throw new Error('The user vanished between two calls');
  return releaseTicket(ports)(use, new Problem('password_rejected', { reasons: ['blocklisted'] }));
}
