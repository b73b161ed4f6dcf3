import * as z from 'zod';
import type { Spending } from '#core/model/spending.ts';

/** Amounts in the stage's currency. The functions get thousandths, which are whole numbers. */
const amount = z.number().positive();

type Budget = Record<'perDay' | 'unverifiedPerHour' | 'unverifiedPerDay', number>;

const budget = (defaults: Budget) =>
  z
    .strictObject({
      perDay: amount.default(defaults.perDay),
      unverifiedPerHour: amount.default(defaults.unverifiedPerHour),
      unverifiedPerDay: amount.default(defaults.unverifiedPerDay),
    })
    .prefault({});

export const thousandths = (value: number) => Math.round(value * 1000);

const inThousandths = (budget: Budget): Budget => ({
  perDay: thousandths(budget.perDay),
  unverifiedPerHour: thousandths(budget.unverifiedPerHour),
  unverifiedPerDay: thousandths(budget.unverifiedPerDay),
});

/**
 * Spend limits for the SMS of our own flows. Each relying service has a limit of its own.
 * `lambdas/core/model/spending.ts` explains each number.
 */
export const spending = z
  .strictObject({
    currency: z.string().length(3).default('SAR'),
    pricePerSms: amount.default(0.15),
    verifiedShare: z.number().gt(0).max(1).default(0.4),
    reserve: z.number().min(0).max(0.9).default(0.3),
    service: budget({ perDay: 20_000, unverifiedPerHour: 100, unverifiedPerDay: 200 }),
    prefix: budget({ perDay: 5000, unverifiedPerHour: 50, unverifiedPerDay: 100 }),
  })
  .transform(
    ({ service, prefix, pricePerSms, ...rest }): Omit<Spending, 'services'> => ({
      ...rest,
      pricePerSms: thousandths(pricePerSms),
      service: inThousandths(service),
      prefix: inThousandths(prefix),
    }),
  );
