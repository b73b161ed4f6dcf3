import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { KeyMaterial } from '#core/crypto/keyring.ts';
import { materialFrom } from '../../lambdas/adapters/secrets/keys.ts';

/** Reads a secret of keys with the operator's credentials. @throws Error as {@link materialFrom} */
export async function readMaterial(secretArn: string): Promise<KeyMaterial> {
  const { SecretString } = await new SecretsManagerClient().send(
    new GetSecretValueCommand({ SecretId: secretArn }),
  );
  return materialFrom(SecretString);
}
