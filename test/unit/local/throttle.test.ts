import { afterEach, expect, it } from 'vitest';
import {
  answering,
  resource,
  startGateway,
  type TestGateway,
} from '../../support/infra/rest-api.ts';

let gateway: TestGateway;
let now = 0;
afterEach(() => gateway.stop());

const setting = (HttpMethod: string, ResourcePath: string, rate: number, burst: number) => ({
  HttpMethod,
  ResourcePath,
  ThrottlingRateLimit: rate,
  ThrottlingBurstLimit: burst,
});

/** Statuses of that many requests, one after the other. */
async function statuses(count: number, method: string, path: string): Promise<number[]> {
  const found: number[] = [];
  for (let n = 0; n < count; n++) {
    found.push((await fetch(`${gateway.base}/v1${path}`, { method })).status);
  }
  return found;
}

async function start(...MethodSettings: object[]) {
  const stage = resource({ RestApiId: 'api1', StageName: 'v1', MethodSettings });
  now = 1_000_000;
  gateway = await startGateway({ 'AWS::ApiGateway::Stage': [stage] }, () => now);
  gateway.functions.answer = answering({ statusCode: 200, body: '{}' });
}

it('takes a burst of a method, then its rate, and says 429 for the rest', async () => {
  await start(setting('POST', '/~1things', 2, 3));
  expect(await statuses(5, 'POST', '/things')).toEqual([200, 200, 200, 429, 429]);
  expect(gateway.events).toHaveLength(3);
  now += 500;
  expect(await statuses(2, 'POST', '/things')).toEqual([200, 429]);
  now += 60_000;
  expect(await statuses(4, 'POST', '/things')).toEqual([200, 200, 200, 429]);
});

it('leaves other methods open while one is at its limit', async () => {
  await start(setting('*', '/*', 100, 100), setting('POST', '/~1things', 1, 1));
  expect(await statuses(3, 'POST', '/things')).toEqual([200, 429, 429]);
  expect(await statuses(2, 'POST', '/things/special/send')).toEqual([200, 200]);
});

it('finds the settings of a path with a parameter', async () => {
  await start(setting('POST', '/~1things~1{id}~1send', 1, 1));
  expect(await statuses(1, 'POST', '/things/1/send')).toEqual([200]);
  expect(await statuses(1, 'POST', '/things/2/send')).toEqual([429]);
});

it('throttles methods without settings of their own together', async () => {
  await start(setting('*', '/*', 1, 2));
  expect(await statuses(2, 'POST', '/things')).toEqual([200, 200]);
  expect(await statuses(1, 'POST', '/things/special/send')).toEqual([429]);
});

it('counts a request before its token is looked at: a stranger’s flood costs no check', async () => {
  await start(setting('GET', '/~1account', 1, 1));
  expect(await statuses(2, 'GET', '/account')).toEqual([401, 429]);
});
