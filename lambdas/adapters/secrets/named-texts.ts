import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { parseJson } from '#core/values/json-field.ts';

const schema = z.record(z.string(), z.string().check(z.minLength(1)));
export type NamedTexts = z.output<typeof schema>;

export interface SecretAt {
  readonly client: SecretsManagerClient;
  readonly secretArn: string;
}

/**
 * Reads a secret that is a JSON object of texts by name.
 * @param whose for the error: `the SMS providers`
 * @throws Error if it cannot be read or is malformed; never with its content
 */
export async function readNamedTexts(
  { client, secretArn }: SecretAt,
  whose: string,
): Promise<NamedTexts> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  const secret = schema.safeParse(parseJson(SecretString ?? ''));
  if (!secret.success) throw new Error(`The secret of ${whose} is malformed`);
  return secret.data;
}
