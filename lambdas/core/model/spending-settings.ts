import * as z from 'zod';
import type { SpendBudget } from './spending.ts';

/** Every field of a budget, with one schema for its amounts. */
const budgetFields = <Amount extends z.ZodType>(amount: Amount) => ({
  perDay: amount,
  unverifiedPerHour: amount,
  unverifiedPerDay: amount,
});

/** An amount in the stage's currency. */
const amount = z.number().positive();

const stageBudget = (defaults: SpendBudget) =>
  z
    .strictObject(budgetFields(amount))
    .partial()
    .prefault({})
    .transform((set) => ({
      perDay: thousandths(set.perDay ?? defaults.perDay),
      unverifiedPerHour: thousandths(set.unverifiedPerHour ?? defaults.unverifiedPerHour),
      unverifiedPerDay: thousandths(set.unverifiedPerDay ?? defaults.unverifiedPerDay),
    }));

export const thousandths = (value: number): number => Math.round(value * 1000);

/**
 * What the SMS of Hawiya's own flows may cost, in a stage's configuration: in the stage's currency. `spending.ts` explains
 * each number. The daily budget of a relying service stands with that service.
 * @returns the same in thousandths
 */
export const stageSpending = () =>
  z.strictObject({
    currency: z.string().length(3).default('SAR'),
    verifiedShare: z.number().gt(0).max(1).default(0.4),
    keptForFirstCodes: z.number().min(0).max(0.9).default(0.5),
    pricePerSms: amount.default(0.15).transform(thousandths),
    registrations: stageBudget({ perDay: 20_000, unverifiedPerHour: 70, unverifiedPerDay: 140 }),
    accounts: stageBudget({ perDay: 20_000, unverifiedPerHour: 50, unverifiedPerDay: 50 }),
    namedAccounts: stageBudget({ perDay: 5_000, unverifiedPerHour: 10, unverifiedPerDay: 10 }),
    prefix: stageBudget({ perDay: 10_000, unverifiedPerHour: 35, unverifiedPerDay: 70 }),
  });
