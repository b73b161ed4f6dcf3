import { afterEach, describe, expect, it } from 'vitest';
import {
  method,
  resource,
  startGateway,
  type TestGateway,
  tokenWith,
} from '../../support/infra/rest-api.ts';

let gateway: TestGateway;
afterEach(() => gateway.stop());

const named = (physicalId: string, properties: Record<string, unknown>) => ({
  ...resource(properties),
  physicalId,
});

const validator = (properties: Record<string, unknown> = { ValidateRequestBody: true }) =>
  named('bodies', properties);
const thing = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  properties: { name: { type: 'string', maxLength: 3 } },
  required: ['name'],
  additionalProperties: false,
};
const model = (Schema: Record<string, unknown> = thing) =>
  named('thing', { ContentType: 'application/json', Name: 'Thing', Schema });
const checked = (RequestModels: Record<string, string>, more: object = {}) =>
  method('r-things', 'POST', 'create', { RequestValidatorId: 'bodies', RequestModels, ...more });

async function start(
  methods = [checked({ $default: 'thing' })],
  validators = [validator()],
  models = [model()],
) {
  gateway = await startGateway({
    'AWS::ApiGateway::Method': methods,
    'AWS::ApiGateway::RequestValidator': validators,
    'AWS::ApiGateway::Model': models,
  });
}

const post = (body: string | null, type?: string, more: Record<string, string> = {}) =>
  fetch(`${gateway.base}/v1/things`, {
    method: 'POST',
    body: body === null ? null : new TextEncoder().encode(body),
    headers: { ...(type !== undefined && { 'content-type': type }), ...more },
  });

describe('a body that the model does not allow', () => {
  it.each([
    ['no JSON', '{"name":'],
    ['a form', 'name=ab'],
    ['no object', '["ab"]'],
    ['a missing field', '{}'],
    ['no body at all', null],
    ['a wrong type', '{"name":5}'],
    ['an unknown field', '{"name":"ab","secret":"hunter2"}'],
    ['a long value', '{"name":"abcd"}'],
  ])('causes no invocation, and the answer says nothing of its content: %s', async (_, body) => {
    await start();
    const response = await post(body, 'application/json');
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('BadRequestException');
    expect(await response.json()).toEqual({ message: 'Invalid request body' });
    expect(gateway.events).toEqual([]);
  });

  it('is answered with the gateway response for bad bodies', async () => {
    gateway = await startGateway({
      'AWS::ApiGateway::Method': [checked({ $default: 'thing' })],
      'AWS::ApiGateway::RequestValidator': [validator()],
      'AWS::ApiGateway::Model': [model()],
      'AWS::ApiGateway::GatewayResponse': [
        resource({ ResponseType: 'DEFAULT_4XX', ResponseTemplates: { 'application/json': 'any' } }),
        resource({
          ResponseType: 'BAD_REQUEST_BODY',
          ResponseTemplates: { 'application/json': 'body' },
        }),
      ],
    });
    expect(await (await post('{}')).text()).toBe('body');
  });
});

describe('the validation of a body', () => {
  it('passes a valid body on as it was sent, and counts letters, not UTF-16 units', async () => {
    await start();
    const sent = ' {"name":"😀😀😀"} ';
    expect((await post(sent, 'application/json; charset=utf-8')).status).toBe(200);
    expect(gateway.firstEvent().body).toBe(sent);
  });

  it('ignores a byte order mark before the JSON, and passes it on', async () => {
    await start();
    expect((await post('\uFEFF{"name":"a"}', 'application/json')).status).toBe(200);
    expect(gateway.firstEvent().body).toBe('\uFEFF{"name":"a"}');
  });

  it('follows the content type, and skips one that has no model', async () => {
    await start([checked({ 'application/json': 'thing' })]);
    expect((await post('{}', 'Application/JSON; charset=utf-8')).status).toBe(400);
    expect((await post('{}')).status).toBe(400);
    expect((await post('{}', 'text/plain')).status).toBe(200);
  });

  it('follows $default for every content type', async () => {
    await start();
    expect((await post('{}', 'text/plain')).status).toBe(400);
    expect((await post('{}', '')).status).toBe(400);
  });

  it('comes after the token: a caller without one gets 401, whatever the body', async () => {
    const scope = 'aws.cognito.signin.user.admin';
    const closed = {
      AuthorizationType: 'COGNITO_USER_POOLS',
      AuthorizerId: 'auth1',
      AuthorizationScopes: [scope],
    };
    await start([checked({ $default: 'thing' }, closed)]);
    expect((await post('{}')).status).toBe(401);
    const token = await tokenWith({ token_use: 'access', scope });
    expect((await post('{}', undefined, { authorization: `Bearer ${token}` })).status).toBe(400);
  });

  it('is skipped when the validator ignores bodies, or there is no model', async () => {
    await start(undefined, [validator({ ValidateRequestBody: false })]);
    expect((await post('{')).status).toBe(200);
    gateway.stop();
    await start([checked({})]);
    expect((await post('{')).status).toBe(200);
  });
});

describe('a template with features that the local gateway lacks', () => {
  it.each([
    ['a validator that is not there', undefined, [], undefined],
    ['a model that is not there', undefined, undefined, []],
    [
      'a check of parameters',
      undefined,
      [validator({ ValidateRequestParameters: true })],
      undefined,
    ],
    ['a schema of a later draft', undefined, undefined, [model({ exclusiveMinimum: 5 })]],
    [
      'a parameter that is asked for',
      [checked({}, { RequestParameters: { 'method.request.header.x': true } })],
      undefined,
      undefined,
    ],
  ])('is refused at the start: %s', async (_, methods, validators, models) => {
    await expect(start(methods, validators, models)).rejects.toThrow(
      /not there|local gateway cannot serve|schema is invalid/,
    );
  });
});
