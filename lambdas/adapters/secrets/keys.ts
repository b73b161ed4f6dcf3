import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { createKeyring, type Keyring, type Keys } from '#core/crypto/keyring.ts';
import type { Clock } from '#core/system.ts';

/** `{"current":"1","1":"<key material>"}`; a version is one byte in ids and seals. */
const secretSchema = z
  .object({ current: z.string() })
  .catchall(z.string().min(32))
  .transform(({ current, ...versions }) => ({ current: Number(current), versions }))
  .refine(({ versions }) =>
    Object.keys(versions).every((version) => /^\d+$/.test(version) && Number(version) <= 255),
  );

/** Seconds between two readings that ids from outside can cause. */
const rereadSeconds = 1;

/**
 * The key material, read once a cold start; again only for a version this function has not seen, which is what
 * a rotation looks like from here.
 * @throws Error where the secret is not what `lib/stacks/data-stack.ts` makes; never with its content
 */
export function createKeys(options: {
  readonly client: SecretsManagerClient;
  readonly secretArn: string;
  readonly clock: Clock;
}): Keys {
  let held: Keyring | undefined;
  let reading: Promise<Keyring> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;

  /** One reading for all who wait for it. A failed one leaves what was held, and the next request tries again. */
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
    // A version that is known never waits for a reading that a stranger's id caused.
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

/** @param text the secret as it is kept. @throws Error where it is malformed; never with its content */
export function keyringFrom(text: string | undefined): Keyring {
  const secret = secretSchema.safeParse(parseJson(text));
  if (!secret.success) throw new Error('The key secret is malformed');
  return createKeyring(secret.data);
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    // JSON.parse quotes its input in the error.
    return undefined;
  }
}
