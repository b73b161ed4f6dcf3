import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { createKeyring, type Keyring, type Keys } from '#core/crypto/keyring.ts';
import type { Clock } from '#core/system.ts';

/** `{"current":"1","1":"<key material>"}`. A version is one byte in ids and seals. */
const secretSchema = z
  .object({ current: z.string() })
  .catchall(z.string().min(32))
  .transform(({ current, ...versions }) => ({ current: Number(current), versions }))
  .refine(({ versions }) =>
    Object.keys(versions).every((version) => /^\d+$/.test(version) && Number(version) <= 255),
  );

/** Seconds between two reads that callers' ids can cause. */
const rereadSeconds = 1;

/**
 * The key material, read once a cold start. It is read again for an unknown version, which is how a function notices a
 * rotation.
 * @throws Error if the secret is not of the form that `lib/stacks/data-stack.ts` creates; never with its content
 */
export function createKeys(options: {
  readonly client: SecretsManagerClient;
  readonly secretArn: string;
  readonly clock: Clock;
}): Keys {
  let held: Keyring | undefined;
  let reading: Promise<Keyring> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;

  /** All waiting calls share one read. A failed read keeps the last keyring, and the next request tries again. */
  function read(): Promise<Keyring> {
    readAt = options.clock();
    reading ??= readKeyring(options)
      .then((keyring) => {
        held = keyring;
        return keyring;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  return async (version) => {
    const keyring = held ?? (await read());
    const known = version === undefined || keyring.version(version) !== undefined;
    // A call with a known version never waits for a read that another caller's id caused.
    if (known) return keyring;
    if (reading) return reading;
    return options.clock() - readAt < rereadSeconds ? keyring : read();
  };
}

async function readKeyring({
  client,
  secretArn,
}: {
  readonly client: SecretsManagerClient;
  readonly secretArn: string;
}): Promise<Keyring> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  return keyringFrom(SecretString);
}

/**
 * @param text the secret as it is stored
 * @throws Error if it is malformed; never with its content
 */
export function keyringFrom(text: string | undefined): Keyring {
  const secret = secretSchema.safeParse(parseJson(text));
  if (!secret.success) throw new Error('The key secret is malformed');
  return createKeyring(secret.data);
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    // The error of JSON.parse quotes its input.
    return undefined;
  }
}
