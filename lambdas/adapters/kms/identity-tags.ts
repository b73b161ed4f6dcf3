import { GenerateMacCommand, type KMSClient, KMSServiceException } from '@aws-sdk/client-kms';
import type { IdentityTags } from '#core/crypto/keys.ts';
import { Problem } from '#core/model/problems.ts';
import { neverSent } from '../never-sent.ts';

/** Seconds after which a request that KMS did not answer may be sent again. KMS counts its quotas by the second. */
const retryAfter = 1;

interface KmsKey {
  readonly client: KMSClient;
  /** ARN of a key of the spec `HMAC_256`. */
  readonly keyArn: string;
}

/**
 * Has KMS tag national IDs. The key never leaves KMS, so a copy of the table and of all secrets finds no ID
 * (docs/decisions/0031). CloudTrail logs the call without its message.
 * @throws Problem unavailable if KMS throttled or failed, or if no answer came. A tag judges nobody, so what was charged
 *   for it is returned. KMS's refusals pass unchanged: a missing right or a disabled key is a fault of the stage
 */
export const createIdentityTags =
  ({ client, keyArn }: KmsKey): IdentityTags =>
  async (nationalId) => {
    const { Mac } = await answered(() =>
      client.send(
        new GenerateMacCommand({
          KeyId: keyArn,
          MacAlgorithm: 'HMAC_SHA_256',
          Message: Buffer.from(JSON.stringify(['national-id', nationalId])),
        }),
      ),
    );
    if (!Mac) throw new Error('KMS answered without a MAC');
    const tag = Buffer.from(Mac).toString('base64url');
    // KMS does not rotate an HMAC key, so there is one level of tags.
    return { newest: tag, every: [tag] };
  };

async function answered<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    if (!isOutage(error)) throw error;
    throw new Problem('unavailable', { retryAfter }, { cause: error });
  }
}

function isOutage(error: unknown): boolean {
  if (neverSent(error)) return true;
  if (error instanceof KMSServiceException) {
    return error.$fault === 'server' || error.name === 'ThrottlingException';
  }
  const { name, code } = error as NodeJS.ErrnoException;
  return name === 'TimeoutError' || code !== undefined;
}
