/**
 * `npm run templates -- DIRECTORY` writes the templates of every stage, with asset hashes masked, and the settings in the
 * bundles of its functions. Two directories, of before and after a change, then show by `diff -r` what the change would
 * deploy besides code. It needs `npm run build` first.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { cdkContext } from '../../lib/cdk-context.ts';
import { functionSettings } from '../../lib/config/function-settings.ts';
import { stageNamed, stageNames } from '../../lib/config/stages/index.ts';
import { addHawiya } from '../../lib/hawiya.ts';
import { portalBuild } from '../../lib/portal/portal-build.ts';

/** Hashes of assets, and of the portal's built files. */
const hash = /[0-9a-f]{64}|(?<=\/assets\/[\w-]+-)[\w-]{8}(?=\.\w+)/g;

const [, , target] = process.argv;
if (!target) {
  console.error('Name a directory: npm run templates -- DIRECTORY');
  process.exit(2);
}
mkdirSync(target, { recursive: true });
for (const stage of stageNames) {
  const config = stageNamed(stage);
  const settings = `${JSON.stringify(functionSettings(config), null, 1)}\n`;
  writeFileSync(join(target, `hawiya-${stage}-settings.json`), settings);
  const outdir = mkdtempSync(join(tmpdir(), 'hawiya-templates-'));
  try {
    // Code does not change a template, so the functions are not bundled.
    const app = new App({ outdir, analyticsReporting: false, postCliContext: cdkContext() });
    addHawiya(app, config, portalBuild);
    for (const { stackName, template } of app.synth().stacks) {
      const text = `${JSON.stringify(template, null, 1)}\n`.replace(hash, 'HASH');
      writeFileSync(join(target, `${stackName}.json`), text);
    }
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
