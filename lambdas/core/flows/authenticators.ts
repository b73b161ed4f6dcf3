import { confirmPassword } from '../account/confirm-password.ts';
import { notices, securityEvent } from '../audit/compose-records.ts';
import { chargeSensitiveChange } from '../budgets/charge-sensitive-change.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { seal, unseal } from '../crypto/seal.ts';
import { acceptedStep, totpSecret, totpSecretBytes, totpUri } from '../crypto/totp.ts';
import { type Account, totpContext } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Origin, Records, SecurityEventType } from '../model/records.ts';
import { recoveryCodeTag } from '../model/second-factor.ts';
import type { Ports } from '../ports/index.ts';
import { requireSession, type SessionSubject } from '../session/require-session.ts';
import { recoveryCode, recoveryCodeBytes, recoveryCodesPerSet } from '../values/recovery-code.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'clock'
  | 'entropy'
  | 'keys'
  | 'ledgers'
  | 'sessionLimits'
  | 'directoryTokens'
  | 'sessionStore'
>;

/** Seconds an app may take to be set up. */
const offerSeconds = 600;

interface Asking {
  readonly subject: SessionSubject;
  readonly origin: Origin;
}

/** Asked with the password: an unattended session must not be enough to change what protects the account. */
interface Sensitive extends Asking {
  readonly currentPassword: string;
}

export interface TotpOffer {
  readonly secret: string;
  /** What an app's QR code holds. */
  readonly uri: string;
  /** The secret once more, sealed for this account and session: nothing is stored until a code confirms it. */
  readonly enrolment: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/**
 * Offers a secret for an authenticator app. Five AWS calls.
 * @throws Problem unauthenticated, credentials_incorrect, too_many_requests
 */
export const offerTotp =
  (ports: Needs & { readonly issuerName: string }) =>
  async ({ subject, currentPassword }: Omit<Sensitive, 'origin'>): Promise<TotpOffer> => {
    await confirmedAccount(ports, subject, currentPassword);
    const { clock, entropy, keys, issuerName } = ports;
    const secret = totpSecret(entropy(totpSecretBytes));
    const offeredAt = clock();
    return {
      secret,
      uri: totpUri(issuerName, subject.username, secret),
      enrolment: seal(
        await keys(),
        entropy,
        enrolmentContext(subject),
        JSON.stringify({ secret, offeredAt }),
      ),
      expiresAt: offeredAt + offerSeconds,
    };
  };

/**
 * Makes the app the account's, once it shows a right code, in place of one it may have, and gives a set of recovery
 * codes. They are told here and never again. Four AWS calls.
 * @throws Problem code_incorrect, unauthenticated, too_many_requests, challenge_expired for an offer that is over or closed
 */
export const confirmTotp =
  (ports: Needs) =>
  async ({
    subject,
    origin,
    enrolment,
    code,
  }: Asking & { readonly enrolment: string; readonly code: string }): Promise<string[]> => {
    const { account } = await requireSession(ports)(subject);
    const now = ports.clock();
    const { secret, offeredAt } = await openEnrolment(ports, subject, enrolment);
    if (!isOpen(account, offeredAt, now)) throw new Problem('challenge_expired');
    const lastStep = acceptedStep(secret, code, { now, lastStep: 0 });
    if (lastStep === undefined) throw new Problem('code_incorrect');
    await chargeSensitiveChange(ports)(account);

    const { usernameTag } = account;
    const keyring = await ports.keys();
    const sealed = seal(keyring, ports.entropy, totpContext(usernameTag), secret);
    const codes = newRecoveryCodes(ports);
    const enrolled = await ports.accounts.enrolTotp(
      account,
      {
        totp: { secret: sealed, confirmedAt: now, lastStep },
        recoveryCodes: tagsOf(keyring, usernameTag, codes),
        offeredAt,
      },
      recordsOf(ports, account, origin, ['totp.enrolled', 'recovery-codes.created']),
    );
    if (enrolled.kind === 'gone') throw new Problem('challenge_expired');
    return codes;
  };

/**
 * Takes the app off the account, and the recovery codes that came with it. Seven AWS calls.
 * @throws Problem unauthenticated, credentials_incorrect, too_many_requests
 */
export const removeTotp =
  (ports: Needs) =>
  async ({ subject, origin, currentPassword }: Sensitive): Promise<void> => {
    const account = await confirmedAccount(ports, subject, currentPassword);
    if (!account.totp) return;
    await chargeSensitiveChange(ports)(account);
    const records = recordsOf(ports, account, origin, ['totp.removed']);
    const remove = ['totp', 'recoveryCodes'] as const;
    const change = { remove, factorsChangedAt: ports.clock() };
    const { kind } = await ports.accounts.change(account, change, records, 'session');
    if (kind !== 'changed') throw new Problem('unauthenticated');
  };

/**
 * A new set of recovery codes; those before it are good for nothing any more. Seven AWS calls.
 * @throws Problem unauthenticated, credentials_incorrect, too_many_requests
 */
export const renewRecoveryCodes =
  (ports: Needs) =>
  async ({ subject, origin, currentPassword }: Sensitive): Promise<string[]> => {
    const account = await confirmedAccount(ports, subject, currentPassword);
    await chargeSensitiveChange(ports)(account);
    const codes = newRecoveryCodes(ports);
    const recoveryCodes = tagsOf(await ports.keys(), account.usernameTag, codes);
    const records = recordsOf(ports, account, origin, ['recovery-codes.created']);
    const change = { recoveryCodes, factorsChangedAt: ports.clock() };
    const { kind } = await ports.accounts.change(account, change, records, 'session');
    if (kind !== 'changed') throw new Problem('unauthenticated');
    return codes;
  };

async function confirmedAccount(
  ports: Needs,
  subject: SessionSubject,
  currentPassword: string,
): Promise<Account> {
  const { account } = await requireSession(ports)(subject);
  await confirmPassword(ports)(account, subject.username, currentPassword);
  return account;
}

/** One session's: who takes over another one cannot finish what was begun with the password here. */
const enrolmentContext = ({ userId, sessionId }: SessionSubject) =>
  `totp-enrolment:${userId}:${sessionId}`;

/**
 * An offer was made on the word of a password, of an account protected as it was then: what changes either closes it. The
 * write holds it to that too; a repetition is refused here before it takes of the owner's budget of changes.
 */
const isOpen = (
  { factorsChangedAt = 0, sessionsValidFrom = 0 }: Account,
  offeredAt: number,
  now: number,
): boolean =>
  now < offeredAt + offerSeconds && offeredAt > Math.max(factorsChangedAt, sessionsValidFrom);

async function openEnrolment(
  { keys }: Needs,
  subject: SessionSubject,
  enrolment: string,
): Promise<{ secret: string; offeredAt: number }> {
  // Asked first, so that a secret that cannot be read is no expired offer.
  await keys();
  const opened = await unseal(keys, enrolmentContext(subject), enrolment).catch(() => undefined);
  if (opened === undefined) throw new Problem('challenge_expired');
  return JSON.parse(opened);
}

const newRecoveryCodes = ({ entropy }: Needs): string[] =>
  Array.from({ length: recoveryCodesPerSet }, () => recoveryCode(entropy(recoveryCodeBytes)));

const tagsOf = (keyring: Keyring, usernameTag: string, codes: readonly string[]): string[] =>
  codes.map((code) => recoveryCodeTag(keyring, usernameTag, code));

/** The owner is told of each: whoever changes these may be making the account theirs. */
function recordsOf(
  ports: Needs,
  account: Account,
  origin: Origin,
  types: SecurityEventType[],
): Records {
  const { userId } = account;
  const events =
    userId === undefined ? [] : types.map((type) => securityEvent(ports, type, userId, origin));
  return { events, notices: notices(ports, 'second-factor-changed', account) };
}
