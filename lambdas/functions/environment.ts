import * as z from 'zod';
import type { Limits } from '#core/model/limits.ts';
import type { ReviewNumber } from '#core/model/review-number.ts';
import type { SecondFactor, SessionLimits } from '#core/model/session.ts';
import type { Spending } from '#core/model/spending.ts';
import type { RelyingService } from '#core/model/transaction.ts';
import type { Text } from '#core/values/language.ts';
import type { Country } from '#core/values/phone.ts';

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
  services: z.record(z.string(), count),
}) satisfies z.ZodType<Spending>;

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
  /** ARN of the Secrets Manager secret all keys are derived from. */
  SECRET_ARN: z.string().min(1),
  /** The limits as JSON. */
  LIMITS: json(limits),
  /** When a right password is not enough. */
  SECOND_FACTOR: z.enum(['always', 'new-device', 'never']) satisfies z.ZodType<SecondFactor>,
  /** How long sessions live, as JSON. */
  SESSIONS: json(sessionLimits),
  /** ARN of the secret by which the edge before the API is known; empty where there is none. */
  EDGE_SECRET_ARN: z.string(),
  /** Countries whose mobiles are sent to, as JSON. */
  DESTINATIONS: json(z.array(country).min(1)),
  /** What SMS may cost, as JSON. */
  SPENDING: json(spending),
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
