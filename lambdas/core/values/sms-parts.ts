/** The GSM-7 default alphabet, and the extension characters that take two septets (3GPP TS 23.038). */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extended = '^{}\\[~]|€';

/**
 * Measures an SMS in units of its alphabet.
 * @returns `units` of the text, and the units that fit into a `single` part and into each of several `joined` parts
 */
function measure(body: string): { units: number; single: number; joined: number } {
  const characters = [...body];
  const gsm = characters.every((c) => basic.includes(c) || extended.includes(c));
  if (!gsm) return { units: body.length, single: 70, joined: 67 };
  const escapes = characters.filter((c) => extended.includes(c)).length;
  return { units: characters.length + escapes, single: 160, joined: 153 };
}

/**
 * The number of parts that an SMS is billed as. A single part holds 160 GSM-7 septets or 70 UCS-2 units; each of
 * several parts holds 153 or 67 (3GPP TS 23.038, 23.040).
 */
export function partsOf(body: string): number {
  const { units, single, joined } = measure(body);
  return units <= single ? 1 : Math.ceil(units / joined);
}

export const isOnePart = (body: string): boolean => roomLeft(body) >= 0;

/** The units that one part has left after a text. Negative by the excess for a text that is too long. */
export function roomLeft(body: string): number {
  const { units, single } = measure(body);
  return single - units;
}
