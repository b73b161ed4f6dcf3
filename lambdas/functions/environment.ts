import * as z from 'zod';
import { functionLimits } from '#core/model/limits.ts';
import type { ReviewNumber } from '#core/model/review-number.ts';
import { functionSessionLimits, secondFactorPolicies } from '#core/model/session.ts';
import { functionSpending } from '#core/model/spending-settings.ts';
import type { RelyingService } from '#core/model/transaction.ts';
import type { Text } from '#core/values/language.ts';
import { countries } from '#core/values/phone.ts';

/**
 * The environment variables the functions share. Each flow's `env.ts` picks what it needs; the CDK construct
 * types its `environment` from the same schema, so a variable that one side forgets does not compile.
 */
const count = z.int().positive();

const text = z.object({ ar: z.string().min(1), en: z.string().min(1) }) satisfies z.ZodType<Text>;

const relyingService = z.object({
  id: z.string().min(1),
  clientId: z.string().min(1),
  name: text,
  purposes: z.array(z.string().min(1)).min(1),
  challengesPerHour: count,
  challengesPerDay: count,
}) satisfies z.ZodType<RelyingService>;

const reviewNumber = z.object({
  phone: z.string().min(1),
  from: z.iso.date(),
  until: z.iso.date(),
  sendsPerDay: count,
}) satisfies z.ZodType<ReviewNumber>;

/** A value that travels as JSON. */
export const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);

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
  /** The limits as JSON. */
  LIMITS: json(functionLimits()),
  /** When a right password is not enough. */
  SECOND_FACTOR: z.enum(secondFactorPolicies),
  /** How long sessions live, as JSON. */
  SESSIONS: json(functionSessionLimits()),
  /** ARN of the secret by which the edge before the API is known; empty where there is none. */
  EDGE_SECRET_ARN: z.string(),
  /** Countries whose mobiles are sent to, as JSON. */
  DESTINATIONS: json(z.array(z.enum(countries)).min(1)),
  /** What SMS may cost, as JSON. */
  SPENDING: json(functionSpending()),
  /** Numbers of those who review apps for their stores, as JSON. */
  REVIEW_NUMBERS: json(z.array(reviewNumber)),
  /** Services of others, as JSON; none where there are none. */
  RELYING_SERVICES: json(z.array(relyingService)),
  /** Host the SMS binds its code to and problem types point to, such as `portal.example.gov.sa`. */
  PORTAL_HOST: z.string().min(1),
  /** Sender ID of the SMS, registered with the operators, 11 characters at most. */
  SMS_SENDER_ID: z.string().min(1).max(11),
  /** Who an authenticator app says its codes are for. */
  ISSUER_NAME: z.string().min(1),
  TERMS_VERSION: z.string().min(1),
  USER_POOL_ID: z.string().min(1),
  CLIENT_ID: z.string().min(1),
};
