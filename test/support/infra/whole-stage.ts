import type { StageConfig } from '../../../lib/config/stage-config.ts';
import { local } from '../../../lib/config/stages/local.ts';
import { aggregator, stageWith } from '../world/stage-with-provider.ts';

/**
 * A stage with everything that a stage may have: an HTTP provider with receipts, SNS, a relying service, apps with
 * pages, an edge.
 */
export const wholeStage: StageConfig = {
  ...stageWith('prod', [aggregator(), { kind: 'sns' }]),
  appOrigins: local.appOrigins,
  relyingServices: local.relyingServices,
  tokenDomain: 'hawiya-prod',
};
