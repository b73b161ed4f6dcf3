import { App } from 'aws-cdk-lib';
import { addHawiya } from '../lib/hawiya.ts';
import { portalBuild } from '../lib/portal-build.ts';
import { stageNamed } from '../lib/stages/index.ts';

const app = new App();
addHawiya(app, stageNamed(app.node.tryGetContext('stage') ?? 'dev'), () => portalBuild());
