import type { LedgerScope } from './ledger.ts';

/**
 * What a refusing limit belongs to, as far as the caller is told. The list is closed, because clients switch over it.
 * `account` is the name that the caller sent, whether or not anybody has it. `national-id`: logins with an ID, of anybody. `resend`: a code was sent a moment ago.
 */
export const limitKinds = [
  'account',
  'address',
  'device',
  'national-id',
  'phone',
  'resend',
  'service',
  'session',
] as const;

export type LimitKind = (typeof limitKinds)[number];

/**
 * The kind of each ledger that is told: that which the caller's own request names. Not told are the ledgers of a login's
 * second factor, which accounts of one phone share, and whatever belongs to a relying service.
 */
const kinds: Partial<Record<LedgerScope, LimitKind>> = {
  account: 'account',
  'account-year': 'account',
  address: 'address',
  'address-registration': 'address',
  export: 'account',
  login: 'account',
  'login-address': 'address',
  'phone-account-closing': 'account',
  'account-phone-first': 'account',
  'account-phone-first-year': 'account',
  'phone-password-reset': 'account',
  'phone-phone-first': 'account',
  'phone-phone-change': 'account',
  'phone-registration': 'phone',
  'phone-transaction': 'phone',
  reauthentication: 'account',
  'sensitive-change': 'account',
};

/** The member of a problem that names a limit; nothing where it is not told. */
export const limitOf = (scope: LedgerScope): { readonly limit?: LimitKind } => {
  const limit = kinds[scope];
  return limit ? { limit } : {};
};
