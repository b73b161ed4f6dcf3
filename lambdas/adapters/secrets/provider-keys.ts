import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { parseJson } from '../../core/json-field.ts';
import type { Clock } from '../../core/ports.ts';

const secretSchema = z.record(z.string(), z.string().min(1));
type ProviderSecret = z.output<typeof secretSchema>;

/** Seconds after which a key that was changed is seen. */
const keptSeconds = 300;

interface Options {
  readonly client: SecretsManagerClient;
  readonly secretArn: string;
  readonly clock: Clock;
}

/**
 * Keys of the SMS providers, those to send with or those of their receipts: a secret each, a JSON object of texts by
 * name, read again every five minutes.
 * @returns a function that throws where the secret cannot be read or lacks the name; never with its content
 */
export function createProviderKeys(options: Options): (name: string) => Promise<string> {
  let reading: Promise<ProviderSecret> | undefined;
  let readAt = 0;

  function current(): Promise<ProviderSecret> {
    const now = options.clock();
    if (reading && now - readAt < keptSeconds) return reading;
    readAt = now;
    const fresh = readSecret(options);
    reading = fresh;
    // A failed reading is nobody's answer but its own.
    fresh.catch(() => {
      if (reading === fresh) reading = undefined;
    });
    return fresh;
  }

  return async (name) => {
    const secret = await current();
    const value = Object.hasOwn(secret, name) ? secret[name] : undefined;
    if (value === undefined) throw new Error(`The secret of the SMS providers has no key ${name}`);
    return value;
  };
}

async function readSecret({ client, secretArn }: Options): Promise<ProviderSecret> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  const secret = secretSchema.safeParse(parseJson(SecretString ?? ''));
  if (!secret.success) throw new Error('The secret of the SMS providers is malformed');
  return secret.data;
}
