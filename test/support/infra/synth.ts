import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { cdkContext } from '../../../lib/cdk-context.ts';
import type { StageConfig } from '../../../lib/config/stage-config.ts';
import { dev } from '../../../lib/config/stages/dev.ts';
import { prod } from '../../../lib/config/stages/prod.ts';
import { addHawiya } from '../../../lib/hawiya.ts';
import type { PortalBuild } from '../../../lib/portal/portal-build.ts';

export interface Resource {
  readonly Type: string;
  // Tests compare the templates with `toEqual` and `toMatchObject`, which need no types.
  readonly Properties: Properties;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export type Properties = Readonly<Record<string, unknown>>;

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { Value: unknown; Export?: { Name: string } }>>;
}

/** How a stack reads another stack's output. */
export interface StackOutput {
  readonly StackName: string;
  readonly OutputName: string;
}

export interface Stage {
  readonly data: Template;
  readonly identity: Template;
  readonly api: Template;
}

/** The portal's stack, with the warnings of its synthesis. */
export interface PortalSynthesis {
  readonly portal: Template;
  readonly stage: Stage;
  readonly warnings: string[];
  /** The files of each asset, by its hash. */
  readonly assets: Readonly<Record<string, string[]>>;
}

/** The templates of a stage without bundled functions: half a second instead of many. */
export function synthesise(config: StageConfig): Stage {
  return withAssembly(config, undefined, (assembly) => stageOf(config, assembly));
}

/** The same with the portal's host, which takes longer. */
export function synthesisePortal(config: StageConfig, build: PortalBuild): PortalSynthesis {
  return withAssembly(
    config,
    () => build,
    (assembly) => {
      const artifact = assembly.getStackByName(`hawiya-${config.stage}-portal`);
      return {
        portal: artifact.template as Template,
        stage: stageOf(config, assembly),
        warnings: artifact.messages.map(({ entry }) => String(entry.data)),
        assets: assetsOf(assembly.directory),
      };
    },
  );
}

/**
 * The templates of all stacks of a stage, by name, in the order in which they are deployed.
 * @param change changes the app before it gets its stacks
 */
export function synthesiseAll(
  config: StageConfig,
  build?: PortalBuild,
  change: (app: App) => void = () => undefined,
): Map<string, Template> {
  const read = ({ stacks }: CloudAssembly) =>
    new Map(stacks.map(({ stackName, template }) => [stackName, template as Template]));
  return withAssembly(config, build && (() => build), read, change);
}

/** The names of the files in each asset directory of the assembly. */
function assetsOf(directory: string): Record<string, string[]> {
  const found = readdirSync(directory).filter((name) => /^asset\.[0-9a-f]{64}$/.test(name));
  return Object.fromEntries(
    found.map((name) => [name.slice('asset.'.length), readdirSync(join(directory, name)).sort()]),
  );
}

function stageOf({ stage }: StageConfig, assembly: CloudAssembly): Stage {
  const template = (part: keyof Stage) =>
    assembly.getStackByName(`hawiya-${stage}-${part}`).template as Template;
  return { data: template('data'), identity: template('identity'), api: template('api') };
}

function withAssembly<Result>(
  config: StageConfig,
  build: (() => PortalBuild) | undefined,
  read: (assembly: CloudAssembly) => Result,
  change: (app: App) => void = () => undefined,
): Result {
  const outdir = mkdtempSync(join(tmpdir(), 'hawiya-synth-'));
  try {
    const app = new App({
      outdir,
      analyticsReporting: false,
      postCliContext: cdkContext(),
    });
    change(app);
    addHawiya(app, config, build);
    return read(app.synth());
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const made = new Map<string, Stage>();
function once(config: StageConfig): Stage {
  const stage = made.get(config.stage) ?? synthesise(config);
  made.set(config.stage, stage);
  return stage;
}

/** Each stage is synthesised once per test file. */
export const stages = { prod: () => once(prod), dev: () => once(dev) };

/** All resources of a type, with their logical ids. */
export function resources(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
}

/** The one resource of a type. */
export function only(template: Template, type: string): Resource {
  const [first, ...more] = resources(template, type);
  if (!first || more.length > 0) throw new Error(`The template has not exactly one ${type}`);
  return first[1];
}

/** The functions by flow, without hyphens: `passwordreset`, `smssender`. */
export function functions(api: Template): Record<string, Resource> {
  const name = (id: string) =>
    id.replace(/^(Functions|Sms|Events)/, '').replace(/[0-9A-F]{8}$/, '');
  const found = resources(api, 'AWS::Lambda::Function');
  return Object.fromEntries(found.map(([id, resource]) => [name(id), resource]));
}

/** The target of a reference in the API stack: `AWS::SQS::Queue.Arn`, also across stacks. */
export function target(stage: Stage, reference: unknown): string {
  if (typeof reference === 'string') return reference;
  const { 'Fn::GetStackOutput': read } = reference as { 'Fn::GetStackOutput'?: StackOutput };
  if (read === undefined) return pointsTo(stage.api, reference);
  for (const template of [stage.data, stage.identity]) {
    const output = template.Outputs?.[read.OutputName];
    if (output) return pointsTo(template, output.Value);
  }
  throw new Error(`No stack has the output ${read.OutputName}`);
}

function pointsTo({ Resources }: Template, value: unknown): string {
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: string[] };
  const [id = '', name = 'Ref'] = Ref ? [Ref] : (attribute ?? []);
  const resource = Resources[id];
  if (!resource) throw new Error(`No reference to a resource: ${JSON.stringify(value)}`);
  return `${resource.Type}.${name}`;
}
