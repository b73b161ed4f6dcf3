import type { StageConfig } from '../../lib/config/stage-config.ts';
import { local } from '../../lib/config/stages/local.ts';
import { prod } from '../../lib/config/stages/prod.ts';

/**
 * The stage `prod`, with a relying service, so that `transaction` has a caller, and without throttles. What is measured
 * of single functions is measured of this stage.
 */
export const benchStage: StageConfig = {
  ...prod,
  retainData: false,
  throttles: local.throttles,
  tokenDomain: local.tokenDomain,
  relyingServices: local.relyingServices,
  targets: local.targets,
};

const plenty = 1_000_000;

/** The stage of load: `local` without a limit that honest traffic of a thousand people would reach. */
export const loadStage: StageConfig = {
  ...local,
  limits: {
    ...local.limits,
    sendsPerPhoneAndHour: plenty,
    sendsPerPhoneAndDay: plenty,
    resetsPerPhoneAndHour: 2 * plenty,
    resetsPerPhoneAndDay: 2 * plenty,
    failuresPerYear: plenty,
    failuresPerDay: plenty,
    loginsPerAccountAndHour: plenty,
    loginsPerAccountAndDay: plenty,
    failuresPerServiceAndHour: plenty,
    failuresPerServiceAndDay: plenty,
    failuresPerPrefixAndHour: plenty,
    failuresPerPrefixAndDay: plenty,
    loginsPerDeviceAndHour: plenty,
    loginsPerDeviceAndDay: plenty,
    sendsPerAddressAndMinute: plenty,
    sendsPerAddressAndHour: plenty,
    unverifiedPerAddressAndDay: plenty,
    failuresPerAddressAndHour: plenty,
    loginsPerAddressAndMinute: plenty,
    loginsPerAddressAndHour: plenty,
  },
  sessions: { ...local.sessions, refreshesPerMinute: plenty, refreshesPerHour: plenty },
  spending: {
    ...local.spending,
    registrations: { perDay: 1e9, unverifiedPerHour: 1e9, unverifiedPerDay: 1e9 },
    accounts: { perDay: 1e9, unverifiedPerHour: 1e9, unverifiedPerDay: 1e9 },
    prefix: { perDay: 1e9, unverifiedPerHour: 1e9, unverifiedPerDay: 1e9 },
  },
};
