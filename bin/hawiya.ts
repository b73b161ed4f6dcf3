import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { bundleFunctions } from '../lib/bundles/function-bundles.ts';
import { bundlesContext } from '../lib/cdk-context.ts';
import { functionSettings } from '../lib/config/function-settings.ts';
import { stageNamed } from '../lib/config/stages/index.ts';
import { addHawiya } from '../lib/hawiya.ts';
import { buildPortal } from '../lib/portal/build-portal.ts';
import { portalBuild } from '../lib/portal/portal-build.ts';

const app = new App();
// A stage that does not exist ends here, before anything is built.
const config = stageNamed(app.node.tryGetContext('stage') ?? 'dev');
const bundles = fileURLToPath(new URL(`../.hawiya/bundles/${config.stage}`, import.meta.url));
await Promise.all([
  bundleFunctions(functionSettings(config), bundles),
  config.edge && buildPortal(),
]);
app.node.setContext(bundlesContext, bundles);
addHawiya(app, config, () => portalBuild());
