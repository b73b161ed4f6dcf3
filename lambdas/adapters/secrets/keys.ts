import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { createKeyring, type Keyring } from '../../core/crypto/keyring.ts';
import type { Clock, Keys } from '../../core/ports.ts';

/** `{"current":"1","1":"<key material>"}`; a version is one byte in ids and seals. */
const secretSchema = z
  .object({ current: z.string() })
  .catchall(z.string().min(32))
  .transform(({ current, ...versions }) => ({ current: Number(current), versions }))
  .refine(({ versions }) =>
    Object.keys(versions).every((version) => /^\d+$/.test(version) && Number(version) <= 255),
  );

/** Seconds between two readings that ids from outside can cause. */
const rereadSeconds = 60;

/**
 * The key material, read once a cold start; again only for a version this function has not seen, which is what
 * a rotation looks like from here.
 * @throws Error where the secret is not what `lib/data-stack.ts` makes; never with its content
 */
export function createKeys(options: {
  readonly client: SecretsManagerClient;
  readonly secretArn: string;
  readonly clock: Clock;
}): Keys {
  let reading: Promise<Keyring> | undefined;
  let readAt = 0;

  function read(): Promise<Keyring> {
    const before = { reading, readAt };
    readAt = options.clock();
    // A failed reading is not kept: what was known stays known, and the next request tries again.
    const attempt = readKeyring(options).catch((error: unknown) => {
      if (reading === attempt) ({ reading, readAt } = before);
      throw error;
    });
    reading = attempt;
    return attempt;
  }

  return async (version) => {
    const keyring = await (reading ?? read());
    const known = version === undefined || keyring.version(version) !== undefined;
    if (known) return keyring;
    // Another request may be reading it again just now: its keyring is the one to have.
    return options.clock() - readAt < rereadSeconds ? (reading ?? keyring) : read();
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
  const secret = secretSchema.safeParse(parseJson(SecretString));
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
