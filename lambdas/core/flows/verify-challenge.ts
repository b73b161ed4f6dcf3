import { verifyFactorCode } from '../challenge/verify-factor-code.ts';
import { type Verified, verifySmsCode } from '../challenge/verify-sms-code.ts';
import type { Method } from '../model/challenge.ts';
import type { Origin } from '../model/records.ts';

type Needs = Parameters<typeof verifySmsCode>[0] & Parameters<typeof verifyFactorCode>[0];

interface Guess {
  readonly id: string;
  readonly code: string;
  readonly method: Method;
  /** Reads the caller's IP address. It is read only where the method needs it. */
  readonly address: () => Promise<string>;
  /** Reads the coarse origin of the call. */
  readonly origin: () => Promise<Origin>;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Checks the answer to a challenge by the method that the claimant names. The claimant names it, so that an SMS code costs
 * no read to find it out.
 * @throws Problem code_incorrect, invalid_request (the challenge does not offer the method), challenge_locked,
 *   challenge_expired
 */
export const verifyChallenge =
  (ports: Needs) =>
  async ({ id, code, method, address, origin, idempotencyKey }: Guess): Promise<Verified> =>
    method === 'sms'
      ? verifySmsCode(ports)({ id, code, address: await address(), idempotencyKey })
      : verifyFactorCode(ports)({ id, code, method, origin: await origin(), idempotencyKey });
