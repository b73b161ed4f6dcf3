import type { StageConfig } from '../lib/config/stage-config.ts';
import { type CodeOfReviewNumber, reviewCodes } from '../tools/review-codes/review-codes.ts';
import type { Cloud } from './cloud.ts';

/** Derives the codes of a stage's review numbers, with the secret of its local cloud that the functions use. */
export function localReviewCodes(
  { functions, secrets }: Pick<Cloud, 'functions' | 'secrets'>,
  config: Pick<StageConfig, 'limits' | 'reviewNumbers'>,
): CodeOfReviewNumber[] {
  const found = functions.find(({ environment }) => environment['CODES_SECRET_ARN'] !== undefined);
  const secret = secrets.get(found?.environment['CODES_SECRET_ARN'] ?? '')?.value;
  return reviewCodes(secret, config, Date.now() / 1000);
}
