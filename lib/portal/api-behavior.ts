import { Aws, Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  type AddBehaviorOptions,
  AllowedMethods,
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
import { edgeName } from './edge-name.ts';

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
export const forwardedCookies = [
  '__Host-hawiya-session',
  '__Host-hawiya-device',
  '__Host-hawiya-known',
];

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
 * The calls whose answers are the same for everybody, so that CloudFront may keep them. They say for how long
 * (`lambdas/functions/information`).
 */
export const cachedPaths = ['/v1/terms', '/v1/openapi.json'];
/** The only header in the key of their cache, and the only one that reaches the API: their answers follow it. */
export const cachedBy = 'accept-language';

/** The origin of the API, and how CloudFront calls it. */
interface ApiBehaviors {
  readonly origin: HttpOrigin;
  /** For `/v1/*`: nothing is cached, and only what the functions read is forwarded. */
  readonly calls: AddBehaviorOptions;
  /** For `cachedPaths`: no cookie, no token and nothing else of the viewer is forwarded. */
  readonly cachedCalls: AddBehaviorOptions;
}

/** `/v1/*` under the portal's own origin goes to the API. */
export function apiBehaviors(scope: Construct, props: ApiBehaviorProps): ApiBehaviors {
  const { api, secret, secretVersion } = props;
  const toApi = {
    allowedMethods: AllowedMethods.ALLOW_ALL,
    // No redirect: a client that sent a secret over plain HTTP must not learn to send it that way.
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    compress: false,
  };
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
    calls: {
      ...toApi,
      cachePolicy: uncached(scope),
      originRequestPolicy: new OriginRequestPolicy(scope, 'ApiRequests', {
        originRequestPolicyName: edgeName(scope, 'api-requests'),
        headerBehavior: OriginRequestHeaderBehavior.allowList(...forwardedHeaders),
        cookieBehavior: OriginRequestCookieBehavior.allowList(...forwardedCookies),
      }),
    },
    // Without an origin request policy, the API gets what is in the key and nothing else. So no header that is not in
    // the key can change an answer that others get.
    cachedCalls: { ...toApi, cachePolicy: cachedForAll(scope) },
  };
}

/**
 * Caches nothing: the answers of these calls say `no-store`. The maximum of one second exists only for `Authorization`:
 * CloudFront forwards it by name only as a part of the cache key, and a disabled cache has no key.
 */
const uncached = (scope: Construct) =>
  new CachePolicy(scope, 'ApiCache', {
    cachePolicyName: edgeName(scope, 'api-cache'),
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.seconds(0),
    maxTtl: Duration.seconds(1),
    headerBehavior: CacheHeaderBehavior.allowList('Authorization'),
  });

/** Caches as long as the answer says, and what says nothing not at all: a 429 is for one caller. */
const cachedForAll = (scope: Construct) =>
  new CachePolicy(scope, 'PublicCache', {
    cachePolicyName: edgeName(scope, 'public-cache'),
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.seconds(0),
    maxTtl: Duration.minutes(5),
    headerBehavior: CacheHeaderBehavior.allowList(cachedBy),
  });
