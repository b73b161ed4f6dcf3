import { afterEach, describe, expect, it } from 'vitest';
import {
  answering,
  resource,
  startGateway,
  type TestGateway,
} from '../../support/infra/rest-api.ts';

let gateway: TestGateway;

afterEach(() => gateway.stop());

describe('a declared gateway response', () => {
  const declare = async (...declared: Record<string, unknown>[]) => {
    gateway = await startGateway({ 'AWS::ApiGateway::GatewayResponse': declared.map(resource) });
  };

  it('gives status, headers and a filled-in body', async () => {
    await declare({
      ResponseType: 'MISSING_AUTHENTICATION_TOKEN',
      StatusCode: '404',
      ResponseParameters: {
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
        'gatewayresponse.header.Cache-Control': "'no-store'",
      },
      ResponseTemplates: {
        'application/json':
          '{"id":"urn:$context.requestId","why":"$context.error.message","again":$context.error.messageString,"type":"$context.error.responseType","none":"$context.nothing"}',
      },
    });
    const response = await fetch(`${gateway.base}/v1/nothing`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      id: `urn:${response.headers.get('x-amzn-requestid')}`,
      why: 'Missing Authentication Token',
      again: 'Missing Authentication Token',
      type: 'MISSING_AUTHENTICATION_TOKEN',
      none: '',
    });
  });

  it('of a specific type wins over DEFAULT_4XX, which answers for all the others', async () => {
    await declare(
      { ResponseType: 'DEFAULT_4XX', StatusCode: '400' },
      { ResponseType: 'UNAUTHORIZED' },
    );
    expect((await fetch(`${gateway.base}/v1/account`)).status).toBe(401);
    expect((await fetch(`${gateway.base}/v1/nothing`)).status).toBe(400);
  });

  it('of DEFAULT_5XX answers for a function that failed', async () => {
    await declare({ ResponseType: 'DEFAULT_5XX', StatusCode: '503' });
    gateway.functions.answer = answering('malformed');
    expect((await fetch(`${gateway.base}/v1/things`, { method: 'POST' })).status).toBe(503);
  });
});
