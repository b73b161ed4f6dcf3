import { newDeviceNoticesPerDay } from '#core/budgets/new-device-notices.ts';
import type { PolicyInput } from './policy-input.ts';

/** Numbers of SIMs that the report shows. The target is about {@link simsOfTarget}. */
export const simCounts = [20, 100, 500, 1000] as const;
export const simsOfTarget = 500;

/** What SIMs cost in a UTC day whose holders verify every code that they can be sent. */
export interface VerifyingSims {
  readonly sims: number;
  /** SMS, codes and notices. */
  readonly sms: number;
  /** In the stage's currency. */
  readonly cost: number;
  /** The most that they take of one purse's day. Above 1, others have no money left in it. */
  readonly shareOfPurse: number;
  /** Unverified SMS of others that their codes earn money for. */
  readonly earnedSms: number;
}

/**
 * The most SMS to one SIM in a UTC day, with as many accounts on it as a phone may have:
 * - V − D codes that are given back, for any purpose,
 * - then D of each ledger as for anyone: one for logins and one for registrations, the closings of each account, and R resets,
 * - R codes that prove the phone first,
 * - notices of new devices, for each account.
 *
 * Notices of changes are left out: they have a budget of their own, which proved use does not touch.
 */
function smsOfOne({ limits }: Pick<PolicyInput, 'limits'>) {
  const { verifiedSmsPerPhoneAndDay, sendsPerPhoneAndDay, accountsPerPhone } = limits;
  const givenBack = Math.max(1, verifiedSmsPerPhoneAndDay - sendsPerPhoneAndDay);
  const ofAccounts = accountsPerPhone * sendsPerPhoneAndDay;
  const resets = Math.min(ofAccounts, limits.resetsPerPhoneAndDay);
  // The same cap holds for codes that prove a phone first.
  const namedAccounts = resets;
  const notices = accountsPerPhone * newDeviceNoticesPerDay;
  return {
    givenBack,
    registrations: sendsPerPhoneAndDay,
    namedAccounts,
    accounts: sendsPerPhoneAndDay + resets + ofAccounts + notices,
  };
}

export function verifyingSims(
  input: Pick<PolicyInput, 'limits' | 'prices' | 'partsPerSms' | 'smsPerSend'>,
  sims: number,
): VerifyingSims {
  const { prices, partsPerSms, smsPerSend } = input;
  const { givenBack, registrations, accounts, namedAccounts } = smsOfOne(input);
  const price = smsPerSend * partsPerSms * prices.pricePerPart;
  // What is given back may be used for either purse.
  const shareOf = (sms: number, perDay: number) => (sims * (givenBack + sms) * price) / perDay;
  const sms = sims * smsPerSend * (givenBack + registrations + accounts + namedAccounts);
  return {
    sims,
    sms,
    cost: sms * partsPerSms * prices.pricePerPart,
    shareOfPurse: Math.max(
      shareOf(registrations, prices.registrations.perDay),
      shareOf(accounts, prices.accounts.perDay),
      (sims * namedAccounts * price) / prices.namedAccounts.perDay,
    ),
    earnedSms: sims * (1 / prices.verifiedShare - 1),
  };
}
