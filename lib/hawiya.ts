import type { App } from 'aws-cdk-lib';
import { requirePlainJson } from './bundles/plain-settings.ts';
import { functionSettings } from './config/function-settings.ts';
import type { StageConfig } from './config/stage-config.ts';
import type { PortalBuild } from './portal/portal-build.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { IdentityStack } from './stacks/identity-stack.ts';
import { PortalStack } from './stacks/portal-stack.ts';

/**
 * The stacks of one stage. The stacks that hold people's data (data, identity) outlive those that serve people (api,
 * portal).
 * @param build finds the built portal; called only if the stage has an edge. Without it there is no portal stack: the
 * local cloud serves the portal itself.
 */
export function addHawiya(app: App, config: StageConfig, build?: () => PortalBuild) {
  requirePlainJson(functionSettings(config));
  const name = (part: string) => `hawiya-${config.stage}-${part}`;
  const data = new DataStack(app, name('data'), { config });
  const identity = new IdentityStack(app, name('identity'), { config });
  const api = new ApiStack(app, name('api'), { config, data, identity });
  if (!config.edge || !build) return { data, identity, api };
  const portal = new PortalStack(app, name('portal'), { config, data, api, build: build() });
  return { data, identity, api, portal };
}
