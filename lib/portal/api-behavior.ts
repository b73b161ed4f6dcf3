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

/**
 * All headers that the functions read, without `Authorization`. CloudFront allows ten at most, and `Authorization`
 * counts.
 */
export const forwardedHeaders = [
  'accept-language',
  'content-type',
  'idempotency-key',
  'origin',
  'sec-fetch-site',
  'user-agent',
  'x-hawiya-client',
  // CloudFront itself writes these two.
  'CloudFront-Viewer-Address',
  'CloudFront-Viewer-Country',
];
export const forwardedCookies = ['__Host-hawiya-session', '__Host-hawiya-device'];

/**
 * The header by which CloudFront proves itself to the functions. CloudFront overwrites a viewer's header of that name.
 * `lambdas/http/edge.ts` reads it.
 */
export const secretHeader = 'x-hawiya-edge';

interface ApiBehaviorProps {
  readonly api: RestApi;
  readonly secret: ISecret;
  /** Name of the value in the secret that CloudFront sends. */
  readonly secretVersion: string;
}

/**
 * `/v1/*` under the portal's own origin goes to the API. It is not cached, and only what the functions read is
 * forwarded.
 */
export function apiBehavior(scope: Construct, props: ApiBehaviorProps): BehaviorOptions {
  const { api, secret, secretVersion } = props;
  return {
    origin: new HttpOrigin(`${api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`, {
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [OriginSslPolicy.TLS_V1_2],
      customHeaders: {
        // The template holds a reference. CloudFormation puts the value in CloudFront's configuration, where it is in
        // the clear.
        [secretHeader]: secret.secretValueFromJson(secretVersion).unsafeUnwrap(),
      },
    }),
    allowedMethods: AllowedMethods.ALLOW_ALL,
    // No redirect: a client that sent a secret over plain HTTP must not learn to send it that way.
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
 * Caches nothing: every answer of the API says `no-store`. The maximum of one second exists only for `Authorization`:
 * CloudFront forwards it by name only as a part of the cache key, and a disabled cache has no key.
 */
const uncached = (scope: Construct) =>
  new CachePolicy(scope, 'ApiCache', {
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.seconds(0),
    maxTtl: Duration.seconds(1),
    headerBehavior: CacheHeaderBehavior.allowList('Authorization'),
  });
