import { defaultPrices, defaultTargets, type PolicyInput } from '../../../policy/prices.ts';

/** The design's defaults, written out, so that a test means the same when a stage changes. */
export const limits = {
  ...{ codeLength: 6, codeSeconds: 300, attemptsPerChallenge: 5, resendSeconds: 60 },
  ...{ sendsPerPhoneAndHour: 3, sendsPerPhoneAndDay: 6 },
  ...{ sendsPerAddressAndMinute: 60, sendsPerAddressAndHour: 300 },
  ...{ failuresPerDay: 20, failuresPerYear: 70 },
};

export const input: PolicyInput = {
  stage: 'test',
  limits,
  throttle: { ratePerSecond: 200, burst: 400 },
  prices: { ...defaultPrices, pricePerPart: 0.05, perDay: 2000 },
  targets: defaultTargets,
  partsPerSms: 1,
  smsPerSend: 1,
  assumed: [],
};

export const withLimits = (change: Partial<PolicyInput['limits']>): PolicyInput => ({
  ...input,
  limits: { ...limits, ...change },
});

/** Without the year's budget: what the rest of the limits bound. */
export function endless(change: Partial<PolicyInput['limits']> = {}): PolicyInput['limits'] {
  const { failuresPerYear: _, ...rest } = limits;
  return { ...rest, ...change };
}
