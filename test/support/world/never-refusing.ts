import type { StageConfig } from '../../../lib/config/stage-config.ts';
import { local } from '../../../lib/config/stages/local.ts';

/** A number that no test reaches. */
export const plenty = 1_000_000;

/** The local stage's limits and sessions with budgets that are never used up. */
export const neverRefusing: Pick<StageConfig, 'limits' | 'sessions'> = {
  limits: {
    ...local.limits,
    sendsPerPhoneAndHour: plenty,
    sendsPerPhoneAndDay: plenty,
    verifiedSmsPerPhoneAndDay: 2 * plenty,
    resetsPerPhoneAndHour: 2 * plenty,
    resetsPerPhoneAndDay: 2 * plenty,
    failuresPerYear: plenty,
    phoneFirstFailuresPerYear: plenty,
    failedNationalIdLoginsPerHour: plenty,
    failedNationalIdLoginsPerDay: plenty,
    failuresPerDay: plenty,
    loginsPerAccountAndHour: plenty,
    loginsPerAccountAndDay: plenty,
    loginsPerNationalIdAndHour: plenty,
    loginsPerNationalIdAndDay: plenty,
    failuresPerServiceAndHour: plenty,
    failuresPerServiceAndDay: plenty,
    failuresPerPrefixAndHour: plenty,
    failuresPerPrefixAndDay: plenty,
    loginsPerDeviceAndHour: plenty,
    loginsPerDeviceAndDay: plenty,
    // Requests with an invalid address are all charged to the peer's.
    sendsPerAddressAndMinute: plenty,
    sendsPerAddressAndHour: plenty,
    unverifiedPerAddressAndDay: plenty,
    failuresPerAddressAndHour: plenty,
    loginsPerAddressAndMinute: plenty,
    loginsPerAddressAndHour: plenty,
  },
  sessions: { ...local.sessions, refreshesPerMinute: plenty, refreshesPerHour: plenty },
};
