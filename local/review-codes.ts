import { type CodeOfReviewNumber, reviewCodes } from '../tools/review-codes/review-codes.ts';
import type { Cloud } from './cloud.ts';

/**
 * Derives the codes of a local cloud's review numbers. Every function that handles these numbers
 * has the same listing and key secret in its environment; this reads the first one.
 */
export function localReviewCodes({
  functions,
  secrets,
}: Pick<Cloud, 'functions' | 'secrets'>): CodeOfReviewNumber[] {
  const found = functions.find(({ environment }) => environment['REVIEW_NUMBERS'] !== undefined);
  const { SECRET_ARN = '', REVIEW_NUMBERS = '[]', LIMITS = '{}' } = found?.environment ?? {};
  const listing = { reviewNumbers: JSON.parse(REVIEW_NUMBERS), limits: JSON.parse(LIMITS) };
  return reviewCodes(secrets.get(SECRET_ARN)?.value, listing);
}
