const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extended = '^{}\\[~]|€';

/** How an SMS is counted: units of its alphabet, of which one part, and each of several, holds so many. */
function measured(body: string): { units: number; single: number; joined: number } {
  const characters = [...body];
  const gsm = characters.every((c) => basic.includes(c) || extended.includes(c));
  if (!gsm) return { units: body.length, single: 70, joined: 67 };
  const escapes = characters.filter((c) => extended.includes(c)).length;
  return { units: characters.length + escapes, single: 160, joined: 153 };
}

/** Parts an SMS is billed as: GSM-7 160 septets or 153 a part, UCS-2 70 units or 67 a part (3GPP TS 23.038, 23.040). */
export function partsOf(body: string): number {
  const { units, single, joined } = measured(body);
  return units <= single ? 1 : Math.ceil(units / joined);
}

export const isOnePart = (body: string): boolean => roomLeft(body) >= 0;

/** Units that one part has left beside this text; below none where it is too long by so many. */
export function roomLeft(body: string): number {
  const { units, single } = measured(body);
  return single - units;
}
