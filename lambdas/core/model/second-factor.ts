import type { Keyring } from '../crypto/keyring.ts';
import type { Account } from './account.ts';

/** What an account can be asked for that is no SMS. */
export type FactorMethod = 'totp' | 'recovery-code';

/** A code that is right, and what it takes to use it up. */
export type FactorProof =
  | {
      readonly method: 'totp';
      readonly step: number;
      /** The sealed secret it was checked with: another app may have been enrolled since. */
      readonly secret: string;
    }
  | { readonly method: 'recovery-code'; readonly tag: string };

/** What somebody typed, and what they say it is. */
export interface FactorCode {
  readonly method: FactorMethod;
  readonly code: string;
}

export type Factors = Pick<Account, 'usernameTag' | 'totp' | 'recoveryCodes'>;

/** What an account can be asked for instead of an SMS. */
export const factorMethods = ({ totp, recoveryCodes = [] }: Factors): FactorMethod[] => [
  ...(totp ? (['totp'] as const) : []),
  ...(recoveryCodes.length > 0 ? (['recovery-code'] as const) : []),
];

/** Keyed, and of one account: the same code of two people would have two tags. */
export const recoveryCodeTag = (keyring: Keyring, usernameTag: string, code: string): string =>
  keyring.tag('recovery-code', usernameTag, code);
