import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { cdkContext } from '../../lib/cdk-context.ts';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { prod } from '../../lib/config/stages/prod.ts';
import { ApiStack } from '../../lib/stacks/api-stack.ts';
import { DataStack } from '../../lib/stacks/data-stack.ts';
import { IdentityStack } from '../../lib/stacks/identity-stack.ts';
import { resources, type Template } from '../support/infra/synth.ts';

interface Change {
  readonly config?: Partial<StageConfig>;
  /** Name of the stack whose user pool authorises subscribers. */
  readonly identity?: string;
  /** Changes the API before it is synthesised. */
  readonly api?: (api: ApiStack) => void;
}

/** API Gateway serves a snapshot. A change reaches callers only if the deployment has another logical id. */
function deploymentId({
  config: changes,
  identity = 'identity',
  api: change,
}: Change = {}): string {
  const config: StageConfig = { ...prod, ...changes };
  const app = new App({ analyticsReporting: false, postCliContext: cdkContext() });
  const data = new DataStack(app, 'data', { config });
  const pool = new IdentityStack(app, identity, { config });
  const api = new ApiStack(app, 'api', { config, data, identity: pool });
  change?.(api);
  const template = app.synth().getStackByName('api').template as Template;
  const [[id = ''] = []] = resources(template, 'AWS::ApiGateway::Deployment');
  return id;
}

const before = deploymentId();

describe('the deployment of the API', () => {
  it('stays when only something behind the API changes, as the time for which logs are kept', () => {
    expect(deploymentId({ config: { logRetentionDays: 7 } })).toBe(before);
  });

  it('is made anew when the authorizer takes the tokens of another user pool', () => {
    expect(deploymentId({ identity: 'other-identity' })).not.toBe(before);
  });

  it('is made anew when an answer of API Gateway changes', () => {
    expect(deploymentId({ config: { portalHost: 'other.example.gov.sa' } })).not.toBe(before);
  });

  it('is made anew when a request model is added', () => {
    const api = ({ api }: ApiStack) =>
      api.addModel('Another', { contentType: 'application/json', schema: { maxLength: 1 } });
    expect(deploymentId({ api })).not.toBe(before);
  });

  it('is made anew when a request model has another limit', () => {
    const limited = (maxLength: number) => ({
      api: ({ api }: ApiStack) =>
        void api.addModel('Another', { contentType: 'application/json', schema: { maxLength } }),
    });
    expect(deploymentId(limited(1))).not.toBe(deploymentId(limited(2)));
  });

  it('is made anew when a request validator is added', () => {
    const api = ({ api }: ApiStack) =>
      void api.addRequestValidator('Parameters', { validateRequestParameters: true });
    expect(deploymentId({ api })).not.toBe(before);
  });
});
