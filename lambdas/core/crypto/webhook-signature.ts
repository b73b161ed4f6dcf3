import { createHmac } from 'node:crypto';
import { equalSecrets } from './equal.ts';

/** Seconds that the timestamp of a signed request may differ from our clock. */
const toleranceSeconds = 300;

/** Characters of the shortest allowed key. An attacker can guess a shorter key from one signed request. */
const shortestKey = 32;

export interface SignedRequest {
  /**
   * The provider whose webhook received the request. The signature covers it, so that a request to one provider's
   * webhook is not valid at another's.
   */
  readonly provider: string;
  /** Epoch seconds, as text. */
  readonly timestamp: string;
  /** HMAC-SHA-256 over `<provider>.<timestamp>.<body>`, hexadecimal. */
  readonly signature: string;
  /** The body as received, byte for byte. */
  readonly body: Buffer;
}

/**
 * Tells whether a request was signed with the key within the last five minutes. A replayed request passes too, so the
 * action behind the webhook must be idempotent.
 * @param now epoch seconds
 * @throws Error if the key has fewer than 32 characters
 */
export function isSigned(key: string, request: SignedRequest, now: number): boolean {
  if (key.length < shortestKey)
    throw new Error('The key of a webhook is shorter than 32 characters');
  const { timestamp, signature } = request;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp)) > toleranceSeconds) return false;
  return equalSecrets(sign(key, request), signature.toLowerCase());
}

/**
 * Computes the value of a provider's signature header. The parts stay unambiguous: neither the provider's name nor the
 * timestamp contains a dot.
 * @returns HMAC-SHA-256 in lower-case hexadecimal
 */
export const sign = (
  key: string,
  { provider, timestamp, body }: Omit<SignedRequest, 'signature'>,
): string =>
  createHmac('sha256', key).update(`${provider}.${timestamp}.`).update(body).digest('hex');
