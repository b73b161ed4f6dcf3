import * as z from 'zod';
import type { Limits } from '#core/model/limits.ts';
import type { Country } from '#core/values/phone.ts';
import { contact } from './contact.ts';
import { edge } from './edge.ts';
import { relyingServices, requireTokenDomain, tokenDomain } from './relying-services.ts';
import { requireShortReviews, reviewNumbers } from './review-numbers.ts';
import { requireHttps, sms } from './sms.ts';
import { spending } from './spending.ts';

const count = z.int().positive();

/** The defaults of the design; `lambdas/core/model/limits.ts` says what each number means. */
const limits = z
  .strictObject({
    codeLength: count.min(6).max(7).default(6),
    codeSeconds: count.min(60).max(600).default(300),
    attemptsPerChallenge: count.max(10).default(5),
    resendSeconds: count.min(30).default(60),
    sendsPerPhoneAndHour: count.default(3),
    sendsPerPhoneAndDay: count.default(6),
    sendsPerAddressAndMinute: count.default(60),
    sendsPerAddressAndHour: count.default(300),
    unverifiedPerAddressAndHour: count.default(60),
    failuresPerAddressAndHour: count.default(300),
    failuresPerDay: count.max(100).default(20),
    failuresPerYear: count.max(100).default(70),
    failuresPerServiceAndHour: count.default(2000),
    failuresPerServiceAndDay: count.default(20_000),
    failuresPerPrefixAndHour: count.default(1000),
    failuresPerPrefixAndDay: count.default(10_000),
    attemptsWhileGuessed: count.default(2),
    passwordLength: count.min(12).max(64).default(12),
    loginsPerAccountAndHour: count.default(3),
    loginsPerAccountAndDay: count.default(30),
    loginsPerAddressAndMinute: count.default(60),
    loginsPerAddressAndHour: count.default(600),
    loginsPerDeviceAndHour: count.default(20),
    loginsPerDeviceAndDay: count.default(50),
    accountsPerPhone: count.max(50).default(5),
    ticketSeconds: count.max(600).default(600),
    usesPerTicket: count.max(100).default(20),
  })
  .refine((value) => value.sendsPerPhoneAndHour <= value.sendsPerPhoneAndDay, {
    error: 'sendsPerPhoneAndHour must not exceed sendsPerPhoneAndDay',
  })
  .refine((value) => value.unverifiedPerAddressAndHour <= value.sendsPerAddressAndHour, {
    error: 'unverifiedPerAddressAndHour must not exceed sendsPerAddressAndHour',
  })
  .refine((value) => value.attemptsWhileGuessed <= value.attemptsPerChallenge, {
    error: 'attemptsWhileGuessed must not exceed attemptsPerChallenge',
  })
  .refine((value) => value.failuresPerServiceAndHour <= value.failuresPerServiceAndDay, {
    error: 'failuresPerServiceAndHour must not exceed failuresPerServiceAndDay',
  })
  .refine((value) => value.failuresPerPrefixAndHour <= value.failuresPerPrefixAndDay, {
    error: 'failuresPerPrefixAndHour must not exceed failuresPerPrefixAndDay',
  }) satisfies z.ZodType<Limits>;

const country = z.enum(['AE', 'BH', 'KW', 'OM', 'QA', 'SA']) satisfies z.ZodType<Country>;

/** Stage configuration. A bound that a standard sets is a bound here: a stage cannot leave it by mistake. */
const schema = z.strictObject({
  /** Name of the stage; stacks are called `hawiya-<stage>-…`. */
  stage: z.string().regex(/^[a-z][a-z0-9-]{0,15}$/),
  /** Host of the portal, without scheme: SMS codes are bound to it, problem types point to it. */
  portalHost: z
    .string()
    .regex(/^[a-z0-9.-]+$/)
    .max(25, { error: 'must not exceed 25 characters: the SMS would need a second part' }),
  /** Who authenticator apps say their codes are for. */
  issuerName: z
    .string()
    .regex(/^[^:\p{C}]{1,40}$/u)
    .default('Hawiya'),
  contact,
  /** Sender ID registered with the operators. */
  smsSenderId: z.string().regex(/^[A-Za-z0-9]{3,11}$/),
  /** Version of the terms of use a registration must accept. */
  termsVersion: z.string().min(1),
  /** Whether deleting the stack deletes the people: only for throw-away stages. */
  retainData: z.boolean().default(true),
  logRetentionDays: z.union([z.literal(7), z.literal(30), z.literal(365)]).default(365),
  /** Requests a second the API takes as a whole, and how many at once on top. */
  throttle: z
    .strictObject({ ratePerSecond: count, burst: count })
    .default({ ratePerSecond: 200, burst: 400 }),
  sessions: z
    .strictObject({
      accessTokenMinutes: count.min(5).max(60).default(15),
      refreshTokenDays: count.max(90).default(30),
      /** Days without a refresh after which a session ends. */
      idleDays: count.max(30).default(7),
      rotationGraceSeconds: count.max(60).default(10),
      /** Days for which a remembered device is the second factor. */
      deviceDays: count.max(90).default(30),
    })
    .prefault({}),
  /** When a right password is not enough: each time, on devices that are not remembered, or never. */
  secondFactor: z.enum(['always', 'new-device', 'never']).default('new-device'),
  edge,
  /** Countries whose mobiles may be sent a code; other lines and countries are refused before they cost a riyal. */
  destinations: z.array(country).min(1).default(['SA']),
  limits: limits.prefault({}),
  sms: sms.prefault({}),
  spending: spending.prefault({}),
  reviewNumbers,
  relyingServices,
  tokenDomain,
  /** What a stage promises; `npm run policy` fails where its numbers do not keep it. */
  targets: z
    .strictObject({
      /** Chance that a guesser takes one account in a calendar year. */
      takeoverPerAccountAndYear: z
        .number()
        .gt(0)
        .max(1)
        .default(1 / 10_000),
      /** Spend in a UTC day in which no code is verified, in the stage's currency. */
      unverifiedSpendPerDay: z.number().positive().default(200),
    })
    .prefault({}),
});

/** NIST SP 800-63B-4 §3.1.1.2: fifteen characters where a password is the only factor. */
function requireLength(
  { secondFactor, limits: { passwordLength } }: z.output<typeof schema>,
  context: z.RefinementCtx,
): void {
  if (secondFactor !== 'never' || passwordLength >= 15) return;
  context.addIssue({
    code: 'custom',
    path: ['limits', 'passwordLength'],
    message: 'must be 15 or more where there is no second factor',
  });
}

export type StageConfig = z.output<typeof schema>;

/**
 * Checks a stage's values and fills in the defaults.
 * @throws Error naming every value that is wrong, before anything is synthesised
 */
export function stageConfig(values: z.input<typeof schema>): StageConfig {
  const result = schema
    .superRefine(requireHttps)
    .superRefine(requireLength)
    .superRefine(requireShortReviews)
    .superRefine(requireTokenDomain)
    .safeParse(values);
  if (result.success) return result.data;
  throw new Error(`Stage configuration is wrong:\n${z.prettifyError(result.error)}`);
}
