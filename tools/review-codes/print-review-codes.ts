/**
 * `npm run --silent review-codes -- --stage NAME < secret.json`: the code of each review number of a stage, to be given to
 * the stores. The key secret comes on standard input, so that nothing here needs credentials, and nothing of it is printed.
 */
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { stageNamed } from '../../lib/config/stages/index.ts';
import { reviewCodes } from './review-codes.ts';

/** One line a number: phone, days and code. @throws Error where the secret is malformed; never with its content */
export function printReviewCodes(
  secret: string,
  config: Pick<StageConfig, 'limits' | 'reviewNumbers' | 'stage'>,
): string {
  const lines = reviewCodes(secret, config).map(
    ({ phone, from, until, code }) => `${phone}  ${from} to ${until}  ${code}`,
  );
  return lines.length > 0 ? lines.join('\n') : `Stage ${config.stage} lists no review numbers.`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { values } = parseArgs({ options: { stage: { type: 'string' } } });
    if (!values.stage) throw new Error('Which stage? --stage NAME');
    console.log(printReviewCodes(await text(process.stdin), stageNamed(values.stage)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
