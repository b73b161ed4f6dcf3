import { App } from 'aws-cdk-lib';
import { stageNamed } from '../lib/config/stages/index.ts';
import { addHawiya } from '../lib/hawiya.ts';
import { portalBuild } from '../lib/portal/portal-build.ts';

const app = new App();
addHawiya(app, stageNamed(app.node.tryGetContext('stage') ?? 'dev'), () => portalBuild());
