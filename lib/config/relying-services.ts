import * as z from 'zod';
import { thousandths } from './spending.ts';

const count = z.int().positive();
const slug = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, { error: 'must be a slug' });

/** The SMS begins with it. A longer name leaves no room for the text that the person approves. */
const name = z.strictObject({
  ar: z.string().regex(/^\p{Script=Arabic}[\p{Script=Arabic}0-9 -]{1,13}$/u, {
    error: 'must be 2 to 14 Arabic letters, digits, spaces and hyphens',
  }),
  en: z.string().regex(/^[A-Za-z][A-Za-z0-9 -]{1,29}$/, {
    error: 'must be 2 to 30 letters, digits, spaces and hyphens',
  }),
});

const relyingService = z
  .strictObject({
    /** Must never change: challenges and counters belong to the service by this id. */
    id: slug,
    name,
    /** The purposes it may ask people to approve. */
    purposes: z.array(slug).min(1).max(20),
    challengesPerHour: count.default(500),
    challengesPerDay: count.default(5000),
    /** Cost of its SMS in a UTC day, in the stage's currency. It adds to the amounts of `spending`. */
    spendPerDay: z.number().positive().default(100),
  })
  .refine((service) => service.challengesPerHour <= service.challengesPerDay, {
    error: 'challengesPerHour must not exceed challengesPerDay',
  });

/** Relying services, which ask people to approve transactions by our codes. */
export const relyingServices = z
  .array(relyingService)
  .max(50)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, {
    error: 'an id is listed twice',
  })
  .default([]);

/** Prefix of the token endpoint's host. It is unique among all AWS customers in the region. */
export const tokenDomain = z
  .string()
  .regex(/^(?!.*(?:aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
    error: 'must be a-z, 0-9 and hyphens, without aws, amazon or cognito',
  })
  .optional();

interface Listing {
  readonly relyingServices: z.output<typeof relyingServices>;
  readonly tokenDomain?: string | undefined;
}

/** Without the domain there is no token endpoint. */
export function requireTokenDomain(config: Listing, context: z.RefinementCtx): void {
  if (config.relyingServices.length === 0 || config.tokenDomain !== undefined) return;
  const message = 'is required where relyingServices are listed';
  context.addIssue({ code: 'custom', path: ['tokenDomain'], message });
}

/** Spend limit per day of each relying service, in thousandths of the stage's currency. */
export const spendingOfServices = (config: Pick<Listing, 'relyingServices'>) =>
  Object.fromEntries(
    config.relyingServices.map(({ id, spendPerDay }) => [id, thousandths(spendPerDay)]),
  );
