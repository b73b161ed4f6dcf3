import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createKeys } from '../../../lambdas/adapters/secrets/keys.ts';

const manager = mockClient(SecretsManagerClient);
const client = new SecretsManagerClient({ region: 'me-south-1' });
const material = (version: string) => version.repeat(64).slice(0, 64);
const first = { current: '1', 1: material('a') };
const rotated = { current: '2', 1: material('a'), 2: material('b') };

let now = 0;
const keysOf = () => createKeys({ client, secretArn: 'arn', clock: () => now });
const readings = () => manager.commandCalls(GetSecretValueCommand, { SecretId: 'arn' }).length;
const secretIs = (secret: unknown) =>
  manager.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify(secret) });

beforeEach(() => {
  manager.reset();
  now = 1_800_000_000;
});

describe('the keys of a function', () => {
  it('are read once for all parallel and later requests', async () => {
    secretIs(first);
    const keys = keysOf();
    const rings = await Promise.all([keys(), keys(), keys(1), keys(2)]);
    now += 3600;
    expect(await keys(1)).toBe(rings[0]);
    expect(new Set(rings).size).toBe(1);
    expect(readings()).toBe(1);
  });

  it('are read again when they lack the requested version, as after a rotation', async () => {
    secretIs(first);
    const keys = keysOf();
    await keys();
    secretIs(rotated);
    now += 60;
    expect((await keys(2)).version(2)).toBeDefined();
    expect((await keys()).current.version).toBe(2);
    expect(readings()).toBe(2);
  });

  it('are read once a second at most: strangers choose the ids, and with them the versions', async () => {
    secretIs(first);
    const keys = keysOf();
    await keys();
    for (let second = 0; second < 15; second++) {
      await Promise.all([keys(7), keys(200), keys(9)]);
      now += 1;
      await Promise.all([keys(7), keys(200)]);
    }
    expect(readings()).toBe(16);
  });

  it('are the new ones for every request that waits for the reading', async () => {
    secretIs(first);
    const keys = keysOf();
    await keys();
    secretIs(rotated);
    now += 60;
    const rings = await Promise.all([keys(2), keys(2), keys(2)]);
    expect(rings.map((ring) => ring.version(2) !== undefined)).toEqual([true, true, true]);
    expect(readings()).toBe(2);
  });

  it('are read again after a failed reading', async () => {
    const down = new Error('connection refused');
    manager.on(GetSecretValueCommand).rejectsOnce(down);
    const keys = keysOf();
    await expect(Promise.all([keys(), keys()])).rejects.toBe(down);
    secretIs(first);
    expect((await keys()).current.version).toBe(1);
  });

  it('stay in use while Secrets Manager is down, whatever strangers send', async () => {
    secretIs(first);
    const keys = keysOf();
    const ring = await keys();
    manager.on(GetSecretValueCommand).rejects(new Error('connection refused'));
    now += 3600;
    await expect(keys(7)).rejects.toThrow('connection refused');
    expect(await keys(1)).toBe(ring);
    expect(await keys()).toBe(ring);
  });
});

describe('a secret that is not what the stack makes', () => {
  const secret = 'the-key-material-itself-0123456789abcdef';
  it.each([
    ['nothing', undefined],
    ['no JSON', `{"current":"1","1":"${secret}`],
    ['a string', JSON.stringify(secret)],
    ['material that is too short', JSON.stringify({ current: '1', 1: secret.slice(0, 31) })],
    ['no current version', JSON.stringify({ 1: secret })],
    ['a current version it lacks', JSON.stringify({ current: '2', 1: secret })],
    ['no version 1', JSON.stringify({ current: '2', 2: secret })],
    ['a version that is no number', JSON.stringify({ current: '1', 1: secret, AWS: secret })],
    ['a version beyond one byte', JSON.stringify({ current: '1', 1: secret, 256: secret })],
    ['material that is no text', JSON.stringify({ current: '1', 1: [secret] })],
  ])('is refused and never quoted: %s', async (_what, SecretString) => {
    manager.on(GetSecretValueCommand).resolves(SecretString === undefined ? {} : { SecretString });
    const error = await keysOf()().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    const { message, stack, cause } = error as Error;
    expect(message).toMatch(/^The key secret /);
    expect(`${message} ${stack}`).not.toContain(secret.slice(0, 10));
    expect(cause).toBeUndefined();
  });
});
