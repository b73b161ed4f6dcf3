import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import type { Service } from '../../local/aws/aws-call.ts';
import { relyingService } from '../support/world/relying-service.ts';
import {
  type Answer,
  openWorld,
  outcome,
  type Person,
  type World,
} from '../support/world/world.ts';

/*
 * A call that never gets an answer. How long each dependency may hang is arithmetic, which test/unit/adapters/call-time proves
 * in fake time. These tests show that the answer comes, what it says, and that it costs the person nothing.
 */

/** One login an hour: an attempt that is not returned refuses the next one. */
const config = {
  ...local,
  identityTagKeys: 'kms' as const,
  limits: { ...local.limits, loginsPerAccountAndHour: 1, sendsPerAddressAndMinute: 1 },
};

let world: World;
let person: Person;
beforeAll(async () => {
  world = await openWorld({ config });
  person = await world.subscriber();
});
afterAll(() => world.close());
afterEach(() => {
  delete world.cloud.hooks.onCall;
});

const forEver = new Promise<never>(() => undefined);

/** Lets a dependency hang for one function. @returns the operations that it was asked for */
function hang(functionName: string, service: Service): string[] {
  const asked: string[] = [];
  const earlier = world.cloud.hooks.onCall;
  world.cloud.hooks.onCall = async (call) => {
    await earlier?.(call);
    if (call.functionName !== functionName || call.service !== service) return;
    asked.push(call.operation);
    await forEver;
  };
  return asked;
}

async function timed(what: string, request: () => Promise<Answer>): Promise<Answer> {
  const from = performance.now();
  const answer = await request();
  console.info(`${what}: ${((performance.now() - from) / 1000).toFixed(1)} s`);
  return answer;
}

function expectUnavailable(answer: Answer): void {
  expect([answer.status, outcome(answer)]).toEqual([503, 'unavailable']);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
}

it('answers 503 whichever dependency hangs, asks for a password once, and costs the person nothing', async () => {
  const service = await relyingService(world);
  const { phone } = world.someone();
  const { username, nationalId } = person;
  const address = '192.0.2.77';
  const startReset = () => world.post('/password-resets', { username, nationalId }, { address });

  const writes = hang('registration', 'dynamodb');
  const passwords = hang('session', 'cognito-idp');
  const tags = hang('password-reset', 'kms');
  await world.cloud.kill('transaction');
  const secrets = hang('transaction', 'secretsmanager');
  const answers = await Promise.all([
    timed('the table', () => world.post('/registrations', { phone })),
    timed('the directory', () => world.typePassword(person)),
    timed('KMS', startReset),
    timed('the keys', () => service.start({ phone })),
  ]);
  for (const answer of answers) expectUnavailable(answer);
  // A first attempt and its repetitions, each before any charge.
  expect(new Set(writes)).toEqual(new Set(['UpdateItem']));
  expect(passwords).toEqual(['AdminInitiateAuth']);
  expect(new Set(tags)).toEqual(new Set(['GenerateMac']));
  expect(new Set(secrets)).toEqual(new Set(['GetSecretValue']));

  delete world.cloud.hooks.onCall;
  expect((await world.typePassword(person)).status).toBe(202);
  expect((await startReset()).status).toBe(202);
  expect((await world.post('/registrations', { phone })).status).toBe(202);
  expect((await service.start({ phone })).status).toBe(202);
});

it('a session outlives a refresh that the directory never answers', async () => {
  const refreshed = await world.subscriber();
  const { refreshToken } = (await world.logIn(refreshed)).body.tokens;
  const asked = hang('session', 'cognito-idp');
  const refresh = () => world.post('/sessions/refresh', { refreshToken });
  expectUnavailable(await timed('a refresh', refresh));
  // A refresh may be repeated: it is no try.
  expect(asked).toEqual(['GetTokensFromRefreshToken', 'GetTokensFromRefreshToken']);
  delete world.cloud.hooks.onCall;
  expect((await refresh()).status).toBe(201);
});
