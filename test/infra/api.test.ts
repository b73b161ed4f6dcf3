import { describe, expect, it } from 'vitest';
import { type ProblemCode, problemKinds } from '../../lambdas/core/problems.ts';
import { routes } from '../../lib/routes.ts';
import { prod } from '../../lib/stages/prod.ts';
import { functions, only, type Properties, resources, stages, target } from '../support/synth.ts';

const stage = stages.prod();
const { api } = stage;

/** `/challenges/{id}/send` of a resource; the API's root is ''. */
function pathOf(reference: unknown): string {
  const { Ref } = reference as { Ref?: string };
  const resource = Ref === undefined ? undefined : api.Resources[Ref];
  if (!resource) return '';
  return `${pathOf(resource.Properties['ParentId'])}/${resource.Properties['PathPart']}`;
}

interface Method {
  readonly route: string;
  readonly flow: string;
  readonly properties: Properties;
}

const methods: Method[] = resources(api, 'AWS::ApiGateway::Method').map(
  ([, { Properties: properties }]) => {
    const uri = JSON.stringify((properties['Integration'] as { Uri: unknown }).Uri);
    const [flow = '?'] =
      Object.entries(functions(api)).find(([, found]) =>
        resources(api, 'AWS::Lambda::Function').some(
          ([id, resource]) => resource === found && uri.includes(`"${id}"`),
        ),
      ) ?? [];
    return {
      route: `${properties['HttpMethod']} ${pathOf(properties['ResourceId'])}`,
      flow,
      properties,
    };
  },
);

describe('the routes of the API', () => {
  it('are those of lib/routes.ts, each with its function, and no others', () => {
    const expected = routes.map(({ method, path, flow }) => [
      `${method} ${path}`,
      flow.replace('-', ''),
    ]);
    expect(methods.map(({ route, flow }) => [route, flow]).sort()).toEqual(expected.sort());
  });

  it('hand the request over as it is, in a live call only', () => {
    for (const { properties } of methods) {
      expect(properties['Integration']).toMatchObject({
        ...{ Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST' },
      });
    }
    const permissions = resources(api, 'AWS::Lambda::Permission');
    expect(permissions).toHaveLength(routes.length);
    for (const [, { Properties }] of permissions) {
      expect(Properties['Principal']).toBe('apigateway.amazonaws.com');
      expect(JSON.stringify(Properties['SourceArn'])).not.toContain('test-invoke-stage');
    }
  });

  it('are public, but for the account, which an access token opens', () => {
    const authorizers = resources(api, 'AWS::ApiGateway::Authorizer');
    expect(authorizers).toHaveLength(1);
    const [[authorizerId, authorizer] = ['', undefined]] = authorizers;
    for (const { route, properties } of methods) {
      const { AuthorizationType, AuthorizationScopes, AuthorizerId } = properties;
      if (/ \/account(\/|$)/.test(route)) {
        expect(AuthorizationType).toBe('COGNITO_USER_POOLS');
        // Without a scope the authorizer takes ID tokens instead of access tokens.
        expect(AuthorizationScopes).toEqual(['aws.cognito.signin.user.admin']);
        expect(AuthorizerId).toEqual({ Ref: authorizerId });
      } else {
        expect(AuthorizationType, route).toBe('NONE');
      }
    }
    const pools = authorizer?.Properties['ProviderARNs'] as unknown[];
    expect(pools.map((arn) => target(stage, arn))).toEqual(['AWS::Cognito::UserPool.Arn']);
  });

  it('ask for no API key and no CORS of any origin', () => {
    expect(methods.some(({ properties }) => properties['ApiKeyRequired'])).toBe(false);
    expect(methods.some(({ route }) => route.startsWith('OPTIONS'))).toBe(false);
  });
});

describe('what API Gateway answers by itself', () => {
  const answers = resources(api, 'AWS::ApiGateway::GatewayResponse').map(
    ([, { Properties }]) => Properties,
  );

  it.each(answers.map((answer) => [answer['ResponseType'], answer] as const))(
    '%s is a problem document like every other',
    (_type, answer) => {
      const templates = answer['ResponseTemplates'] as Record<string, string>;
      const body = JSON.parse(templates['application/json'] ?? '') as Record<string, unknown>;
      const code = body['code'] as ProblemCode;
      expect(Object.keys(problemKinds)).toContain(code);
      const { status } = problemKinds[code];
      expect(answer['StatusCode']).toBe(String(status));
      expect(body).toMatchObject({
        status,
        type: `https://${prod.portalHost}/problems/${code}`,
        instance: 'urn:hawiya:request:$context.requestId',
      });
      expect(body['title']).toMatch(/^[\u0600-\u06ff،\s]+ — [A-Z][\w ,]+$/);
      const header = 'gatewayresponse.header.';
      expect(answer['ResponseParameters']).toMatchObject({
        [`${header}Content-Type`]: "'application/problem+json'",
        [`${header}Cache-Control`]: "'no-store'",
        [`${header}X-Content-Type-Options`]: "'nosniff'",
        ...(status === 429 && { [`${header}Retry-After`]: "'1'" }),
      });
    },
  );

  it('covers every error, and those that need an answer of their own', () => {
    const code = (type: string) => {
      const found = answers.find(({ ResponseType }) => ResponseType === type);
      return found && JSON.stringify(found['ResponseTemplates']).match(/problems\/(\w+)/)?.[1];
    };
    expect(code('DEFAULT_4XX')).toBe('invalid_request');
    expect(code('DEFAULT_5XX')).toBe('unavailable');
    expect(code('UNAUTHORIZED')).toBe('unauthenticated');
    expect(code('ACCESS_DENIED')).toBe('unauthenticated');
    expect(code('EXPIRED_TOKEN')).toBe('unauthenticated');
    expect(code('MISSING_AUTHENTICATION_TOKEN')).toBe('not_found');
    expect(code('THROTTLED')).toBe('too_many_requests');
  });
});

describe('the stage of the API', () => {
  const deployed = only(api, 'AWS::ApiGateway::Stage').Properties;

  it('never logs a body, and is throttled', () => {
    expect(deployed['MethodSettings']).toMatchObject([
      {
        ...{ HttpMethod: '*', ResourcePath: '/*', DataTraceEnabled: false },
        ThrottlingRateLimit: prod.throttle.ratePerSecond,
        ThrottlingBurstLimit: prod.throttle.burst,
      },
    ]);
  });

  it('is v1 of a regional API: a web ACL attaches to nothing else', () => {
    expect(deployed['StageName']).toBe('v1');
    expect(only(api, 'AWS::ApiGateway::RestApi').Properties['EndpointConfiguration']).toEqual({
      Types: ['REGIONAL'],
    });
  });
});
