import type { Purpose } from '../lambdas/core/engine/challenge.ts';
import { codeMessage, phoneFullMessage } from '../lambdas/core/engine/messages.ts';
import { languages } from '../lambdas/core/language.ts';

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extended = '^{}\\[~]|€';

/** Parts an SMS is billed as: GSM-7 160 septets or 153 a part, UCS-2 70 units or 67 a part. */
export function partsOf(body: string): number {
  const characters = [...body];
  const gsm = characters.every((c) => basic.includes(c) || extended.includes(c));
  const units = gsm
    ? characters.length + characters.filter((c) => extended.includes(c)).length
    : body.length;
  const [single, joined] = gsm ? [160, 153] : [70, 67];
  return units <= single ? 1 : Math.ceil(units / joined);
}

/** Parts of the longest SMS that this service sends. */
export function smsParts(purposes: readonly Purpose[], host: string, codeLength: number): number {
  const code = '0'.repeat(codeLength);
  const bodies = languages.flatMap((language) => [
    phoneFullMessage(language),
    ...purposes.map((purpose) => codeMessage(purpose, language, code, host)),
  ]);
  return Math.max(...bodies.map(partsOf));
}
