import type { PolicyInput } from '../../../tools/policy/policy-input.ts';
import { limits as allLimits, spending } from '../../support/fakes/builders.ts';

/** The design's defaults, written out, so that a test means the same when a stage changes. */
export const limits = {
  codeLength: 6,
  codeSeconds: 300,
  attemptsPerChallenge: 5,
  attemptsWhileGuessed: 2,
  resendSeconds: 60,
  sendsPerPhoneAndHour: 3,
  sendsPerPhoneAndDay: 6,
  verifiedSmsPerPhoneAndDay: 40,
  accountsPerPhone: 5,
  resetsPerPhoneAndHour: 9,
  resetsPerPhoneAndDay: 15,
  sendsPerAddressAndMinute: 60,
  sendsPerAddressAndHour: 300,
  failuresPerDay: 20,
  failuresPerYear: 39,
  phoneFirstFailuresPerYear: 20,
};

export const input: PolicyInput = {
  stage: 'test',
  limits,
  throttle: { ratePerSecond: 200, burst: 400 },
  prices: {
    currency: 'SAR',
    pricePerPart: 0.05,
    verifiedShare: 0.4,
    registrations: { perDay: 1400, unverifiedPerHour: 70, unverifiedPerDay: 140 },
    accounts: { perDay: 600, unverifiedPerHour: 30, unverifiedPerDay: 50 },
    namedAccounts: { perDay: 600, unverifiedPerHour: 5, unverifiedPerDay: 10 },
    relyingPerDay: 0,
  },
  targets: {
    takeoverPerAccountAndYear: 1 / 10_000,
    unverifiedSpendPerDay: 200,
    honestCodesRefused: 0.05,
    // Tests of this target have their own purses.
    takenByVerifyingSims: 100,
  },
  pumping: { limits: allLimits, spending },
  partsPerSms: 1,
  smsPerSend: 1,
  ledgersPerPhone: 1,
};

export const withLimits = (change: Partial<PolicyInput['limits']>): PolicyInput => ({
  ...input,
  limits: { ...limits, ...change },
});

/** Without the year's budget: the bounds that the other limits give. */
export function endless(change: Partial<PolicyInput['limits']> = {}): PolicyInput['limits'] {
  const { failuresPerYear: _, ...rest } = limits;
  return { ...rest, ...change };
}
