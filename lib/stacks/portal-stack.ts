import { Annotations, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AccessLevel,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  FunctionEventType,
  HttpVersion,
  PriceClass,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config/stage-config.ts';
import { apiBehaviors, cachedPaths } from '../portal/api-behavior.ts';
import { edgeName } from '../portal/edge-name.ts';
import { PortalBucket } from '../portal/portal-bucket.ts';
import { headersOfReference, type PortalBuild } from '../portal/portal-build.ts';
import { portalHeaders } from '../portal/portal-files.ts';
import { portalPages } from '../portal/portal-pages.ts';
import { servedHeaders } from '../portal/served-headers.ts';
import type { ApiStack } from './api-stack.ts';
import type { DataStack } from './data-stack.ts';

interface PortalStackProps extends StackProps {
  readonly config: StageConfig;
  readonly data: DataStack;
  readonly api: ApiStack;
  readonly build: PortalBuild;
}

const priceClasses = {
  '100': PriceClass.PRICE_CLASS_100,
  '200': PriceClass.PRICE_CLASS_200,
  all: PriceClass.PRICE_CLASS_ALL,
};

/** CloudFront would cache these for ten seconds, and everybody would get one person's 503. */
const keptErrors = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** The portal's host: CloudFront, in front of the bucket with the portal and of the API. */
export class PortalStack extends Stack {
  constructor(scope: Construct, id: string, props: PortalStackProps) {
    const { config, data, api, build, ...rest } = props;
    super(scope, id, rest);
    const { edge, portalHost } = config;
    const { edgeSecret } = data;
    if (!edge || !edgeSecret) throw new Error(`Stage ${config.stage} has no edge`);

    const { certificateArn, priceClass, secretVersion } = edge;
    if (!certificateArn) this.warn(portalHost);
    const distribution = new Distribution(this, 'Distribution', {
      comment: `Hawiya ${config.stage}: ${portalHost}`,
      ...this.behaviors(config, build),
      ...(certificateArn && {
        domainNames: [portalHost],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      // As for the API itself: with a /48, an attacker would have 65,536 budgets of an address.
      enableIpv6: false,
      priceClass: priceClasses[priceClass],
      errorResponses: keptErrors.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      // No access log: each line would hold a person's address, and a path may contain the id of a challenge.
      enableLogging: false,
    });
    const toApi = { api: api.api, secret: edgeSecret, secretVersion };
    const { origin, calls, cachedCalls } = apiBehaviors(this, toApi);
    // CloudFront takes the first pattern that fits.
    for (const path of cachedPaths) distribution.addBehavior(path, origin, cachedCalls);
    distribution.addBehavior('/v1/*', origin, calls);

    const { distributionId, distributionDomainName } = distribution;
    const host = certificateArn ? portalHost : distributionDomainName;
    new CfnOutput(this, 'PortalUrl', { value: `https://${host}/` });
    new CfnOutput(this, 'DistributionId', { value: distributionId });
    // The portal's host must be an alias of this name.
    new CfnOutput(this, 'DistributionDomainName', { value: distributionDomainName });
  }

  /** The files, grouped by their caching and headers. */
  private behaviors(config: StageConfig, build: PortalBuild) {
    const files = new PortalBucket(this, 'Files', { config, build });
    // The right to list turns a missing file into a 404 in place of a 403. No path leads to the list itself: `/` is a
    // page.
    Annotations.of(this).acknowledgeWarning(
      '@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
    );
    const originAccessControl = new S3OriginAccessControl(this, 'FilesAccess', {
      originAccessControlName: edgeName(this, 'files'),
    });
    const origin = S3BucketOrigin.withOriginAccessControl(files.bucket, {
      originAccessControl,
      originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
    });
    const pages = portalPages(this, 'PortalPages', build);
    // The function names the HTML files, and contains one.
    pages.node.addDependency(files.pages);
    const hsts = portalHeaders()['strict-transport-security'];
    const kept = {
      origin,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: servedHeaders(this, 'PortalHeaders', 'headers', portalHeaders()),
    } satisfies BehaviorOptions;
    const onRequest = {
      functionAssociations: [{ function: pages, eventType: FunctionEventType.VIEWER_REQUEST }],
    };
    const reference = { ...headersOfReference(build), 'strict-transport-security': hsts };
    return {
      defaultBehavior: { ...kept, ...onRequest },
      additionalBehaviors: {
        '/assets/*': kept,
        '/reference/*': {
          ...kept,
          ...onRequest,
          responseHeadersPolicy: servedHeaders(this, 'ReferenceHeaders', 'reference', reference),
        },
      },
    };
  }

  private warn(portalHost: string): void {
    Annotations.of(this).addWarningV2(
      'hawiya:no-certificate',
      `edge.certificateArn is missing: CloudFront answers at its own name, but people can log in only at https://${portalHost}`,
    );
  }
}
