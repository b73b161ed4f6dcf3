import * as z from 'zod';
import type { ReviewNumber } from '#core/model/review-number.ts';

/** Days for which a stage that retains data may list a number. Other people know its code for that long. */
const longestDays = 184;

const reviewNumber = z
  .strictObject({
    phone: z.string().regex(/^\+[1-9]\d{7,14}$/, { error: 'must be E.164, as +9665…' }),
    /** First and last day, whole UTC days: the last day ends at 03:00 in Riyadh. */
    from: z.iso.date(),
    until: z.iso.date(),
    sendsPerDay: z.int().positive().max(50).default(20),
  })
  .refine(({ from, until }) => from <= until, {
    error: 'until must not be before from',
  }) satisfies z.ZodType<ReviewNumber>;

/**
 * Numbers for people who review apps for the app stores. They get no SMS, and `npm run review-codes` prints their code.
 * List only numbers of the operator's own, with no account except for a review.
 */
export const reviewNumbers = z
  .array(reviewNumber)
  .max(10)
  .refine((list) => new Set(list.map(({ phone }) => phone)).size === list.length, {
    error: 'a phone is listed twice',
  })
  .default([]);

interface Listing {
  readonly retainData: boolean;
  readonly reviewNumbers: readonly ReviewNumber[];
}

/** Compares the two dates with each other and not with today: a valid configuration must stay valid. */
export function requireShortReviews(
  { retainData, reviewNumbers }: Listing,
  context: z.RefinementCtx,
): void {
  if (!retainData) return;
  for (const [index, { from, until }] of reviewNumbers.entries()) {
    if (Date.parse(until) - Date.parse(from) < longestDays * 86_400_000) continue;
    context.addIssue({
      code: 'custom',
      path: ['reviewNumbers', index, 'until'],
      message: `must be less than ${longestDays} days after from in a stage that retains data`,
    });
  }
}
