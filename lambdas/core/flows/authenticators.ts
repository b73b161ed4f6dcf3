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

/** Seconds in which an offered app can be confirmed. */
const offerSeconds = 600;

interface FactorRequest {
  readonly subject: SessionSubject;
  readonly origin: Origin;
}

/**
 * A request that carries the password: an unattended session must not be enough to change what
 * protects the account.
 */
interface ConfirmedRequest extends FactorRequest {
  readonly currentPassword: string;
}

export interface TotpOffer {
  readonly secret: string;
  /** Content of the QR code that an app scans: an `otpauth:` URI. */
  readonly uri: string;
  /**
   * The secret, sealed for this account and session. Nothing is stored until a code confirms it.
   */
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
  async ({ subject, currentPassword }: Omit<ConfirmedRequest, 'origin'>): Promise<TotpOffer> => {
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
 * Removes the app from the account, and the recovery codes that came with it. Seven AWS calls.
 * @throws Problem unauthenticated, credentials_incorrect, too_many_requests
 */
export const removeTotp =
  (ports: Needs) =>
  async ({ subject, origin, currentPassword }: ConfirmedRequest): Promise<void> => {
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
 * Replaces the recovery codes: earlier codes stop working. Seven AWS calls.
 * @returns the new codes, in the clear
 * @throws Problem unauthenticated, credentials_incorrect, too_many_requests
 */
export const renewRecoveryCodes =
  (ports: Needs) =>
  async ({ subject, origin, currentPassword }: ConfirmedRequest): Promise<string[]> => {
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

/** An offer belongs to one session: an attacker who takes over another one cannot finish it. */
const enrolmentContext = ({ userId, sessionId }: SessionSubject) =>
  `totp-enrolment:${userId}:${sessionId}`;

/**
 * Whether an offer can still be confirmed. It was made on the strength of a password, for the
 * factors of that time: a change of either closes it.
 * The write checks this too. This check refuses a repetition before it is charged to the owner's
 * budget of changes.
 */
const isOfferOpen = (
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
  // Load the keys first, outside the catch: a secret that cannot be read must not look like an
  // expired offer.
  await keys();
  const opened = await unseal(keys, enrolmentContext(subject), enrolment).catch(() => undefined);
  if (opened === undefined) throw new Problem('challenge_expired');
  return JSON.parse(opened);
}

const newRecoveryCodes = ({ entropy }: Needs): string[] =>
  Array.from({ length: recoveryCodesPerSet }, () => recoveryCode(entropy(recoveryCodeBytes)));

const tagsOf = (keyring: Keyring, usernameTag: string, codes: readonly string[]): string[] =>
  codes.map((code) => recoveryCodeTag(keyring, usernameTag, code));

/**
 * The owner is told of each change: an attacker who changes authenticators may be taking the
 * account over.
 */
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
