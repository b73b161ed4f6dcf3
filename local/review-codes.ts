import { type CodeOfReviewNumber, reviewCodes } from '../tools/review-codes/review-codes.ts';
import type { Cloud } from './cloud.ts';

/**
 * Derives the codes of a local cloud's review numbers. The functions that know the codes have the
 * same listing and secret in their environment; this reads the first one.
 */
export function localReviewCodes({
  functions,
  secrets,
}: Pick<Cloud, 'functions' | 'secrets'>): CodeOfReviewNumber[] {
  const found = functions.find(({ environment }) => environment['CODES_SECRET_ARN'] !== undefined);
  const { CODES_SECRET_ARN = '', REVIEW_NUMBERS = '[]', LIMITS = '{}' } = found?.environment ?? {};
  const listing = { reviewNumbers: JSON.parse(REVIEW_NUMBERS), limits: JSON.parse(LIMITS) };
  return reviewCodes(secrets.get(CODES_SECRET_ARN)?.value, listing, Date.now() / 1000);
}
