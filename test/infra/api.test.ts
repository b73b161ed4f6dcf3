import { describe, expect, it } from 'vitest';
import { type ProblemCode, problemKinds } from '#core/model/problems.ts';
import { routes } from '#core/model/routes.ts';
import { prod } from '../../lib/config/stages/prod.ts';
import { operations } from '../../openapi/document.ts';
import {
  functions,
  only,
  type Properties,
  resources,
  stages,
  synthesise,
  target,
} from '../support/infra/synth.ts';
import { wholeStage } from '../support/infra/whole-stage.ts';

const stage = stages.prod();
const { api } = stage;

/** The path of a resource, such as `/challenges/{id}/send`; the API's root is ''. */
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
  it('match lambdas/core/model/routes.ts exactly, each with its function', () => {
    const expected = routes.flatMap(({ method, path, flow }) =>
      (method === 'GET' ? ['GET', 'HEAD'] : [method]).map((each) => [
        `${each} ${path}`,
        flow.replace('-', ''),
      ]),
    );
    expect(methods.map(({ route, flow }) => [route, flow]).sort()).toEqual(expected.sort());
  });

  it('hand the request over unchanged, and only in live calls', () => {
    for (const { properties } of methods) {
      expect(properties['Integration']).toMatchObject({
        Type: 'AWS_PROXY',
        IntegrationHttpMethod: 'POST',
      });
    }
    const permissions = resources(api, 'AWS::Lambda::Permission');
    expect(permissions).toHaveLength(methods.length);
    for (const [, { Properties }] of permissions) {
      expect(Properties['Principal']).toBe('apigateway.amazonaws.com');
      expect(JSON.stringify(Properties['SourceArn'])).not.toContain('test-invoke-stage');
    }
  });

  it('are public, except for the account and the calls of relying services, which need their own access tokens', () => {
    const authorizers = resources(api, 'AWS::ApiGateway::Authorizer');
    expect(authorizers).toHaveLength(1);
    const [[authorizerId, authorizer] = ['', undefined]] = authorizers;
    // Without a scope the authorizer takes ID tokens instead of access tokens.
    const scopeOf = (route: string) => {
      if (/ \/account(\/|$)/.test(route)) return 'aws.cognito.signin.user.admin';
      return /^POST \/(challenges|tickets\/introspect)$/.test(route) ? 'otp/challenge' : undefined;
    };
    for (const { route, properties } of methods) {
      const { AuthorizationType, AuthorizationScopes, AuthorizerId } = properties;
      const scope = scopeOf(route);
      expect(AuthorizationType, route).toBe(scope ? 'COGNITO_USER_POOLS' : 'NONE');
      expect(AuthorizationScopes, route).toEqual(scope && [scope]);
      expect(AuthorizerId, route).toEqual(scope && { Ref: authorizerId });
    }
    const pools = authorizer?.Properties['ProviderARNs'] as unknown[];
    expect(pools.map((arn) => target(stage, arn))).toEqual(['AWS::Cognito::UserPool.Arn']);
  });

  it('ask for no API key and allow no other origin by CORS', () => {
    expect(methods.some(({ properties }) => properties['ApiKeyRequired'])).toBe(false);
    expect(methods.some(({ route }) => route.startsWith('OPTIONS'))).toBe(false);
  });
});

describe('the bodies of requests', () => {
  const validators = resources(api, 'AWS::ApiGateway::RequestValidator');
  const models = resources(api, 'AWS::ApiGateway::Model');
  const nameOf = (reference: unknown) =>
    api.Resources[(reference as { Ref: string }).Ref]?.Properties['Name'];

  it('are checked by API Gateway against the model of their call, whatever their content type', () => {
    expect(validators).toHaveLength(1);
    expect(validators[0]?.[1].Properties['ValidateRequestBody']).toBe(true);
    const withBody = methods.filter(({ route }) => operations[route]?.body);
    expect(withBody.length).toBeGreaterThan(15);
    for (const { route, properties } of withBody) {
      expect(properties['RequestValidatorId'], route).toEqual({ Ref: validators[0]?.[0] });
      const { $default, ...others } = properties['RequestModels'] as Record<string, unknown>;
      expect([nameOf($default), others], route).toEqual([operations[route]?.body?.name, {}]);
    }
  });

  it('are not checked when a call has none', () => {
    for (const { route, properties } of methods) {
      if (operations[route]?.body) continue;
      expect(properties['RequestValidatorId'], route).toBeUndefined();
      expect(properties['RequestModels'], route).toBeUndefined();
    }
  });

  it('are checked in the deployment too: it waits for models and validator', () => {
    const { DependsOn } = only(api, 'AWS::ApiGateway::Deployment') as unknown as {
      DependsOn: string[];
    };
    expect(DependsOn).toEqual(expect.arrayContaining([...models, ...validators].map(([id]) => id)));
  });

  it('have small models in the part of JSON Schema draft 4 that API Gateway knows', () => {
    for (const [id, { Properties }] of models) {
      const text = JSON.stringify(Properties['Schema']);
      expect(text, id).toContain('"$schema":"http://json-schema.org/draft-04/schema#"');
      expect(text, id).not.toMatch(/"(\$ref|const|oneOf|anyOf|pattern|format|default|x-[\w-]+)":/);
      expect(text.length, id).toBeLessThan(400 * 1024);
      // Model names are alphanumeric.
      expect(Properties['Name']).toMatch(/^[A-Za-z0-9]+$/);
    }
  });

  it('leave room in the template: CloudFormation takes 500 resources and 1 MB', () => {
    expect(Object.keys(api.Resources).length).toBeLessThan(400);
    expect(JSON.stringify(api).length).toBeLessThan(700_000);
  });
});

describe('an answer of API Gateway itself', () => {
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

  it('describes a valid body in both languages, and repeats nothing of the malformed one', () => {
    const found = answers.find(({ ResponseType }) => ResponseType === 'BAD_REQUEST_BODY');
    const [template = ''] = Object.values(found?.['ResponseTemplates'] as Record<string, string>);
    expect(JSON.parse(template).detail).toMatch(/[\u0600-\u06ff].* — Send a JSON object/);
    expect(template.match(/\$[\w.]+/g)).toEqual(['$context.requestId']);
  });

  it('exists for every error, with special ones where the default is wrong', () => {
    const code = (type: string) => {
      const found = answers.find(({ ResponseType }) => ResponseType === type);
      return found && JSON.stringify(found['ResponseTemplates']).match(/problems\/(\w+)/)?.[1];
    };
    expect(code('DEFAULT_4XX')).toBe('invalid_request');
    expect(code('BAD_REQUEST_BODY')).toBe('invalid_request');
    expect(code('DEFAULT_5XX')).toBe('unavailable');
    expect(code('UNAUTHORIZED')).toBe('unauthenticated');
    expect(code('ACCESS_DENIED')).toBe('unauthenticated');
    expect(code('EXPIRED_TOKEN')).toBe('unauthenticated');
    expect(code('MISSING_AUTHENTICATION_TOKEN')).toBe('not_found');
    expect(code('THROTTLED')).toBe('too_many_requests');
  });
});

describe('the API of a stage with apps that have pages', () => {
  const { api: whole } = synthesise(wholeStage);
  const all = resources(whole, 'AWS::ApiGateway::Method').map(([, { Properties }]) => Properties);
  const preflights = all.filter(({ HttpMethod }) => HttpMethod === 'OPTIONS');

  it('answers a preflight for each path, without a token, by the function that has no rights', () => {
    const paths = new Set(routes.map(({ path }) => path));
    expect(preflights).toHaveLength(paths.size);
    const [information] = resources(whole, 'AWS::Lambda::Function').filter(
      ([, { Properties }]) => Properties === functions(whole)['information']?.Properties,
    );
    for (const { AuthorizationType, Integration, RequestValidatorId } of preflights) {
      expect([AuthorizationType, RequestValidatorId]).toEqual(['NONE', undefined]);
      expect(Integration).toMatchObject({ Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST' });
      expect(JSON.stringify(Integration)).toContain(`"${information?.[0]}"`);
    }
  });

  it('has one permission for all preflights, of its stage alone', () => {
    const arns = resources(whole, 'AWS::Lambda::Permission').map(([, { Properties }]) =>
      JSON.stringify(Properties['SourceArn']),
    );
    expect(arns.filter((arn) => arn.includes('OPTIONS'))).toEqual([
      expect.stringMatching(/\{"Ref":"ApiDeploymentStage[^"]*"\},"\/OPTIONS\/\*"/),
    ]);
  });

  it('lets every page read what API Gateway answers by itself, and nobody else’s does', () => {
    const header = 'gatewayresponse.header.Access-Control-Allow-Origin';
    const allowed = (template: typeof whole) =>
      resources(template, 'AWS::ApiGateway::GatewayResponse').map(
        ([, { Properties }]) =>
          (Properties['ResponseParameters'] as Record<string, string>)[header],
      );
    expect(new Set(allowed(whole))).toEqual(new Set(["'*'"]));
    expect(new Set(allowed(api))).toEqual(new Set([undefined]));
  });

  it('leaves room in the template', () => {
    expect(Object.keys(whole.Resources).length).toBeLessThan(450);
    expect(JSON.stringify(whole).length).toBeLessThan(900_000);
  });
});

describe('the stage of the API', () => {
  const deployed = only(api, 'AWS::ApiGateway::Stage').Properties;

  it('never logs a body or a validation error, whatever a method’s own settings are', () => {
    const settings = deployed['MethodSettings'] as object[];
    expect(settings.length).toBeGreaterThan(routes.length);
    for (const one of settings) {
      expect(one).toMatchObject({ DataTraceEnabled: false, LoggingLevel: 'OFF' });
    }
  });

  it('is v1 of a regional API: a web ACL cannot be attached to other kinds', () => {
    expect(deployed['StageName']).toBe('v1');
    expect(only(api, 'AWS::ApiGateway::RestApi').Properties['EndpointConfiguration']).toEqual({
      Types: ['REGIONAL'],
    });
  });
});
