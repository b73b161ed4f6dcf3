import { typedNumber } from './typed-text.ts';

export type PhoneResult =
  | { readonly kind: 'phone'; readonly phone: string }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'malformed' };

/** ISO 3166-1 alpha-2 codes of the countries whose mobile numbers `readPhone` knows. */
export const countries = ['AE', 'BH', 'KW', 'OM', 'QA', 'SA'] as const;
export type Country = (typeof countries)[number];

/**
 * Calling code and national number of mobiles. A pattern names whole ranges of the national numbering plan and not the
 * blocks that operators have today: a new operator's people are never refused. Landlines and premium numbers match none.
 */
const mobiles: Record<Country, { readonly callingCode: string; readonly national: RegExp }> = {
  AE: { callingCode: '971', national: /^5\d{8}$/ },
  // 61, 65 and 69 are landlines, 60 belongs to neither.
  BH: { callingCode: '973', national: /^(3\d|6[346])\d{6}$/ },
  KW: { callingCode: '965', national: /^[4569]\d{7}$/ },
  // 900 is premium.
  OM: { callingCode: '968', national: /^(7|9(?!00))\d{7}$/ },
  QA: { callingCode: '974', national: /^[3567]\d{7}$/ },
  SA: { callingCode: '966', national: /^5\d{8}$/ },
};

/**
 * Writes a phone number as it was typed, in plain digits: without separators and the `tel:` of a copied link. A plus at
 * the end comes from a page that runs from right to left, and goes to the front.
 */
export const tidyPhone = (text: string): string =>
  typedNumber(text)
    .replace(/^tel:/i, '')
    .replace(/^(\d+)\+$/, '+$1');

/**
 * Reads a phone number as people type it: `05XXXXXXXX`, `5XXXXXXXX`, `+9665…` or `009665…`, with Arabic or Western
 * digits and any separators. A number without a calling code is Saudi.
 * @param destinations countries whose mobiles the stage sends to
 * @returns the E.164 number; `unsupported` for a well-formed number that is not a mobile of these countries;
 *   `malformed` for any other text
 */
export function readPhone(text: string, destinations: readonly Country[] = ['SA']): PhoneResult {
  const typed = tidyPhone(text)
    .replace(/^00/, '+')
    .replace(/^966/, '+966')
    .replace(/^0?(?=5\d{8}$)/, '+966')
    .replace(/^0(?=1\d{8}$)/, '+966');
  if (!/^\+[1-9]\d{6,14}$/.test(typed)) return { kind: 'malformed' };
  for (const country of destinations) {
    const { callingCode, national } = mobiles[country];
    // People who know both forms write "+966 05…".
    const number = typed.startsWith(`+${callingCode}`)
      ? typed.slice(callingCode.length + 1).replace(/^0/, '')
      : '';
    if (national.test(number)) return { kind: 'phone', phone: `+${callingCode}${number}` };
  }
  // A Saudi number that is neither a mobile nor a landline is a typing error.
  const saudi = /^\+966/.test(typed) && !/^\+966[15]\d{8}$/.test(typed);
  return { kind: saudi ? 'malformed' : 'unsupported' };
}

/** Masks a phone number as `•••• 567`: its owner recognises it, and a stranger cannot call it. */
export const maskPhone = (phone: string): string => `•••• ${phone.slice(-3)}`;
