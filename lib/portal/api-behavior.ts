import { Aws, Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  AllowedMethods,
  type BehaviorOptions,
  CacheHeaderBehavior,
  CachePolicy,
  OriginProtocolPolicy,
  OriginRequestCookieBehavior,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginSslPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';

/** All that functions read of a request, and `Authorization`; ten is the most CloudFront takes. */
export const forwardedHeaders = [
  'accept-language',
  'content-type',
  'idempotency-key',
  'origin',
  'sec-fetch-site',
  'user-agent',
  'x-hawiya-client',
  // These two CloudFront writes itself.
  'CloudFront-Viewer-Address',
  'CloudFront-Viewer-Country',
];
export const forwardedCookies = ['__Host-hawiya-session', '__Host-hawiya-device'];

/** By which the functions know CloudFront, in place of whatever a viewer calls so; `lambdas/http/edge.ts` reads it. */
export const secretHeader = 'x-hawiya-edge';

interface ApiBehaviorProps {
  readonly api: RestApi;
  readonly secret: ISecret;
  /** Name of the value in the secret that is sent. */
  readonly secretVersion: string;
}

/** `/v1/*` under the portal's own origin: to the API, uncached, with what the functions read and nothing else. */
export function apiBehavior(scope: Construct, props: ApiBehaviorProps): BehaviorOptions {
  const { api, secret, secretVersion } = props;
  return {
    origin: new HttpOrigin(`${api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`, {
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [OriginSslPolicy.TLS_V1_2],
      customHeaders: {
        // A reference in the template; CloudFormation puts the value in CloudFront's configuration, where it is in the clear.
        [secretHeader]: secret.secretValueFromJson(secretVersion).unsafeUnwrap(),
      },
    }),
    allowedMethods: AllowedMethods.ALLOW_ALL,
    // Never a redirect: what was sent over plain HTTP is not to be sent that way again.
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    cachePolicy: uncached(scope),
    originRequestPolicy: new OriginRequestPolicy(scope, 'ApiRequests', {
      headerBehavior: OriginRequestHeaderBehavior.allowList(...forwardedHeaders),
      cookieBehavior: OriginRequestCookieBehavior.allowList(...forwardedCookies),
    }),
    compress: false,
  };
}

/**
 * Keeps nothing: every answer of the API says `no-store`. The second at most is there for `Authorization`, which CloudFront
 * forwards by name only as a part of a cache's key, and a cache that is off has none.
 */
const uncached = (scope: Construct) =>
  new CachePolicy(scope, 'ApiCache', {
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.seconds(0),
    maxTtl: Duration.seconds(1),
    headerBehavior: CacheHeaderBehavior.allowList('Authorization'),
  });
