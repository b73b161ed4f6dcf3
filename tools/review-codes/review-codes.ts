import { reviewCode } from '#core/budgets/review-numbers.ts';
import type { Limits } from '#core/model/limits.ts';
import type { ReviewNumber } from '#core/model/review-number.ts';
import { keyringFrom } from '../../lambdas/adapters/secrets/keys.ts';
import type { Cloud } from '../../local/cloud.ts';

/** A review number, and the code that its reviewers are given. */
export interface CodeOfReviewNumber extends Pick<ReviewNumber, 'phone' | 'from' | 'until'> {
  readonly code: string;
}

/** @param secret the key secret as it is kept. @throws Error where it is malformed; never with its content */
export function reviewCodes(
  secret: string | undefined,
  { reviewNumbers, limits }: ReviewListing,
): CodeOfReviewNumber[] {
  if (reviewNumbers.length === 0) return [];
  const keyring = keyringFrom(secret);
  return reviewNumbers.map((number) => {
    const { phone, from, until } = number;
    return { phone, from, until, code: reviewCode(keyring, number, limits.codeLength) };
  });
}

/** Of a stage's configuration. */
export interface ReviewListing {
  readonly reviewNumbers: readonly ReviewNumber[];
  readonly limits: Pick<Limits, 'codeLength'>;
}

/** The codes of a local cloud, whose secret nobody else can read. */
export function localReviewCodes({
  functions,
  secrets,
}: Pick<Cloud, 'functions' | 'secrets'>): CodeOfReviewNumber[] {
  const named = functions.find(({ environment }) => environment['REVIEW_NUMBERS'] !== undefined);
  const { SECRET_ARN = '', REVIEW_NUMBERS = '[]', LIMITS = '{}' } = named?.environment ?? {};
  const listing = { reviewNumbers: JSON.parse(REVIEW_NUMBERS), limits: JSON.parse(LIMITS) };
  return reviewCodes(secrets.get(SECRET_ARN)?.value, listing);
}
