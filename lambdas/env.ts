import * as z from 'zod';
import type { Spending } from './core/engine/spending.ts';
import type { Limits } from './core/limits.ts';
import type { SecondFactor, SessionLimits } from './core/session-ports.ts';
import type { Country } from './core/values/phone.ts';

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
  sendsPerAddressAndMinute: count,
  sendsPerAddressAndHour: count,
  unverifiedPerAddressAndHour: count,
  failuresPerAddressAndHour: count,
  failuresPerDay: count,
  failuresPerYear: count,
  failuresPerServiceAndHour: count,
  failuresPerServiceAndDay: count,
  failuresPerPrefixAndHour: count,
  failuresPerPrefixAndDay: count,
  attemptsWhileGuessed: count,
  passwordLength: count,
  loginsPerAccountAndHour: count,
  loginsPerAccountAndDay: count,
  loginsPerAddressAndMinute: count,
  loginsPerAddressAndHour: count,
  loginsPerDeviceAndHour: count,
  loginsPerDeviceAndDay: count,
  accountsPerPhone: count,
  ticketSeconds: count,
  usesPerTicket: count,
}) satisfies z.ZodType<Limits>;

const sessionLimits = z.object({
  refreshTokenDays: count,
  idleDays: count,
  rotationGraceSeconds: count,
  deviceDays: count,
}) satisfies z.ZodType<SessionLimits>;

const country = z.enum(['AE', 'BH', 'KW', 'OM', 'QA', 'SA']) satisfies z.ZodType<Country>;

const budget = z.object({ perDay: count, unverifiedPerHour: count, unverifiedPerDay: count });

const spending = z.object({
  currency: z.string(),
  pricePerSms: count,
  verifiedShare: z.number().positive().max(1),
  reserve: z.number().min(0).max(1),
  service: budget,
  prefix: budget,
}) satisfies z.ZodType<Spending>;

/** A value that travels as JSON. */
export const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);

export const variables = {
  TABLE_NAME: z.string().min(1),
  /** ARN of the Secrets Manager secret all keys are derived from. */
  SECRET_ARN: z.string().min(1),
  /** The limits as JSON. */
  LIMITS: json(limits),
  /** When a right password is not enough. */
  SECOND_FACTOR: z.enum(['always', 'new-device', 'never']) satisfies z.ZodType<SecondFactor>,
  /** How long sessions live, as JSON. */
  SESSIONS: json(sessionLimits),
  /** Header in which the edge before the API tells the caller's country; empty where there is none. */
  COUNTRY_HEADER: z.string(),
  /** Countries whose mobiles are sent to, as JSON. */
  DESTINATIONS: json(z.array(country).min(1)),
  /** What SMS may cost, as JSON. */
  SPENDING: json(spending),
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
