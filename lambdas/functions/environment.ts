import * as z from 'zod';

/**
 * The environment variables the functions share: each names a resource, so only the deployment knows its value. What
 * names no resource is a setting (`settings.ts`). Each flow's `env.ts` picks what it needs; the CDK construct types its
 * `environment` from the same schema, so a variable that one side forgets does not compile.
 */
export const variables = {
  TABLE_NAME: z.string().min(1),
  /** ARNs of the key secrets, one for each purpose (`keyPurposes` in lambdas/core/crypto/keyring.ts). */
  CODES_SECRET_ARN: z.string().min(1),
  PROOFS_SECRET_ARN: z.string().min(1),
  SESSIONS_SECRET_ARN: z.string().min(1),
  TAGS_SECRET_ARN: z.string().min(1),
  /** Empty where KMS has the key. */
  IDENTITY_TAGS_SECRET_ARN: z.string(),
  /** ARN of the KMS key that tags national IDs; empty where a secret has the key. */
  IDENTITY_TAGS_KMS_KEY_ARN: z.string(),
  PHONE_SEALS_SECRET_ARN: z.string().min(1),
  SEALS_SECRET_ARN: z.string().min(1),
  /** ARN of the secret by which the edge before the API is known; empty where there is none. */
  EDGE_SECRET_ARN: z.string(),
  USER_POOL_ID: z.string().min(1),
  CLIENT_ID: z.string().min(1),
};
