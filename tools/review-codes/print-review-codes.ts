/**
 * `npm run --silent review-codes -- --stage NAME < secret.json` prints the code of each review
 * number of a stage. The operator gives these codes to the app stores.
 *
 * The secret of the codes comes on standard input, so this script needs no AWS credentials. It never prints
 * the secret.
 */
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { stageNamed } from '../../lib/config/stages/index.ts';
import { reviewCodes } from './review-codes.ts';

/**
 * @returns one line per review number: phone, first and last day, code
 * @throws Error if the secret is malformed; the message never holds its content
 */
export function printReviewCodes(
  secret: string,
  config: Pick<StageConfig, 'limits' | 'reviewNumbers' | 'stage'>,
): string {
  const lines = reviewCodes(secret, config, Date.now() / 1000).map(
    ({ phone, from, until, code }) => `${phone}  ${from} to ${until}  ${code}`,
  );
  return lines.length > 0 ? lines.join('\n') : `Stage ${config.stage} lists no review numbers.`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { values } = parseArgs({ options: { stage: { type: 'string' } } });
    if (!values.stage) throw new Error('Name the stage: --stage NAME');
    console.log(printReviewCodes(await text(process.stdin), stageNamed(values.stage)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
