import type { OwnPurpose } from '../lambdas/core/engine/challenge.ts';
import { codeMessage, phoneFullMessage } from '../lambdas/core/engine/messages.ts';
import { languages } from '../lambdas/core/language.ts';
import { partsOf } from '../lambdas/core/values/sms-parts.ts';

/** Parts of the longest SMS that this service sends. */
export function smsParts(
  purposes: readonly OwnPurpose[],
  host: string,
  codeLength: number,
): number {
  const code = '0'.repeat(codeLength);
  const bodies = languages.flatMap((language) => [
    phoneFullMessage(language),
    ...purposes.map((purpose) => codeMessage(purpose, language, code, host)),
  ]);
  return Math.max(...bodies.map(partsOf));
}
