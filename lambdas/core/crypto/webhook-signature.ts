import { createHmac } from 'node:crypto';
import { equalSecrets } from './equal.ts';

/** Seconds a signed request may be old, or ahead of our clock. */
const toleranceSeconds = 300;

/** Characters of the shortest key that is taken: a shorter one can be guessed from one signed request. */
const shortestKey = 32;

export interface SignedRequest {
  /** Whose webhook it came to: signed too, so that a request to one provider's webhook says nothing to another's. */
  readonly provider: string;
  /** Epoch seconds, as text. */
  readonly timestamp: string;
  /** HMAC-SHA-256 over `<provider>.<timestamp>.<body>`, hexadecimal. */
  readonly signature: string;
  /** The body as it came, byte for byte. */
  readonly body: Buffer;
}

/**
 * Whether a request comes from who holds the key, and recently. A repeated one passes: what it asks for must be
 * harmless twice.
 * @throws Error where the key is too short to prove anything
 */
export function isSigned(key: string, request: SignedRequest, now: number): boolean {
  if (key.length < shortestKey)
    throw new Error('The key of a webhook is shorter than 32 characters');
  const { timestamp, signature } = request;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp)) > toleranceSeconds) return false;
  return equalSecrets(sign(key, request), signature.toLowerCase());
}

/** What a provider puts into its signature header. Neither its name nor the time has a dot in it. */
export const sign = (
  key: string,
  { provider, timestamp, body }: Omit<SignedRequest, 'signature'>,
): string =>
  createHmac('sha256', key).update(`${provider}.${timestamp}.`).update(body).digest('hex');
