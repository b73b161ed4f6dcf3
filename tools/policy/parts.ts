import { codeMessage, phoneFullMessage } from '#core/delivery/messages.ts';
import type { OwnPurpose } from '#core/model/purpose.ts';
import { languages } from '#core/values/language.ts';
import { partsOf } from '#core/values/sms-parts.ts';

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
