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
  findRecoveryCode,
} from '../model/second-factor.ts';
import type { Ports } from '../ports/index.ts';

/**
 * Checks a code against an account's factors as they were read. It does not use the code up: pass
 * the proof to `accounts.takeFactor`.
 * @returns undefined for a wrong code and for one that was used before
 */
export const checkFactor =
  ({ sealKeys, tags, clock }: Pick<Ports, 'sealKeys' | 'tags' | 'clock'>) =>
  async (account: Factors, { method, code }: FactorCode): Promise<FactorProof | undefined> => {
    const { usernameTag, totp } = account;
    if (method === 'recovery-code') {
      const tag = findRecoveryCode(await tags(), account, code);
      return tag === undefined ? undefined : { method, tag };
    }
    if (!totp) return undefined;
    const secret = await unseal(sealKeys, totpContext(usernameTag), totp.secret, totp.confirmedAt);
    const step = acceptedStep(secret, code, { now: clock(), lastStep: totp.lastStep });
    return step === undefined ? undefined : { method, step, secret: totp.secret };
  };

/**
 * The events of an accepted factor. A used recovery code is an event of its own, because the owner
 * may not know who used it.
 * @returns no event for an app's code
 */
export function factorEvents(
  ports: Pick<Ports, 'clock' | 'entropy'>,
  { userId }: Account,
  { method }: FactorProof,
  { purpose, origin }: { readonly purpose: Purpose; readonly origin: Origin },
): SecurityEvent[] {
  if (method !== 'recovery-code' || userId === undefined) return [];
  return [securityEvent(ports, 'recovery-code.used', userId, origin, { purpose })];
}
