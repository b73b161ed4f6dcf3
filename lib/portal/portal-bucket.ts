import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import {
  BucketDeployment,
  CacheControl,
  type ISource,
  Source,
} from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { StageConfig } from '../config/stage-config.ts';
import type { PortalBuild } from './portal-build.ts';
import { portalCaching, portalConfig } from './portal-files.ts';

interface PortalBucketProps {
  readonly config: StageConfig;
  readonly build: PortalBuild;
}

/** All files of the portal's host. Not versioned: a build makes all of them again. */
export class PortalBucket extends Construct {
  readonly bucket: Bucket;
  /** Deploys the HTML files, after the files that they load. */
  readonly pages: BucketDeployment;

  constructor(scope: Construct, id: string, { config, build }: PortalBucketProps) {
    super(scope, id);
    const removalPolicy = config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy,
      autoDeleteObjects: !config.retainData,
    });
    // All deployments share one function, which has one log group.
    const logGroup = new LogGroup(this, 'DeploymentLog', {
      retention: config.logRetentionDays,
      removalPolicy,
    });
    const deploy = (name: string, sources: ISource[], path: string, folder?: string) =>
      new BucketDeployment(this, name, {
        sources,
        destinationBucket: this.bucket,
        ...(folder && { destinationKeyPrefix: folder }),
        cacheControl: [CacheControl.fromString(portalCaching(path))],
        // An open portal still loads chunks of the former build, so nothing is deleted.
        prune: false,
        outputObjectKeys: false,
        memoryLimit: 512,
        logGroup,
      });

    const { portal, reference, problems } = build;
    const assets = deploy('Assets', [Source.asset(`${portal}/assets`)], '/assets/x', 'assets');
    const configFile = Source.data('config.json', portalConfig(config));
    const pages = [Source.asset(portal, { exclude: ['assets'] }), configFile];
    this.pages = deploy('Pages', pages, '/index.html');
    this.pages.node.addDependency(assets);
    const referencePage = Source.asset(reference, { exclude: ['headers.json'] });
    deploy('Reference', [referencePage], '/reference/index.html', 'reference');
    deploy('Problems', [Source.asset(problems)], '/problems/index.html', 'problems');
  }
}
