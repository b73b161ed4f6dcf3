import type { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { type Deployed, deleteStack, deployAll, importsOf } from '../support/infra/deploy-all.ts';
import { synthesiseAll } from '../support/infra/synth.ts';
import { wholeStage } from '../support/infra/whole-stage.ts';
import { fixtureBuild } from '../support/portal/portal-build.ts';
import { aggregator, stageWith } from '../support/world/stage-with-provider.ts';

const { build, remove } = fixtureBuild();
afterAll(remove);

const { receipts: _, ...silent } = aggregator();
const providers = (...list: Parameters<typeof stageWith>[1]) => ({
  ...wholeStage,
  sms: stageWith('prod', list).sms,
});
const { edge: _edge, ...withoutEdge } = wholeStage;

/** A stage that has all, and what it looks like without one of them. */
const without: [string, StageConfig][] = [
  ['the provider that is reached by HTTP', providers({ kind: 'sns' })],
  ['the receipts of a provider', providers(silent, { kind: 'sns' })],
  ['SNS', providers(aggregator())],
  ['a relying service', { ...wholeStage, relyingServices: [], tokenDomain: undefined }],
  ['the edge', withoutEdge as StageConfig],
];

const nothing: Deployed = new Map();
const portal = 'hawiya-prod-portal';
const templates = (config: StageConfig, change?: (app: App) => void) =>
  synthesiseAll(config, build, change);
const whole = templates(wholeStage);

describe('the stacks of a stage', () => {
  it('are deployed in an order in which each finds what it reads', () => {
    expect([...whole.keys()].at(-1)).toBe(portal);
    expect(deployAll(nothing, whole).refusals).toEqual([]);
  });

  it('import nothing of each other: an import locks what it imports', () => {
    for (const [name, template] of whole) expect(importsOf(template), name).toEqual([]);
  });

  it.each(without)('deploy without %s, and with it again', (_what, config) => {
    const less = templates(config);
    const removed = deployAll(whole, less);
    expect(removed.refusals).toEqual([]);
    expect(deployAll(removed.state, whole).refusals).toEqual([]);
    // A stage that never had it.
    const first = deployAll(nothing, less);
    expect(first.refusals).toEqual([]);
    expect(deployAll(first.state, whole).refusals).toEqual([]);
  });

  it('let the portal’s stack be deleted after its edge is removed, and made again', () => {
    const { state } = deployAll(whole, templates(withoutEdge as StageConfig));
    expect([...state.keys()]).toContain(portal);
    const deleted = deleteStack(state, portal);
    expect(deleted.refusals).toEqual([]);
    expect(deployAll(deleted.state, whole).refusals).toEqual([]);
  });
});

describe('with strong references, as the CDK makes them by default,', () => {
  const strong = (app: App) =>
    app.node.setContext('@aws-cdk/core:defaultCrossStackReferences', 'strong');
  const locked = templates(wholeStage, strong);

  it.each(without.filter(([what]) => !['SNS', 'a relying service'].includes(what)))(
    'CloudFormation would refuse to remove %s',
    (_what, config) => {
      const { refusals } = deployAll(locked, templates(config, strong));
      expect(refusals.join('\n')).toMatch(/drops .*Keys.*, which hawiya-prod-\w+ imports/);
    },
  );
});
