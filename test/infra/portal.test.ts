import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { edgeHeaders } from '../../lambdas/http/edge.ts';
import {
  deviceCookie,
  recognitionCookie,
  sessionCookie,
} from '../../lambdas/http/session-cookie.ts';
import { cdkContext } from '../../lib/cdk-context.ts';
import { stageConfig } from '../../lib/config/stage-config.ts';
import { dev } from '../../lib/config/stages/dev.ts';
import { local } from '../../lib/config/stages/local.ts';
import { prod } from '../../lib/config/stages/prod.ts';
import { addHawiya } from '../../lib/hawiya.ts';
import { cachedPaths } from '../../lib/portal/api-behavior.ts';
import { portalBuild } from '../../lib/portal/portal-build.ts';
import { portalHeaders } from '../../lib/portal/portal-files.ts';
import { referenceHeaders } from '../../openapi/reference/files.ts';
import { pageFiles, paths } from '../../portal/paths.ts';
import {
  only,
  type Properties,
  resources,
  synthesisePortal,
  target,
} from '../support/infra/synth.ts';
import { fixtureBuild } from '../support/portal/portal-build.ts';

const { build, remove } = fixtureBuild();
afterAll(remove);

const certificateArn =
  'arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000';
const { portal, stage, warnings, assets } = synthesisePortal(
  stageConfig({
    stage: 'prod',
    portalHost: prod.portalHost,
    registrationNumber: '1234567890',
    smsSenderId: 'HAWIYA',
    termsVersion: '2026-11',
    edge: { certificateArn, secretVersion: '2' },
  }),
  build,
);
const plain = synthesisePortal(dev, build);

interface Behavior {
  readonly PathPattern?: string;
  readonly AllowedMethods?: string[];
  readonly CachePolicyId: unknown;
  readonly OriginRequestPolicyId?: { Ref: string };
  readonly ResponseHeadersPolicyId?: { Ref: string };
  readonly FunctionAssociations?: { EventType: string }[];
  readonly TargetOriginId: string;
  readonly ViewerProtocolPolicy: string;
  readonly Compress: boolean;
}
interface Origin {
  readonly Id: string;
  readonly DomainName: unknown;
  readonly OriginPath?: string;
  readonly OriginCustomHeaders?: { HeaderName: string; HeaderValue: unknown }[];
  readonly CustomOriginConfig?: object;
}
interface DistributionConfig extends Properties {
  readonly Aliases?: string[];
  readonly CacheBehaviors: Behavior[];
  readonly DefaultCacheBehavior: Behavior;
  readonly Origins: Origin[];
}

const distributionOf = (template: typeof portal) =>
  only(template, 'AWS::CloudFront::Distribution').Properties[
    'DistributionConfig'
  ] as DistributionConfig;
const distribution = distributionOf(portal);

function behavior(pattern: string): Behavior {
  const found = distribution.CacheBehaviors.find(({ PathPattern }) => PathPattern === pattern);
  if (!found) throw new Error(`No behavior for ${pattern}`);
  return found;
}
const files = [distribution.DefaultCacheBehavior, behavior('/assets/*'), behavior('/reference/*')];
const api = behavior('/v1/*');

/** The headers that CloudFront answers with under a policy, as they are on the wire. */
function headersOf({ ResponseHeadersPolicyId }: Behavior): Record<string, string> {
  const { Ref = '' } = ResponseHeadersPolicyId ?? {};
  const config = portal.Resources[Ref]?.Properties['ResponseHeadersPolicyConfig'] as {
    CustomHeadersConfig?: { Items: { Header: string; Value: string; Override: boolean }[] };
    SecurityHeadersConfig: {
      ContentSecurityPolicy: { ContentSecurityPolicy: string };
      ReferrerPolicy: { ReferrerPolicy: string };
      StrictTransportSecurity: Record<string, unknown>;
    };
  };
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = config;
  const all: object[] = [...Object.values(security), ...(custom?.Items ?? [])];
  for (const one of all) expect(one).toHaveProperty('Override', true);
  const { AccessControlMaxAgeSec, IncludeSubdomains, Preload } = security.StrictTransportSecurity;
  return {
    ...Object.fromEntries((custom?.Items ?? []).map(({ Header, Value }) => [Header, Value])),
    'content-security-policy': security.ContentSecurityPolicy.ContentSecurityPolicy,
    'referrer-policy': security.ReferrerPolicy.ReferrerPolicy,
    'strict-transport-security': `max-age=${AccessControlMaxAgeSec}${IncludeSubdomains ? '; includeSubDomains' : ''}${Preload ? '; preload' : ''}`,
    'x-content-type-options': 'ContentTypeOptions' in security ? 'nosniff' : '',
  };
}

describe('the headers of the portal’s host', () => {
  it('have exactly the policy that allows no inline code, no other origin and no frame', () => {
    expect(headersOf(distribution.DefaultCacheBehavior)['content-security-policy']).toBe(
      [
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:;",
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self';",
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      ].join(' '),
    );
  });

  it('equal those of the local server, on pages and on assets', () => {
    for (const one of [distribution.DefaultCacheBehavior, behavior('/assets/*')]) {
      expect(headersOf(one)).toEqual(portalHeaders());
    }
  });

  it('bind browsers to HTTPS for two years, including subdomains', () => {
    for (const one of files) {
      expect(headersOf(one)['strict-transport-security']).toBe(
        'max-age=63072000; includeSubDomains; preload',
      );
    }
  });

  it('sandbox the reference page with the headers made for it', () => {
    expect(headersOf(behavior('/reference/*'))).toMatchObject(referenceHeaders);
    expect(referenceHeaders['content-security-policy']).toContain('sandbox allow-scripts');
  });
});

describe('the bucket', () => {
  const { Properties: bucket } = only(portal, 'AWS::S3::Bucket');

  it('is readable only by CloudFront, and encrypted', () => {
    expect(bucket).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: expect.anything(),
    });
    expect(bucket).not.toHaveProperty('WebsiteConfiguration');
    const { Statement } = only(portal, 'AWS::S3::BucketPolicy').Properties['PolicyDocument'] as {
      Statement: Record<string, unknown>[];
    };
    const allowed = Statement.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toEqual([
      expect.objectContaining({
        Action: ['s3:GetObject', 's3:ListBucket'],
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Condition: { StringEquals: { 'AWS:SourceArn': expect.anything() } },
      }),
    ]);
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  const deployments = resources(portal, 'Custom::CDKBucketDeployment').map(([, it]) => it);
  const filesOf = ({ Properties }: (typeof deployments)[number]) =>
    (Properties['SourceObjectKeys'] as string[]).flatMap(
      (key) => assets[key.replace(/\.zip$/, '')] ?? [],
    );

  it('caches files with a content hash for ever, and other files not at all', () => {
    const kept = deployments.map((it) => [
      filesOf(it),
      (it.Properties['SystemMetadata'] as Record<string, string>)['cache-control'],
      it.Properties['DestinationBucketKeyPrefix'],
    ]);
    expect(kept).toEqual([
      [['index-abc.js'], 'public, max-age=31536000, immutable', 'assets'],
      [
        ['boot.js', 'index.html', 'login.html', 'mark.svg', 'not-found.html', 'config.json'],
        'no-cache',
        undefined,
      ],
      [['index.html', 'scalar.js'], 'no-cache', 'reference'],
      [['code_incorrect.html', 'index.html', 'problems.css'], 'no-cache', 'problems'],
    ]);
  });

  it('gets a page after the files it loads and before the function that names it, and keeps files that an open page may still load', () => {
    const [[assetsId = ''] = []] = resources(portal, 'Custom::CDKBucketDeployment');
    const pages = deployments[1] as { DependsOn?: string[] } | undefined;
    expect(pages?.DependsOn).toContain(assetsId);
    const pagesId = resources(portal, 'Custom::CDKBucketDeployment')[1]?.[0];
    const [[, edgeFunction] = []] = resources(portal, 'AWS::CloudFront::Function');
    expect((edgeFunction as { DependsOn?: string[] }).DependsOn).toContain(pagesId);
    expect(deployments.map(({ Properties }) => Properties['Prune'])).toEqual(
      deployments.map(() => false),
    );
  });
});

describe('the API under the portal’s own origin', () => {
  const origin = distribution.Origins.find(({ Id }) => Id === api.TargetOriginId);
  const policy = (id: string, field: string) => portal.Resources[id]?.Properties[field] as never;

  it('is reached by HTTPS only, with every method, at the stage its path names', () => {
    expect(api).toMatchObject({ ViewerProtocolPolicy: 'https-only', Compress: false });
    expect(api.AllowedMethods).toEqual(expect.arrayContaining(['GET', 'POST', 'DELETE']));
    expect(origin?.CustomOriginConfig).toEqual({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
    });
    expect(JSON.stringify(origin?.DomainName)).toContain('.execute-api.');
    expect(origin).not.toHaveProperty('OriginPath');
    const [, deployed] = resources(stage.api, 'AWS::ApiGateway::Stage')[0] ?? [];
    expect(deployed?.Properties['StageName']).toBe('v1');
  });

  it('caches nothing, not even an error, and returns answers unchanged', () => {
    const { Ref } = api.CachePolicyId as { Ref: string };
    expect(policy(Ref, 'CachePolicyConfig')).toMatchObject({
      DefaultTTL: 0,
      MinTTL: 0,
      MaxTTL: 1,
      ParametersInCacheKeyAndForwardedToOrigin: {
        HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['Authorization'] },
      },
    });
    expect(api).not.toHaveProperty('ResponseHeadersPolicyId');
    expect(api).not.toHaveProperty('FunctionAssociations');
    const errors = distribution['CustomErrorResponses'] as object[];
    expect(errors.length).toBeGreaterThan(8);
    // CloudFront's own error page would replace the API's problem.
    for (const error of errors) {
      expect(error).toEqual({ ErrorCode: expect.any(Number), ErrorCachingMinTTL: 0 });
    }
  });

  it('gets the headers that functions read, the two cookies and the viewer’s address and country, and no other header', () => {
    const { HeadersConfig, CookiesConfig, QueryStringsConfig } = policy(
      api.OriginRequestPolicyId?.Ref ?? '',
      'OriginRequestPolicyConfig',
    ) as Record<string, { Headers?: string[]; Cookies?: string[] }>;
    const headers = HeadersConfig?.Headers?.map((name) => name.toLowerCase()) ?? [];
    expect(headers.toSorted()).toEqual([
      'accept-language',
      edgeHeaders.address,
      edgeHeaders.country,
      'content-type',
      'idempotency-key',
      'origin',
      'sec-fetch-site',
      'user-agent',
      'x-hawiya-client',
    ]);
    // CloudFront refuses more than ten.
    expect(headers.length).toBeLessThanOrEqual(10);
    expect(CookiesConfig?.Cookies).toEqual([sessionCookie, deviceCookie, recognitionCookie]);
    expect(QueryStringsConfig).toEqual({ QueryStringBehavior: 'none' });
  });

  it('gets the edge secret by the stage’s version from the functions’ secret, and no template contains it', () => {
    expect(origin?.OriginCustomHeaders).toHaveLength(1);
    const [header] = origin?.OriginCustomHeaders ?? [];
    expect(header?.HeaderName).toBe(edgeHeaders.secret);
    const value = (header?.HeaderValue ?? {}) as { 'Fn::Join'?: [string, unknown[]] };
    const [before, arn, after] = value['Fn::Join']?.[1] ?? [];
    expect(before).toBe('{{resolve:secretsmanager:');
    expect(after).toBe(':SecretString:2::}}');
    expect(target(stage, arn)).toBe('AWS::SecretsManager::Secret.Ref');
    const exported = JSON.stringify(arn);
    expect(exported).toContain('EdgeKeys');
    for (const [, { Properties }] of resources(stage.api, 'AWS::Lambda::Function')) {
      const environment = Properties['Environment'] as
        | { Variables?: Record<string, unknown> }
        | undefined;
      const told = environment?.Variables?.['EDGE_SECRET_ARN'];
      if (told !== undefined) expect(JSON.stringify(told)).toBe(exported);
    }
  });

  it('alone accepts other methods than GET and HEAD', () => {
    expect(files.map(({ AllowedMethods }) => AllowedMethods)).toEqual(files.map(() => undefined));
    expect(files.map((one) => one.ViewerProtocolPolicy)).toEqual(
      files.map(() => 'redirect-to-https'),
    );
  });
});

describe('the calls whose answers are the same for everybody', () => {
  const patterns = distribution.CacheBehaviors.map(({ PathPattern }) => PathPattern);
  const cached = cachedPaths.map(behavior);

  it('are the terms and the OpenAPI document, and come before the pattern of all calls', () => {
    expect(cachedPaths).toEqual(['/v1/terms', '/v1/openapi.json']);
    expect(patterns.slice(-3)).toEqual([...cachedPaths, '/v1/*']);
  });

  it('alone are cached: no longer than they say, by language alone', () => {
    for (const { CachePolicyId } of cached) {
      const { Ref = '' } = CachePolicyId as { Ref?: string };
      expect(portal.Resources[Ref]?.Properties['CachePolicyConfig']).toMatchObject({
        MinTTL: 0,
        DefaultTTL: 0,
        MaxTTL: 300,
        ParametersInCacheKeyAndForwardedToOrigin: {
          CookiesConfig: { CookieBehavior: 'none' },
          HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['accept-language'] },
          QueryStringsConfig: { QueryStringBehavior: 'none' },
        },
      });
    }
  });

  it('get no cookie, no token and no header that is not in the key, so that no caller’s header changes what others get', () => {
    for (const one of cached) {
      expect(one).not.toHaveProperty('OriginRequestPolicyId');
      expect(one).toMatchObject({ ViewerProtocolPolicy: 'https-only', Compress: false });
      expect(one.TargetOriginId).toBe(api.TargetOriginId);
    }
  });
});

describe('the pages', () => {
  const { Properties } = only(portal, 'AWS::CloudFront::Function');
  const code = String(Properties['FunctionCode']);
  const handle = runInNewContext(`${code};handler`) as (event: object) => {
    uri?: string;
    statusCode?: number;
    headers: Record<string, { value: string }>;
    body: { data: string };
  };
  const asked = (uri: string) => handle({ request: { uri, headers: {} } });

  it('are served for every page path, also with a slash at the end', () => {
    for (const path of Object.values(paths)) {
      const file = pageFiles.get(path);
      expect(asked(path).uri, path).toBe(file);
      expect(asked(path === '/' ? '/' : `${path}/`).uri, path).toBe(file);
    }
    expect(asked('/login').uri).toBe('/login.html');
    expect(asked('/account').uri).toBe('/index.html');
  });

  it('that changes a password is found by the address of the standard', () => {
    expect(asked('/.well-known/change-password')).toMatchObject({
      statusCode: 302,
      headers: { location: { value: paths.password } },
    });
    expect(asked('/.well-known/other')).toMatchObject({ statusCode: 404 });
  });

  it('do not replace files', () => {
    const files = ['/config.json', '/boot.js', '/mark.svg', '/reference/scalar.js'];
    for (const file of [...files, '/problems/problems.css']) expect(asked(file).uri).toBe(file);
    expect(asked('/reference/').uri).toBe('/reference/index.html');
    expect(asked('/reference')).toMatchObject({ statusCode: 308 });
  });

  it('include each problem’s page at the URI of its type', () => {
    expect(asked('/problems/code_incorrect').uri).toBe('/problems/code_incorrect.html');
    expect(asked('/problems').uri).toBe('/problems/index.html');
    expect(asked('/problems/').uri).toBe('/problems/index.html');
    expect(asked('/problems/nothing')).toMatchObject({ statusCode: 404 });
  });

  it.each([
    '/nowhere',
    '/index.html',
    '/login.html',
    '/not-found.html',
    '/account/nothing',
    '/v1',
    '/favicon.ico',
    '/__proto__',
    '//',
  ])('do not exist at %s: the answer is the page with a 404 and all its headers', (path) => {
    if (path === '//') return expect(asked(path).uri).toBe('/home.html');
    const answer = asked(path);
    expect(answer).toMatchObject({ statusCode: 404 });
    expect(answer.body.data).toContain('<!doctype html>');
    for (const [name, value] of Object.entries(portalHeaders())) {
      expect(answer.headers[name]?.value).toBe(value);
    }
    return undefined;
  });

  it('do not replace assets: a missing asset is the bucket’s 404, and no page', () => {
    expect(behavior('/assets/*')).not.toHaveProperty('FunctionAssociations');
    expect(distribution.DefaultCacheBehavior.FunctionAssociations).toMatchObject([
      { EventType: 'viewer-request' },
    ]);
  });

  it('leave room in CloudFront’s limits for pages four times the size', () => {
    expect(Buffer.byteLength(code)).toBeLessThan(5000);
    expect(Properties['FunctionConfig']).toMatchObject({ Runtime: 'cloudfront-js-2.0' });
  });
});

describe('the host', () => {
  it('has the portal’s name and certificate, TLS 1.2 or newer, and HTTP/3', () => {
    expect(distribution).toMatchObject({
      Aliases: [prod.portalHost],
      HttpVersion: 'http2and3',
      IPV6Enabled: false,
      PriceClass: 'PriceClass_200',
      ViewerCertificate: {
        AcmCertificateArn: certificateArn,
        MinimumProtocolVersion: 'TLSv1.2_2021',
        SslSupportMethod: 'sni-only',
      },
    });
    expect(warnings).toEqual([]);
    expect(portal.Outputs).toMatchObject({
      PortalUrl: { Value: `https://${prod.portalHost}/` },
      DistributionId: expect.anything(),
      DistributionDomainName: expect.anything(),
    });
  });

  it('is CloudFront’s own name without a certificate, with a warning', () => {
    expect(distributionOf(plain.portal).Aliases).toBeUndefined();
    expect(JSON.stringify(plain.portal.Outputs?.['PortalUrl'])).toContain('DomainName');
    expect(plain.warnings).toEqual([expect.stringContaining('edge.certificateArn is missing')]);
  });

  it('keeps no access log', () => {
    expect(distribution).not.toHaveProperty('Logging');
  });

  it('leaves room in its template', () => {
    expect(Object.keys(portal.Resources).length).toBeLessThan(40);
    expect(JSON.stringify(portal).length).toBeLessThan(50_000);
  });
});

describe('the build', () => {
  it('is named in the error when it is missing, and is not needed for a stage without an edge', () => {
    expect(() => portalBuild('/nowhere/')).toThrow(
      /portal\/dist\/index\.html.*dist\/reference\/headers\.json.*dist\/problems\/index\.html.*Run npm run build first/,
    );
    const app = new App({ analyticsReporting: false, postCliContext: cdkContext() });
    const unbuilt = () => portalBuild('/nowhere/');
    expect(addHawiya(app, local, unbuilt)).not.toHaveProperty('portal');
  });

  it('contains nothing inline that the policy would block', () => {
    const page = readFileSync(new URL('../../portal/index.html', import.meta.url), 'utf8');
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:/i);
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });
});

describe('the outputs', () => {
  it('name the user pool and its client', () => {
    expect(Object.keys(stage.identity.Outputs ?? {})).toEqual(
      expect.arrayContaining(['UserPoolId', 'ClientId']),
    );
  });
});
