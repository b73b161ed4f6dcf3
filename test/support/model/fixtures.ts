import { createHmac } from 'node:crypto';
import type { Limits } from '#core/model/limits.ts';
import type { Spending } from '#core/model/spending.ts';
import type { Entropy } from '#core/system.ts';
import { spending as defaultSpending } from '../fakes/builders.ts';
import { testKeys } from '../fakes/keys.ts';

/** The people and data of the scenarios: few of each, so that the actors collide. */
export const people = ['Sara', 'Omar', 'Lina', 'Zaid'] as const;
export const phones = ['+966500000101', '+966500000102', '+966500000103'] as const;
export const usernames = ['sara.q', 'omar.k', 'lina.z', 'zaid.m'] as const;
export const nationalIds = ['1000000008', '1000000016', '2000000014', '1000000032'] as const;
export const addresses = ['192.0.2.1', '192.0.2.2'] as const;
export const termsVersion = '1';
export const passwords = {
  good: 'a perfectly fine passphrase',
  other: 'somebody else’s passphrase',
  weak: 'short',
} as const;
export type PasswordName = keyof typeof passwords;

/** Smaller than a stage's, so that a short scenario reaches every limit. */
export const limits: Limits = {
  codeLength: 6,
  codeSeconds: 300,
  attemptsPerChallenge: 3,
  resendSeconds: 60,
  sendsPerPhoneAndHour: 3,
  sendsPerPhoneAndDay: 4,
  verifiedSmsPerPhoneAndDay: 6,
  resetsPerPhoneAndHour: 9,
  resetsPerPhoneAndDay: 15,
  sendsPerAddressAndMinute: 6,
  sendsPerAddressAndHour: 8,
  // Never reached before the limit above: credits for verified codes have tests of their own.
  unverifiedPerAddressAndDay: 100,
  firstCodesPerAddressAndDay: 100,
  failuresPerAddressAndHour: 6,
  failuresPerDay: 4,
  failuresPerYear: 7,
  phoneFirstFailuresPerYear: 3,
  failuresPerServiceAndHour: 6,
  failuresPerServiceAndDay: 12,
  failuresPerPrefixAndHour: 4,
  failuresPerPrefixAndDay: 8,
  failedNationalIdLoginsPerHour: 4,
  failedNationalIdLoginsPerDay: 8,
  attemptsWhileGuessed: 1,
  passwordLength: 12,
  loginsPerAccountAndHour: 3,
  loginsPerAccountAndDay: 4,
  loginsPerNationalIdAndHour: 1,
  loginsPerNationalIdAndDay: 2,
  loginsPerAddressAndMinute: 6,
  loginsPerAddressAndHour: 8,
  loginsPerDeviceAndHour: 3,
  loginsPerDeviceAndDay: 4,
  passwordsPerTicket: 2,
  accountsPerPhone: 2,
  ticketSeconds: 600,
  usesPerTicket: 3,
};

const endless = { perDay: 1e9, unverifiedPerHour: 1e9, unverifiedPerDay: 1e9 };
/** No scenario runs out of money: the cost of SMS has tests of its own. */
export const spending: Spending = {
  ...defaultSpending,
  registrations: endless,
  accounts: endless,
  namedAccounts: endless,
  prefix: endless,
};

/** Always the same, so that a seed repeats its scenarios. */
export const keys = testKeys({
  current: { versions: [{ version: 1, secret: 'the secret of the stories', from: 0 }], minimum: 1 },
});

/** Random bytes that are the same in every run, so that a seed repeats its scenarios. */
export function seededEntropy(): Entropy {
  let drawn = 0;
  return (bytes) => {
    drawn += 1;
    return createHmac('sha512', 'entropy').update(String(drawn)).digest().subarray(0, bytes);
  };
}
