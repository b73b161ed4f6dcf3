import type { StageConfig } from '../../lib/config/stage-config.ts';
import { local } from '../../lib/config/stages/local.ts';
import { prod } from '../../lib/config/stages/prod.ts';
import { neverRefusing } from '../support/world/never-refusing.ts';

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

/** The stage of load: `local` without a limit that honest traffic of a thousand people would reach. */
export const loadStage: StageConfig = {
  ...local,
  ...neverRefusing,
  spending: {
    ...local.spending,
    registrations: { perDay: 1e9, unverifiedPerHour: 1e9, unverifiedPerDay: 1e9 },
    accounts: { perDay: 1e9, unverifiedPerHour: 1e9, unverifiedPerDay: 1e9 },
    prefix: { perDay: 1e9, unverifiedPerHour: 1e9, unverifiedPerDay: 1e9 },
  },
};
