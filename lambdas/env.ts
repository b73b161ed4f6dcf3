import * as z from 'zod';
import type { Limits } from './core/limits.ts';

/**
 * The environment variables the functions share. Each flow's `env.ts` picks what it needs; the CDK construct
 * types its `environment` from the same schema, so a variable that one side forgets does not compile.
 */
const count = z.int().positive();

const limits = z.object({
  codeLength: count,
  codeSeconds: count,
  attemptsPerChallenge: count,
  resendSeconds: count,
  sendsPerPhoneAndHour: count,
  sendsPerPhoneAndDay: count,
  sendsPerAddressAndHour: count,
  failuresPerDay: count,
  accountsPerPhone: count,
  ticketSeconds: count,
  usesPerTicket: count,
}) satisfies z.ZodType<Limits>;

export const variables = {
  TABLE_NAME: z.string().min(1),
  /** ARN of the Secrets Manager secret all keys are derived from. */
  SECRET_ARN: z.string().min(1),
  /** The limits as JSON. */
  LIMITS: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(limits),
  /** Host the SMS binds its code to and problem types point to, such as `portal.example.gov.sa`. */
  PORTAL_HOST: z.string().min(1),
  /** Sender ID of the SMS, registered with the operators, 11 characters at most. */
  SMS_SENDER_ID: z.string().min(1).max(11),
  TERMS_VERSION: z.string().min(1),
  USER_POOL_ID: z.string().min(1),
  CLIENT_ID: z.string().min(1),
};
