import { type Account, totpContext } from '../account.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { unseal } from '../crypto/seal.ts';
import type { Ports } from '../ports.ts';
import type { Origin, SecurityEvent } from '../records.ts';
import type { FactorMethod, FactorProof } from '../second-factor-ports.ts';
import { acceptedStep } from '../values/totp.ts';
import type { Purpose } from './challenge.ts';
import { securityEvent } from './compose-records.ts';

/** What somebody typed, and what they say it is. */
export interface FactorCode {
  readonly method: FactorMethod;
  readonly code: string;
}

type Factors = Pick<Account, 'usernameTag' | 'totp' | 'recoveryCodes'>;

/** What an account can be asked for instead of an SMS. */
export const factorMethods = ({ totp, recoveryCodes = [] }: Factors): FactorMethod[] => [
  ...(totp ? (['totp'] as const) : []),
  ...(recoveryCodes.length > 0 ? (['recovery-code'] as const) : []),
];

/** Keyed, and of one account: the same code of two people would have two tags. */
export const recoveryCodeTag = (keyring: Keyring, usernameTag: string, code: string): string =>
  keyring.tag('recovery-code', usernameTag, code);

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
