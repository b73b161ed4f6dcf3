import * as z from 'zod';
import { stageLimits } from '#core/model/limits.ts';
import { secondFactorPolicies, stageSessions } from '#core/model/session.ts';
import { stageSpending } from '#core/model/spending-settings.ts';
import { countries } from '#core/values/phone.ts';
import { longestPortalHost } from '#core/values/portal-host.ts';
import { appOrigins } from './app-origins.ts';
import { contact } from './contact.ts';
import { edge } from './edge.ts';
import { relyingServices, requireTokenDomain, tokenDomain } from './relying-services.ts';
import { requireShortReviews, reviewNumbers } from './review-numbers.ts';
import { requireHttps, sms } from './sms.ts';
import { throttles } from './throttles.ts';

/** Stage configuration. A bound that a standard sets is a bound here: a stage cannot leave it by mistake. */
const schema = z.strictObject({
  /** Name of the stage; stacks are called `hawiya-<stage>-…`. */
  stage: z.string().regex(/^[a-z][a-z0-9-]{0,15}$/),
  /** Host of the portal, without scheme: SMS codes are bound to it, problem types point to it. */
  portalHost: z
    .string()
    .regex(/^[a-z0-9.-]+$/)
    .max(longestPortalHost, {
      error: `must not exceed ${longestPortalHost} characters: the SMS would need a second part`,
    }),
  /** Who authenticator apps say their codes are for. */
  issuerName: z
    .string()
    .regex(/^[^:\p{C}]{1,40}$/u)
    .default('Hawiya'),
  contact,
  appOrigins,
  /**
   * The number under which the Digital Government Authority registers the site. Every page shows it, so that people can
   * tell the site from a copy. It has no default: each stage says its own.
   */
  registrationNumber: z.string().regex(/^\d{4,20}$/, { error: 'must be 4 to 20 digits' }),
  /** Sender ID registered with the operators. */
  smsSenderId: z.string().regex(/^[A-Za-z0-9]{3,11}$/),
  /** Version of the terms of use a registration must accept. */
  termsVersion: z.string().min(1),
  /** Whether deleting the stack deletes the people: only for throw-away stages. */
  retainData: z.boolean().default(true),
  logRetentionDays: z.union([z.literal(7), z.literal(30), z.literal(365)]).default(365),
  throttles,
  /** Plan of the user pool, which sets the price of a person and month (docs/operations.md). */
  userPoolPlan: z.enum(['lite', 'essentials', 'plus']).default('essentials'),
  sessions: stageSessions().prefault({}),
  /**
   * The scope of people's access tokens. `cognito`: Cognito's own, which also opens Cognito's calls to its holder
   * (delete the user, sign out, try passwords). `hawiya`: only ours, by a trigger that runs before each token, for which
   * the user pool needs the plan Essentials or Plus (docs/decisions/0038).
   */
  accessTokenScope: z.enum(['cognito', 'hawiya']).default('cognito'),
  /**
   * Where the key of the tags of national IDs is: in a secret that functions read, or in KMS, which never shows it. It
   * cannot change once the stage has an account (docs/operations.md).
   */
  identityTagKeys: z.enum(['secret', 'kms']).default('secret'),
  /** When a right password is not enough: each time, on devices that are not remembered, or never. */
  secondFactor: z.enum(secondFactorPolicies).default('new-device'),
  /** Whether the login takes a national ID or Iqama as well as a username (docs/decisions/0052). */
  nationalIdLogin: z.boolean().default(true),
  edge,
  /** Countries whose mobiles may be sent a code; other lines and countries are refused before they cost a riyal. */
  destinations: z.array(z.enum(countries)).min(1).default(['SA']),
  limits: stageLimits().prefault({}),
  sms: sms.prefault({}),
  spending: stageSpending().prefault({}),
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
      /** Share of honest codes refused on the worst day of a greedy SMS pumper (docs/policy.md). */
      honestCodesRefused: z.number().gt(0).max(1).default(0.05),
      /** Share of a purse's day that 500 SIMs take whose holders verify every code (docs/policy.md). */
      takenByVerifyingSims: z.number().gt(0).max(1).default(0.5),
    })
    .prefault({}),
});

/** Every page tells people that the addresses of official sites end with this. */
const officialEnding = '.gov.sa';

/** A site at another address would teach people to trust such addresses. */
function requireGovernmentHost(
  { edge, portalHost }: z.output<typeof schema>,
  context: z.RefinementCtx,
): void {
  if (edge === undefined || portalHost.endsWith(officialEnding)) return;
  const message = `must end with ${officialEnding} where edge serves it`;
  context.addIssue({ code: 'custom', path: ['portalHost'], message });
}

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

/** Cognito's plan `lite` lets no function change the scopes of an access token. */
function requirePlan(
  { accessTokenScope, userPoolPlan }: z.output<typeof schema>,
  context: z.RefinementCtx,
): void {
  if (accessTokenScope !== 'hawiya' || userPoolPlan !== 'lite') return;
  const message = "must be 'essentials' or 'plus' where accessTokenScope is 'hawiya'";
  context.addIssue({ code: 'custom', path: ['userPoolPlan'], message });
}

export type StageConfig = z.output<typeof schema>;

/**
 * Checks a stage's values and fills in the defaults.
 * @throws Error naming every value that is wrong, before anything is synthesised
 */
export function stageConfig(values: z.input<typeof schema>): StageConfig {
  const result = schema
    .superRefine(requireHttps)
    .superRefine(requireGovernmentHost)
    .superRefine(requireLength)
    .superRefine(requireShortReviews)
    .superRefine(requireTokenDomain)
    .superRefine(requirePlan)
    .safeParse(values);
  if (result.success) return result.data;
  throw new Error(`Stage configuration is wrong:\n${z.prettifyError(result.error)}`);
}
