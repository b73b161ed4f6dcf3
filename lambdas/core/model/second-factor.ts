import type { Tagger } from '../crypto/keys.ts';
import { type Account, phoneHeldSeconds } from './account.ts';

/** The methods of a second factor besides SMS. */
export type FactorMethod = 'totp' | 'recovery-code';

/** A correct code, with the data that using it up takes. */
export type FactorProof =
  | {
      readonly method: 'totp';
      readonly step: number;
      /** The sealed secret that the code was checked with. Another app may have been enrolled since. */
      readonly secret: string;
    }
  | { readonly method: 'recovery-code'; readonly tag: string };

/** A code as the claimant typed it, and its claimed method. */
export interface FactorCode {
  readonly method: FactorMethod;
  readonly code: string;
}

export type Factors = Pick<Account, 'usernameTag' | 'holder' | 'totp' | 'recoveryCodes'>;

/** The methods that an account accepts instead of an SMS code. */
export const factorMethods = ({
  totp,
  recoveryCodes = [],
}: Pick<Account, 'totp' | 'recoveryCodes'>): FactorMethod[] => [
  ...(totp ? (['totp'] as const) : []),
  ...(recoveryCodes.length > 0 ? (['recovery-code'] as const) : []),
];

/**
 * Whether a factor was on the account for as long as a phone is held. A younger one may be a thief's, who has a session and
 * the password: it neither lifts the hold of a phone nor stands in the owner's way.
 * @param at epoch seconds
 */
export function isSeasoned(
  { totp, factorsChangedAt }: Pick<Account, 'totp' | 'factorsChangedAt'>,
  method: FactorMethod,
  at: number,
): boolean {
  const since = method === 'totp' ? totp?.confirmedAt : factorsChangedAt;
  return since !== undefined && since + phoneHeldSeconds <= at;
}

/**
 * The keyed tag of a recovery code. It covers the account, so that equal codes of two accounts have different tags. It
 * does so by `holder`, which never changes, while the tag of the username does (docs/decisions/0039).
 * @throws Error for an account that was never active
 */
export const recoveryCodeTag = (
  tagger: Tagger,
  account: Pick<Account, 'holder'>,
  code: string,
): string => tagger.tag('recovery-code', holderOf(account), code);

/**
 * Finds a typed code among the tags that an account holds. While a rotation runs, these may be of a former level.
 * @returns the tag as the account holds it
 */
export const findRecoveryCode = (
  tagger: Tagger,
  account: Pick<Account, 'holder' | 'recoveryCodes'>,
  code: string,
): string | undefined =>
  tagger
    .everyTag('recovery-code', holderOf(account), code)
    .find((tag) => account.recoveryCodes?.includes(tag));

function holderOf({ holder }: Pick<Account, 'holder'>): string {
  if (holder === undefined) throw new Error('An active account has no holder');
  return holder;
}
