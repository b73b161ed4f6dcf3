import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  answering,
  method,
  now,
  startGateway,
  type TestGateway,
} from '../../support/infra/rest-api.ts';

let gateway: TestGateway;

beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => {
  vi.useRealTimers();
  gateway.stop();
});

describe('a request that reaches a function', () => {
  it('is answered with the time of the local cloud: pages count down by it', async () => {
    const { headers } = await fetch(`${gateway.base}/v1/things/1/send`, { method: 'POST' });
    expect(headers.get('date')).toBe(new Date(now).toUTCString());
  });

  it('goes to the function of its path and method, below the stage', async () => {
    await fetch(`${gateway.base}/v1/things`, { method: 'POST', body: '{}' });
    await fetch(`${gateway.base}/v1/things/special/send`, { method: 'POST' });
    await fetch(`${gateway.base}/v1/things/42/send`, { method: 'POST' });
    expect(gateway.events.map(({ functionName }) => functionName)).toEqual([
      'create',
      'special',
      'send',
    ]);
  });

  it('arrives as a payload 1.0 event', async () => {
    await fetch(`${gateway.base}/v1/things/a%20b/send?x=1&y=2&x=3`, {
      method: 'POST',
      headers: { 'user-agent': 'test' },
      body: '{"name":"هوية"}',
    });
    expect(gateway.firstEvent()).toMatchObject({
      resource: '/things/{id}/send',
      path: '/things/a%20b/send',
      httpMethod: 'POST',
      queryStringParameters: { x: '3', y: '2' },
      multiValueQueryStringParameters: { x: ['1', '3'], y: ['2'] },
      pathParameters: { id: 'a b' },
      stageVariables: null,
      body: '{"name":"هوية"}',
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        apiId: 'api1',
        stage: 'v1',
        resourcePath: '/things/{id}/send',
        httpMethod: 'POST',
        path: '/v1/things/a%20b/send',
        protocol: 'HTTP/1.1',
        requestTimeEpoch: now,
        identity: { sourceIp: '127.0.0.1', userAgent: 'test' },
      },
    });
  });

  it('has null for a missing query, parameter, body or authorizer', async () => {
    await fetch(`${gateway.base}/v1/things`, { method: 'POST' });
    const { requestContext, ...event } = gateway.firstEvent();
    expect(event).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      body: null,
    });
    expect(requestContext.authorizer).toBeUndefined();
  });

  it('keeps header names as the client wrote them, and all values', async () => {
    await raw('POST', '/v1/things', ['X-CaSe', 'one', 'X-CaSe', 'two', 'host', 'h']);
    expect(gateway.firstEvent().headers).toMatchObject({ 'X-CaSe': 'two' });
    expect(gateway.firstEvent().multiValueHeaders).toMatchObject({ 'X-CaSe': ['one', 'two'] });
  });

  it('comes from the first address of X-Forwarded-For, when that is valid', async () => {
    const from = (value: string) =>
      fetch(`${gateway.base}/v1/things`, { method: 'POST', headers: { 'x-forwarded-for': value } });
    await from('203.0.113.7, 10.0.0.1');
    await from('2001:db8::1');
    await from('<script>');
    expect(gateway.events.map(({ event }) => event.requestContext.identity.sourceIp)).toEqual([
      '203.0.113.7',
      '2001:db8::1',
      '127.0.0.1',
    ]);
  });
});

describe('the answer of a function', () => {
  it('is sent as it is, with the request id', async () => {
    gateway.functions.answer = answering({
      statusCode: 202,
      headers: { 'Content-Type': 'text/plain', 'X-Number': 3 },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
      body: 'مرحبا',
    });
    const response = await post('/v1/things');
    expect(response.status).toBe(202);
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(response.headers.get('x-number')).toBe('3');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('x-amzn-requestid')).toBe(
      gateway.firstEvent().requestContext.requestId,
    );
    expect(await response.text()).toBe('مرحبا');
  });

  it('is JSON by default, and may be empty', async () => {
    gateway.functions.answer = answering({ statusCode: 204 });
    const response = await post('/v1/things');
    expect(response.status).toBe(204);
    expect(response.headers.get('content-type')).toBe('application/json');
  });

  it.each([
    ['no status', { body: '{}' }],
    ['a body that is not a string', { statusCode: 200, body: { a: 1 } }],
    ['a status that is none', { statusCode: 99 }],
    ['nothing', undefined],
    ['a string', 'hello'],
    ['a header HTTP does not allow', { statusCode: 200, headers: { ok: 'ok', bad: 'a\nb' } }],
  ])('is a 502 when it has %s', async (_, value) => {
    gateway.functions.answer = answering(value);
    const response = await post('/v1/things');
    expect(response.status).toBe(502);
    expect(response.headers.get('ok')).toBeNull();
    expect(gateway.logged.join()).toContain('POST /v1/things: ');
    expect(await response.json()).toEqual({ message: 'Internal server error' });
  });

  it('is a 502 when the function threw, and reveals neither the error nor the body', async () => {
    gateway.functions.answer = async () => ({
      ok: false,
      errorType: 'Error',
      errorMessage: 'secret 123456',
    });
    const response = await post('/v1/things', 'secret 123456');
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain('secret');
  });

  it('is a 502 when the invocation itself fails', async () => {
    gateway.functions.answer = () => Promise.reject(new Error('worker is gone'));
    expect((await post('/v1/things')).status).toBe(502);
  });

  it('is a 504 when it takes longer than 29 seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    gateway.functions.answer = () => new Promise(() => {});
    const pending = post('/v1/things');
    await vi.waitUntil(() => gateway.events.length > 0);
    await vi.advanceTimersByTimeAsync(29_000);
    const response = await pending;
    expect(response.status).toBe(504);
    expect(await response.json()).toEqual({ message: 'Endpoint request timed out' });
  });
});

describe('a request that reaches no function', () => {
  afterEach(() => expect(gateway.events).toEqual([]));

  it.each([
    ['an unknown path', 'POST', '/v1/nothing'],
    ['an unknown method', 'DELETE', '/v1/things'],
    ['a path with an empty parameter', 'POST', '/v1/things//send'],
    ['the bare stage', 'GET', '/v1'],
  ])('is a missing authentication token on %s', async (_, method, path) => {
    const response = await fetch(gateway.base + path, { method });
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.json()).toEqual({ message: 'Missing Authentication Token' });
  });

  it('is too large beyond 10 MB, with or without a declared length', async () => {
    const body = new Uint8Array(10 * 1024 * 1024 + 1);
    expect((await post('/v1/things', body)).status).toBe(413);
    const stream = new Blob([body]).stream();
    const init = { method: 'POST', body: stream, duplex: 'half' } as const;
    expect((await fetch(`${gateway.base}/v1/things`, init)).status).toBe(413);
  });

  it('is a bad request when a path parameter cannot be decoded', async () => {
    expect((await post('/v1/things/%ff/send')).status).toBe(400);
  });
});

describe('a template with features that the local gateway lacks', () => {
  it.each([
    ['another integration', { Integration: { Type: 'MOCK' } }],
    ['another authorization', { AuthorizationType: 'AWS_IAM' }],
    ['an authorizer that is not there', { AuthorizationType: 'COGNITO_USER_POOLS' }],
  ])('is refused at the start: %s', async (_, change) => {
    const broken = [method('r-things', 'GET', 'f', change)];
    await expect(startGateway({ 'AWS::ApiGateway::Method': broken })).rejects.toThrow(
      /local gateway cannot serve|authorizer/,
    );
  });
});

function post(path: string, body: RequestInit['body'] = null): Promise<Response> {
  return fetch(gateway.base + path, { method: 'POST', body });
}

/** fetch lower-cases header names; this keeps them as written. */
function raw(verb: string, path: string, headers: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    httpRequest(gateway.base + path, { method: verb, headers }, (response) => {
      response.resume().on('end', resolve);
    })
      .on('error', reject)
      .end();
  });
}
