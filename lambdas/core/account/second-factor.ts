import { securityEvent } from '../audit/compose-records.ts';
import { unseal } from '../crypto/seal.ts';
import { acceptedStep } from '../crypto/totp.ts';
import { type Account, totpContext } from '../model/account.ts';
import type { Purpose } from '../model/purpose.ts';
import type { Origin, SecurityEvent } from '../model/records.ts';
import {
  type FactorCode,
  type FactorProof,
  type Factors,
  recoveryCodeTag,
} from '../model/second-factor.ts';
import type { Ports } from '../ports/index.ts';

/**
 * Checks a code against the factors of an account, as they were read. Whoever gets a proof has yet to use it up.
 * @returns undefined for a wrong code, and for one that was used
 */
export const checkFactor =
  ({ keys, clock }: Pick<Ports, 'keys' | 'clock'>) =>
  async (
    { usernameTag, totp, recoveryCodes = [] }: Factors,
    { method, code }: FactorCode,
  ): Promise<FactorProof | undefined> => {
    if (method === 'recovery-code') {
      const tag = recoveryCodeTag(await keys(), usernameTag, code);
      return recoveryCodes.includes(tag) ? { method, tag } : undefined;
    }
    if (!totp) return undefined;
    const secret = await unseal(keys, totpContext(usernameTag), totp.secret);
    const step = acceptedStep(secret, code, { now: clock(), lastStep: totp.lastStep });
    return step === undefined ? undefined : { method, step, secret: totp.secret };
  };

/** A recovery code that goes is an event of its own: its owner may not know who used it. */
export function factorEvents(
  ports: Pick<Ports, 'clock' | 'entropy'>,
  { userId }: Account,
  { method }: FactorProof,
  { purpose, origin }: { readonly purpose: Purpose; readonly origin: Origin },
): SecurityEvent[] {
  if (method !== 'recovery-code' || userId === undefined) return [];
  return [securityEvent(ports, 'recovery-code.used', userId, origin, { purpose })];
}
