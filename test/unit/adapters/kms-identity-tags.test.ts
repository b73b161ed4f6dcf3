import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import {
  GenerateMacCommand,
  KMSClient,
  KMSInternalException,
  KMSServiceException,
} from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unjudgedBy } from '#core/budgets/return-unjudged.ts';
import type { IdentityTags } from '#core/crypto/keys.ts';
import { Problem } from '#core/model/problems.ts';
import { createIdentityTags } from '../../../lambdas/adapters/kms/identity-tags.ts';
import { testKeys } from '../../support/fakes/keys.ts';

const keyArn = 'arn:aws:kms:me-south-1:000000000000:key/mrk-1';
const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
const kms = mockClient(KMSClient);
const keyOf = (endpoint?: string) => ({
  keyArn,
  client: new KMSClient({
    region: 'me-south-1',
    credentials,
    maxAttempts: 1,
    ...(endpoint !== undefined && { endpoint }),
  }),
});

/** KMS with a key of its own. */
function withKey(): IdentityTags {
  const key = randomBytes(32);
  kms.on(GenerateMacCommand).callsFake(({ Message }) => ({
    Mac: new Uint8Array(createHmac('sha256', key).update(Message).digest()),
  }));
  return createIdentityTags(keyOf());
}

beforeEach(() => kms.reset());
afterEach(() => kms.reset());

describe.each<[string, () => IdentityTags]>([
  ['KMS', withKey],
  ['a secret', () => testKeys().ports.identityTags],
])('a tag of a national ID, made with the key in %s', (_place, open) => {
  it('has 32 bytes in base64url', async () => {
    expect((await open()('1000000008')).newest).toMatch(/^[\w-]{43}$/);
  });

  it('is the same each time, and another one for another ID', async () => {
    const tags = open();
    const [one, again, other] = await Promise.all(
      ['1000000008', '1000000008', '1000000016'].map(tags),
    );
    expect(again).toEqual(one);
    expect(other?.newest).not.toBe(one?.newest);
  });

  it('does not contain the ID', async () => {
    const { newest: tag } = await open()('1000000008');
    expect(tag).not.toContain('1000000008');
    expect(Buffer.from(tag, 'base64url').toString('latin1')).not.toContain('1000000008');
  });

  it('depends on the key', async () => {
    const first = await open()('1000000008');
    expect((await open()('1000000008')).newest).not.toBe(first.newest);
  });
});

describe('the call of KMS', () => {
  it('asks for HMAC-SHA-256 with the stage’s key, over the kind and the ID', async () => {
    await withKey()('1000000008');
    const [call, ...more] = kms.commandCalls(GenerateMacCommand);
    expect(more).toEqual([]);
    const { Message, ...rest } = call?.args[0].input ?? {};
    expect(rest).toEqual({ KeyId: keyArn, MacAlgorithm: 'HMAC_SHA_256' });
    expect(Buffer.from(Message ?? []).toString()).toBe('["national-id","1000000008"]');
  });

  const serviceError = (name: string, $fault: 'client' | 'server') =>
    new KMSServiceException({ name, $fault, $metadata: {}, message: 'no' });
  const failing = async (error: Error): Promise<unknown> => {
    kms.on(GenerateMacCommand).rejects(error);
    return createIdentityTags(keyOf())('1000000008').catch((thrown: unknown) => thrown);
  };

  it.each([
    serviceError('ThrottlingException', 'client'),
    serviceError('DependencyTimeoutException', 'server'),
    new KMSInternalException({ $metadata: {}, message: 'no' }),
    Object.assign(new Error('no answer'), { name: 'TimeoutError' }),
    Object.assign(new Error('cut off'), { code: 'ECONNRESET' }),
  ])('is `unavailable`, and judged nobody, after $name', async (error) => {
    const thrown = await failing(error);
    expect(thrown).toBeInstanceOf(Problem);
    expect(thrown).toMatchObject({ code: 'unavailable', extras: { retryAfter: 1 }, cause: error });
    expect(unjudgedBy(thrown)).toBe('not-judged');
  });

  it.each(['AccessDeniedException', 'DisabledException', 'KMSInvalidStateException'])(
    'passes %s unchanged, because that is a fault of the stage and must be logged as one',
    async (name) => {
      const error = serviceError(name, 'client');
      expect(await failing(error)).toBe(error);
    },
  );

  it('is `unavailable` where the installed SDK meets a closed port or a connection that is cut', async () => {
    kms.restore();
    const cut = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await new Promise((resolve) => cut.once('listening', resolve));
    const { port } = cut.address() as { port: number };
    for (const endpoint of [`http://127.0.0.1:${port}`, 'http://127.0.0.1:1']) {
      const thrown = await createIdentityTags(keyOf(endpoint))('1000000008').catch(
        (error: unknown) => error,
      );
      expect(thrown).toMatchObject({ code: 'unavailable' });
    }
    await new Promise((resolve) => cut.close(resolve));
  });
});
