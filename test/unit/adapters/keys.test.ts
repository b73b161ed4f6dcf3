import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { sealKey } from '#core/crypto/keys.ts';
import { createKeys, rereadSeconds, staleSeconds } from '../../../lambdas/adapters/secrets/keys.ts';

const manager = mockClient(SecretsManagerClient);
const client = new SecretsManagerClient({ region: 'me-south-1' });
const material = (version: string) => version.repeat(64).slice(0, 64);
const start = Date.parse('2026-11-30T08:00:00Z') / 1000;
const first = { 1: material('a') };
const rotated = { 1: material('a'), 2: material('b'), '2.from': '2026-11-30T08:30:00Z' };

let now = 0;
const keysOf = () => createKeys({ client, secretArn: 'arn', clock: () => now, derive: sealKey });
const readings = () => manager.commandCalls(GetSecretValueCommand, { SecretId: 'arn' }).length;
const secretIs = (secret: unknown) =>
  manager.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify(secret) });
/** Lets a reading in the background end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  manager.reset();
  now = start;
});

describe('the keys of a function', () => {
  it('are read once for all parallel and later requests', async () => {
    secretIs(first);
    const keys = keysOf();
    const rings = await Promise.all([keys(), keys(), keys()]);
    now += rereadSeconds - 1;
    expect((await keys()).current).toBe(rings[0]?.current);
    expect(readings()).toBe(1);
  });

  it('are read again every ten minutes, and no request waits for it', async () => {
    secretIs(first);
    const keys = keysOf();
    await keys();
    manager.on(GetSecretValueCommand).callsFake(() => new Promise(() => undefined));
    now += rereadSeconds;
    const waiting = await Promise.all([keys(), keys(), keys()]);
    expect(waiting.every(({ current }) => current.version === 1)).toBe(true);
    expect(readings()).toBe(2);
  });

  it('change to a new version at the instant that the secret names, known long before', async () => {
    secretIs(first);
    const keys = keysOf();
    await keys();
    secretIs(rotated);
    now += rereadSeconds;
    await keys();
    await settled();
    expect((await keys()).current.version).toBe(1);
    expect((await keys()).all.map(({ version }) => version)).toEqual([1, 2]);
    now = start + 1800;
    expect((await keys()).current.version).toBe(2);
  });

  it('are waited for after a sandbox was frozen, because a version may have begun meanwhile', async () => {
    secretIs(first);
    const keys = keysOf();
    await keys();
    secretIs(rotated);
    now = start + 1800;
    const rings = await Promise.all([keys(), keys(), keys()]);
    expect(rings.map(({ current }) => current.version)).toEqual([2, 2, 2]);
    expect(readings()).toBe(2);
  });

  it('stay in use after a freeze while Secrets Manager is down, and one request a minute waits for it', async () => {
    secretIs(first);
    const keys = keysOf();
    await keys();
    manager.on(GetSecretValueCommand).rejects(new Error('connection refused'));
    now += staleSeconds;
    expect((await keys()).current.version).toBe(1);
    await Promise.all([keys(), keys()]);
    expect(readings()).toBe(2);
    now += 60;
    secretIs(rotated);
    await keys();
    await settled();
    expect((await keys()).all).toHaveLength(2);
  });

  it('cause no reading by an unknown version: strangers choose the versions they send', async () => {
    secretIs(first);
    const keys = keysOf();
    for (let second = 0; second < 100; second++) {
      expect((await keys()).version(200, now)).toBeUndefined();
      now += 1;
    }
    expect(readings()).toBe(1);
  });

  it('are read again after a failed reading', async () => {
    const down = new Error('connection refused');
    manager.on(GetSecretValueCommand).rejectsOnce(down);
    const keys = keysOf();
    await expect(Promise.all([keys(), keys()])).rejects.toBe(down);
    secretIs(first);
    expect((await keys()).current.version).toBe(1);
  });

  it('stay in use while Secrets Manager is down, and are tried again a minute later', async () => {
    secretIs(first);
    const keys = keysOf();
    const ring = await keys();
    manager.on(GetSecretValueCommand).rejects(new Error('connection refused'));
    now += rereadSeconds;
    expect((await keys()).current).toBe(ring.current);
    await settled();
    now += 59;
    await keys();
    expect(readings()).toBe(2);
    now += 1;
    await keys();
    expect(readings()).toBe(3);
  });
});

describe('a secret that is not what the stack makes', () => {
  const secret = 'the-key-material-itself-0123456789abcdef';
  it.each([
    ['nothing', undefined],
    ['no JSON', `{"1":"${secret}`],
    ['a string', JSON.stringify(secret)],
    ['no version', '{}'],
    ['material that is too short', JSON.stringify({ 1: secret.slice(0, 31) })],
    ['a version that is no number', JSON.stringify({ 1: secret, AWS: secret })],
    ['a version beyond one byte', JSON.stringify({ 1: secret, 256: secret })],
    ['material that is no text', JSON.stringify({ 1: [secret] })],
    ['a second version without a beginning', JSON.stringify({ 1: secret, 2: secret })],
    ['a beginning of no version', JSON.stringify({ 1: secret, '2.from': '2026-11-30T08:00:00Z' })],
    ['a beginning that is no instant', JSON.stringify({ 1: secret, 2: secret, '2.from': 'soon' })],
    [
      'versions that begin in another order',
      JSON.stringify({
        1: secret,
        2: secret,
        '2.from': '2026-11-30T08:00:00Z',
        3: secret,
        '3.from': '2026-11-29T08:00:00Z',
      }),
    ],
    ['a minimum that is no version', JSON.stringify({ 1: secret, minimum: 'two' })],
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
