import { reviewCode } from '#core/budgets/review-numbers.ts';
import { createKeyring } from '#core/crypto/keyring.ts';
import { codeKey } from '#core/crypto/keys.ts';
import type { Limits } from '#core/model/limits.ts';
import type { ReviewNumber } from '#core/model/review-number.ts';
import { materialFrom } from '../../lambdas/adapters/secrets/keys.ts';

/** A review number and the code that its reviewers get. */
export interface CodeOfReviewNumber extends Pick<ReviewNumber, 'phone' | 'from' | 'until'> {
  readonly code: string;
}

/** The part of a stage's configuration that review codes depend on. */
export interface ReviewListing {
  readonly reviewNumbers: readonly ReviewNumber[];
  readonly limits: Pick<Limits, 'codeLength'>;
}

/**
 * Derives the code of each listed review number.
 * @param secret the secret of the codes, as Secrets Manager stores it
 * @param now epoch seconds
 * @throws Error if the secret is malformed; the message never holds its content
 */
export function reviewCodes(
  secret: string | undefined,
  { reviewNumbers, limits }: ReviewListing,
  now: number,
): CodeOfReviewNumber[] {
  if (reviewNumbers.length === 0) return [];
  const keyring = createKeyring(materialFrom(secret), codeKey, now);
  return reviewNumbers.map((number) => {
    const { phone, from, until } = number;
    return { phone, from, until, code: reviewCode(keyring, number, limits.codeLength) };
  });
}
