import { securityEvent } from '../audit/compose-records.ts';
import { seal, unseal } from '../crypto/seal.ts';
import { acceptedStep, totpSecret, totpSecretBytes } from '../crypto/totp.ts';
import { type Account, totpContext } from '../model/account.ts';
import type { Purpose } from '../model/purpose.ts';
import type { Origin, SecurityEvent } from '../model/records.ts';
import {
  type FactorCode,
  type FactorProof,
  type Factors,
  factorMethods,
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
 * As {@link checkFactor}, for an account that may lack the method, or for nobody. Checking takes as long for everybody:
 * whoever has proved nothing could otherwise learn from the latency who has an account, or an authenticator app.
 */
export const checkFactorOfAnyone =
  (ports: Pick<Ports, 'entropy' | 'sealKeys' | 'tags' | 'clock'>) =>
  async (account: Account | undefined, typed: FactorCode): Promise<FactorProof | undefined> => {
    if (account && factorMethods(account).includes(typed.method)) {
      return checkFactor(ports)(account, typed);
    }
    await checkFactor(ports)(await madeUpFactors(ports), typed);
    return undefined;
  };

async function madeUpFactors({
  clock,
  entropy,
  sealKeys,
}: Pick<Ports, 'clock' | 'entropy' | 'sealKeys'>): Promise<Factors> {
  const { current } = await sealKeys();
  const usernameTag = 'nobody';
  const plain = totpSecret(entropy(totpSecretBytes));
  const secret = seal(current, entropy, totpContext(usernameTag), plain);
  const totp = { secret, confirmedAt: clock(), lastStep: 0 };
  return { usernameTag, holder: usernameTag, totp, recoveryCodes: [] };
}

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
