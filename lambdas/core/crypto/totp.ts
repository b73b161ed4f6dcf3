import { generateSync, generateURI, ScureBase32Plugin } from 'otplib';
import { equalSecrets } from './equal.ts';

/** What every authenticator app does without being told (RFC 6238, SHA-1): others ignore what a URI says. */
const digits = 6;
const stepSeconds = 30;
/** Steps a phone's clock may be behind or ahead (RFC 6238 §5.2 recommends one). */
const tolerance = 1;

/** 160 bits, as long as HMAC-SHA-1's own output (RFC 4226 §4 R6). */
export const totpSecretBytes = 20;

/** A secret as apps take it: base32 without padding. */
export const totpSecret = (bytes: Buffer): string =>
  new ScureBase32Plugin().encode(bytes, { padding: false });

/** @returns what a QR code holds: `otpauth://totp/<issuer>:<username>?secret=…&issuer=…` */
export const totpUri = (issuer: string, username: string, secret: string): string =>
  generateURI({ issuer, label: username, secret });

/** The code of a step. @param step number of the 30 seconds since 1970 */
export const totpCode = (secret: string, step: number): string =>
  generateSync({ secret, epoch: step * stepSeconds, period: stepSeconds, digits });

/** @param now epoch seconds */
export const totpStep = (now: number): number => Math.floor(now / stepSeconds);

/**
 * The step that a code is of, among those a clock may be at and after the newest one that was accepted: none is accepted
 * twice. All are worked out and compared, so that the time says nothing of which.
 * @param now epoch seconds
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
