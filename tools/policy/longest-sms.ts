import { codeMessage, phoneFullMessage } from '#core/delivery/messages.ts';
import type { OwnPurpose } from '#core/model/purpose.ts';
import { languages } from '#core/values/language.ts';
import { partsOf } from '#core/values/sms-parts.ts';

/** Number of parts of the longest SMS that Hawiya sends for these purposes. */
export function partsOfLongestSms(
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
