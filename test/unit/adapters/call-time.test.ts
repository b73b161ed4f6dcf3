import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import {
  AdminInitiateAuthCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GenerateMacCommand } from '@aws-sdk/client-kms';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  attemptMs,
  NoTimeLeft,
  requestMs,
  runRequest,
} from '../../../lambdas/adapters/call-time.ts';
import {
  cognitoClient,
  cognitoPasswordClient,
  dynamoClient,
  kmsClient,
  secretsClient,
} from '../../../lambdas/adapters/clients.ts';
import { neverSent } from '../../../lambdas/adapters/never-sent.ts';

/** Milliseconds in which a caller must have an answer. */
const longest = 6000;

/** What the server does with a request: it answers at once, or never. */
let hangs = false;
let received = 0;

const server = createServer((request, response) => {
  received += 1;
  if (hangs) return;
  request.resume().on('end', () => answer(response));
});
const answer = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'me-south-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  hangs = false;
  // The first call of a client loads code. Fake time must not run meanwhile.
  await Promise.all(Object.values(calls).map(({ call }) => call()));
  received = 0;
  hangs = true;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
});

const readItem = () =>
  dynamoClient().send(new GetItemCommand({ TableName: 'any', Key: { pk: { S: 'any' } } }));

/** A call of each client that a request waits for, and the attempts that it makes. */
const calls = {
  'the table': { call: readItem, attempts: 3 },
  'the directory': {
    call: () => cognitoClient().send(new RevokeTokenCommand({ ClientId: 'any', Token: 'any' })),
    attempts: 2,
  },
  'a check of a password': {
    call: () =>
      cognitoPasswordClient().send(
        new AdminInitiateAuthCommand({
          UserPoolId: 'any_pool',
          ClientId: 'any',
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        }),
      ),
    attempts: 1,
  },
  'the keys': {
    call: () => secretsClient().send(new GetSecretValueCommand({ SecretId: 'any' })),
    attempts: 3,
  },
  KMS: {
    call: () =>
      kmsClient().send(
        new GenerateMacCommand({
          KeyId: 'any',
          MacAlgorithm: 'HMAC_SHA_256',
          Message: Buffer.of(1),
        }),
      ),
    attempts: 2,
  },
};

/** Lets fake time pass until a promise settles. Sockets need real turns of the event loop in between. */
async function settled<Result>(promise: Promise<Result>) {
  const from = performance.now();
  let result: PromiseSettledResult<Result> | undefined;
  Promise.allSettled([promise]).then(([one]) => {
    result = one;
  });
  while (!result) {
    for (let n = 0; n < 5; n++) await turn();
    if (!result) await vi.advanceTimersByTimeAsync(10);
  }
  return { result, milliseconds: performance.now() - from };
}

const reasonOf = ({ result }: Awaited<ReturnType<typeof settled>>): Error =>
  result.status === 'rejected' ? result.reason : expect.fail('The call got an answer');

describe('a dependency that never answers', () => {
  it.each(Object.entries(calls))('%s fails a call in time', async (_name, { call, attempts }) => {
    const ended = await settled(call());
    expect(reasonOf(ended).name).toBe('TimeoutError');
    expect(received).toBe(attempts);
    const waits = attemptMs.slice(0, attempts).reduce((sum, one) => sum + one, 0);
    expect(ended.milliseconds).toBeGreaterThanOrEqual(waits);
    // The SDK pauses between attempts.
    expect(ended.milliseconds).toBeLessThan(waits + 300);
  });

  it('ends a request in time, with what returns its charges', async () => {
    const ended = await settled(
      runRequest(async () => {
        await readItem().catch(() => undefined);
        await Promise.allSettled([readItem(), readItem()]);
        return readItem();
      }),
    );
    const reason = reasonOf(ended);
    expect(reason).toBeInstanceOf(NoTimeLeft);
    expect(neverSent(reason)).toBe(true);
    expect(ended.milliseconds).toBeGreaterThanOrEqual(requestMs);
    expect(ended.milliseconds).toBeLessThan(longest);
  });

  it('ends a request in time where it hangs a second after the start', async () => {
    const ended = await settled(
      runRequest(async () => {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        await readItem().catch(() => undefined);
        return readItem();
      }),
    );
    reasonOf(ended);
    expect(ended.milliseconds).toBeLessThan(longest);
  });

  it('leaves a second for the return of a charge after a password that was never judged', async () => {
    const ended = await settled(
      runRequest(async () => {
        await calls['a check of a password'].call().catch(() => undefined);
        const judged = performance.now();
        hangs = false;
        await readItem();
        return judged;
      }),
    );
    expect(ended.result.status).toBe('fulfilled');
    expect(ended.milliseconds).toBeLessThanOrEqual(requestMs - 1000);
  });
});

describe('a request whose calls are all answered', () => {
  it('has no limit of its own: a slow machine answers late and right', async () => {
    hangs = false;
    const ended = await settled(
      runRequest(async () => {
        await new Promise((resolve) => setTimeout(resolve, requestMs + 1000));
        await readItem();
      }),
    );
    expect(ended.result.status).toBe('fulfilled');
  });

  it('is not limited by another request in the same sandbox', async () => {
    const other = runRequest(async () => {
      await readItem().catch(() => undefined);
      await readItem();
    });
    await settled(other.catch(() => undefined));
    hangs = false;
    expect((await settled(runRequest(readItem))).result.status).toBe('fulfilled');
  });
});
