/**
 * The process behind `synthesise`: stage config on stdin, cloud assembly in argv[2], `Template[]` on stdout. With
 * `no-bundles` in argv[3] the functions are not bundled.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { App } from 'aws-cdk-lib';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { bundleFunctions } from '../../lib/bundles/function-bundles.ts';
import { cdkContext } from '../../lib/cdk-context.ts';
import { functionSettings } from '../../lib/config/function-settings.ts';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { addHawiya } from '../../lib/hawiya.ts';
import type { Template } from './template.ts';

const [, , outdir, bundling] = process.argv;
if (!outdir) throw new Error('synth-process.ts wants the output directory as its argument');
const config = (await json(process.stdin)) as StageConfig;
const bundles = bundling === 'no-bundles' ? undefined : join(outdir, 'bundles');
if (bundles) await bundleFunctions(functionSettings(config), bundles);

const app = new App({
  outdir,
  analyticsReporting: false,
  // The paths of constructs name functions and roles of the local cloud. The CDK command adds them too.
  postCliContext: { ...cdkContext(bundles), 'aws:cdk:enable-path-metadata': true },
  // Half of the synthesis. `npm run synth` and the tests of the templates validate them.
  builtinCloudFormationValidation: false,
});
addHawiya(app, config);
const templates = app.synth().stacks.map(templateOf);
process.stdout.write(JSON.stringify(templates));

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
