import type { App } from 'aws-cdk-lib';
import { ApiStack } from './api-stack.ts';
import type { StageConfig } from './config.ts';
import { DataStack } from './data-stack.ts';
import { IdentityStack } from './identity-stack.ts';

/** The stacks of one stage. What holds people (data, identity) outlives what serves them (api). */
export function addHawiya(app: App, config: StageConfig) {
  const name = (part: string) => `hawiya-${config.stage}-${part}`;
  const data = new DataStack(app, name('data'), { config });
  const identity = new IdentityStack(app, name('identity'), { config });
  const api = new ApiStack(app, name('api'), { config, data, identity });
  return { data, identity, api };
}
