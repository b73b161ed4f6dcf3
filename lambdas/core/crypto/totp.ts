import { generateSync, generateURI, ScureBase32Plugin } from 'otplib';
import { equalSecrets } from './equal.ts';

/** The defaults of RFC 6238 (SHA-1, six digits, 30 seconds). Some authenticator apps ignore other values in the URI. */
const digits = 6;
const stepSeconds = 30;
/** Steps that a phone's clock may be behind or ahead (RFC 6238 §5.2 recommends one). */
const tolerance = 1;

/** Bytes of a secret: 160 bits, the output length of HMAC-SHA-1 (RFC 4226 §4 R6). */
export const totpSecretBytes = 20;

/** Writes a secret in the form that authenticator apps accept: base32 without padding. */
export const totpSecret = (bytes: Buffer): string =>
  new ScureBase32Plugin().encode(bytes, { padding: false });

/**
 * Writes the URI that a QR code holds.
 * @param secret base32 without padding
 * @returns `otpauth://totp/<issuer>:<username>?secret=…&issuer=…`
 */
export const totpUri = (issuer: string, username: string, secret: string): string =>
  generateURI({ issuer, label: username, secret });

/**
 * Computes the code of one time step (RFC 6238 §4.2).
 * @param secret base32 without padding
 * @param step number of the 30-second step since 1970
 * @returns six digits
 */
export const totpCode = (secret: string, step: number): string =>
  generateSync({ secret, epoch: step * stepSeconds, period: stepSeconds, digits });

/** The time step of an instant. @param now epoch seconds */
export const totpStep = (now: number): number => Math.floor(now / stepSeconds);

/**
 * Finds the time step of a code, within the clock tolerance. Only steps after `lastStep` count, because no code may be
 * accepted twice (RFC 6238 §5.2). All steps are computed and compared, so that the latency does not reveal which one
 * matched.
 * @param secret base32 without padding
 * @param now epoch seconds
 * @param lastStep the newest step for which a code was accepted
 * @returns the step; undefined for a wrong or used code
 */
export function acceptedStep(
  secret: string,
  code: string,
  { now, lastStep }: { readonly now: number; readonly lastStep: number },
): number | undefined {
  const steps = Array.from({ length: 2 * tolerance + 1 }, (_, i) => totpStep(now) - tolerance + i);
  const fitting = steps.filter((step) => equalSecrets(totpCode(secret, step), code));
  return fitting.findLast((step) => step > lastStep);
}
