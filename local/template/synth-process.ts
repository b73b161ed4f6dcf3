/**
 * The process behind `synthesise`: stage config on stdin, cloud assembly in argv[2], `Template[]` on stdout. With
 * `no-bundles` in argv[3] the functions are not bundled.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { App } from 'aws-cdk-lib';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { addHawiya } from '../../lib/hawiya.ts';
import type { Template } from './template.ts';

const [, , outdir, bundles] = process.argv;
if (!outdir) throw new Error('synth-process.ts wants the output directory as its argument');

const app = new App({
  outdir,
  analyticsReporting: false,
  postCliContext: cliContext(),
  // Half of the synthesis. `npm run synth` and the tests of the templates validate them.
  builtinCloudFormationValidation: false,
});
addHawiya(app, (await json(process.stdin)) as StageConfig);
const templates = app.synth().stacks.map(templateOf);
process.stdout.write(JSON.stringify(templates));

/**
 * The context that the CDK command passes: feature flags of cdk.json, and the constructs' paths.
 */
function cliContext(): Record<string, unknown> {
  const file = new URL('../../cdk.json', import.meta.url);
  const { context } = JSON.parse(readFileSync(file, 'utf8')) as { context: object };
  return {
    ...context,
    'aws:cdk:enable-path-metadata': true,
    'aws:cdk:bundling-stacks': bundles === 'no-bundles' ? [] : ['**'],
  };
}

function templateOf(artifact: CloudFormationStackArtifact): Template {
  const { directory } = artifact.assembly;
  return {
    stack: artifact.stackName,
    body: artifact.template,
    assets: assetDirectories(directory, artifact.id),
  };
}

function assetDirectories(directory: string, stack: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(directory, `${stack}.assets.json`), 'utf8')) as {
    files?: Record<string, { source: { path: string } }>;
  };
  const files = Object.entries(manifest.files ?? {});
  return Object.fromEntries(
    files.map(([hash, { source }]) => [hash, join(directory, source.path)]),
  );
}
