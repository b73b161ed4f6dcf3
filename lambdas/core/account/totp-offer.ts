import { unseal } from '../crypto/seal.ts';
import type { Account } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { SessionSubject } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'clock' | 'sealKeys'>;

/** Seconds in which an offered app can be confirmed. */
export const offerSeconds = 600;

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

/** An offer belongs to one session: an attacker who takes over another one cannot finish it. */
export const enrolmentContext = ({ userId, sessionId }: SessionSubject) =>
  `totp-enrolment:${userId}:${sessionId}`;

/**
 * Whether an offer can still be confirmed. It was made on the strength of a password, for the
 * factors of that time: a change of either closes it.
 * The write checks this too. This check refuses a repetition before it is charged to the owner's
 * budget of changes.
 */
export const isOfferOpen = (
  { factorsChangedAt = 0, sessionsValidFrom = 0 }: Account,
  offeredAt: number,
  now: number,
): boolean =>
  now < offeredAt + offerSeconds && offeredAt > Math.max(factorsChangedAt, sessionsValidFrom);

export async function openEnrolment(
  { clock, sealKeys }: Needs,
  subject: SessionSubject,
  enrolment: string,
): Promise<{ secret: string; offeredAt: number }> {
  // Load the keys first, outside the catch: a secret that cannot be read must not look like an
  // expired offer.
  await sealKeys();
  // No offer that is still open was made earlier. A key that was replaced by then seals no offers.
  const madeAt = clock() - offerSeconds;
  const opened = await unseal(sealKeys, enrolmentContext(subject), enrolment, madeAt).catch(
    () => undefined,
  );
  if (opened === undefined) throw new Problem('challenge_expired');
  return JSON.parse(opened);
}
