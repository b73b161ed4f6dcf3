import * as z from 'zod';
import { functionLimits } from '#core/model/limits.ts';
import type { ReviewNumber } from '#core/model/review-number.ts';
import { functionSessionLimits, secondFactorPolicies } from '#core/model/session.ts';
import { functionSpending } from '#core/model/spending-settings.ts';
import type { RelyingService } from '#core/model/transaction.ts';
import type { Text } from '#core/values/language.ts';
import { countries } from '#core/values/phone.ts';
import { json } from './json.ts';
import { receiptRules, smsProviders } from './sms-settings.ts';

/**
 * The settings of the functions: stage configuration that names no resource. It travels in a function's bundle, because
 * Lambda's environment takes 4 kB only (docs/decisions/0040). A schema is made in the functions that use it, to keep the
 * others' cold start short.
 */
const schemas = {
  LIMITS: functionLimits,
  /** When a right password is not enough. */
  SECOND_FACTOR: () => z.enum(secondFactorPolicies),
  /** How long sessions live. */
  SESSIONS: functionSessionLimits,
  /** Countries whose mobiles are sent to. */
  DESTINATIONS: () => z.array(z.enum(countries)).min(1),
  /** What SMS may cost. */
  SPENDING: functionSpending,
  /** Numbers of those who review apps for their stores. */
  REVIEW_NUMBERS: reviewNumbers,
  /** Services of others; none where there are none. */
  RELYING_SERVICES: relyingServices,
  /** The SMS providers. */
  SMS_PROVIDERS: smsProviders,
  /** How to read the providers' receipts. */
  RECEIPT_RULES: receiptRules,
  /** Host the SMS binds its code to and problem types point to, such as `portal.example.gov.sa`. */
  PORTAL_HOST: () => z.string().min(1),
  /** Sender ID of the SMS, registered with the operators, 11 characters at most. */
  SMS_SENDER_ID: () => z.string().min(1).max(11),
  /** Who an authenticator app says its codes are for. */
  ISSUER_NAME: () => z.string().min(1),
  TERMS_VERSION: () => z.string().min(1),
};

function reviewNumbers() {
  return z.array(
    z.object({
      phone: z.string().min(1),
      from: z.iso.date(),
      until: z.iso.date(),
      sendsPerDay: z.int().positive(),
    }),
  ) satisfies z.ZodType<ReviewNumber[]>;
}

function relyingServices() {
  const name = z.object({ ar: z.string().min(1), en: z.string().min(1) }) satisfies z.ZodType<Text>;
  return z.array(
    z.object({
      id: z.string().min(1),
      name,
      purposes: z.array(z.string().min(1)).min(1),
      challengesPerHour: z.int().positive(),
      challengesPerDay: z.int().positive(),
    }),
  ) satisfies z.ZodType<RelyingService[]>;
}

type Schemas = typeof schemas;

/** All settings of a stage. `lib/config/function-settings.ts` makes them. */
export type Settings = { readonly [Name in keyof Schemas]: z.input<ReturnType<Schemas[Name]>> };

declare global {
  /**
   * The stage's settings, each as JSON. This object does not exist in a bundle: esbuild puts the text in place of each
   * `SETTINGS.<NAME>`, so a function does not carry the settings it does not name. Unit tests set a global of this name.
   */
  const SETTINGS: Readonly<Record<keyof Settings, string>>;
}

/**
 * Reads the settings of a function, once at its cold start.
 * @param given the settings it uses, each written as `NAME: SETTINGS.NAME`
 * @throws ZodError that names the wrong ones
 */
export function settingsOf<Name extends keyof Settings>(
  given: Readonly<Record<Name, string>>,
): { readonly [Each in Name]: z.output<ReturnType<Schemas[Each]>> } {
  const names = Object.keys(given) as Name[];
  const shape = Object.fromEntries(names.map((name) => [name, json(schemas[name]())]));
  return z.object(shape).parse(given) as ReturnType<typeof settingsOf<Name>>;
}
