import { westernDigits } from './digits.ts';

export type PhoneResult =
  | { readonly kind: 'phone'; readonly phone: string }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'malformed' };

const separators = /[\s().\-\u2010-\u2015/]/g;

/** ISO 3166 codes of the countries whose mobiles are known here. */
export type Country = 'AE' | 'BH' | 'KW' | 'OM' | 'QA' | 'SA';

/** Calling code and national number of mobiles; landlines and premium numbers fit none of these. */
const mobiles: Record<Country, { readonly callingCode: string; readonly national: RegExp }> = {
  AE: { callingCode: '971', national: /^5[024568]\d{7}$/ },
  BH: { callingCode: '973', national: /^(3\d|66)\d{6}$/ },
  KW: { callingCode: '965', national: /^[4569]\d{7}$/ },
  OM: { callingCode: '968', national: /^[79]\d{7}$/ },
  QA: { callingCode: '974', national: /^[3567]\d{7}$/ },
  SA: { callingCode: '966', national: /^5\d{8}$/ },
};

/**
 * Reads a phone as people type it: `05XXXXXXXX`, `5XXXXXXXX`, `+9665…`, `009665…`, any digits, any separators.
 * Without a country it is Saudi.
 * @param destinations countries whose mobiles a stage sends to
 * @returns the E.164 number; `unsupported` for one that is well formed but elsewhere or no mobile; `malformed` for
 *   anything that is no phone number
 */
export function readPhone(text: string, destinations: readonly Country[] = ['SA']): PhoneResult {
  const typed = westernDigits(text)
    .replace(separators, '')
    .replace(/^\uff0b/, '+')
    .replace(/^00/, '+')
    .replace(/^966/, '+966')
    .replace(/^0?(?=5\d{8}$)/, '+966')
    .replace(/^0(?=1\d{8}$)/, '+966');
  if (!/^\+[1-9]\d{6,14}$/.test(typed)) return { kind: 'malformed' };
  for (const country of destinations) {
    const { callingCode, national } = mobiles[country];
    // "+966 05…" is how people who know both forms write it.
    const number = typed.startsWith(`+${callingCode}`)
      ? typed.slice(callingCode.length + 1).replace(/^0/, '')
      : '';
    if (national.test(number)) return { kind: 'phone', phone: `+${callingCode}${number}` };
  }
  // A Saudi number that is neither mobile nor landline is a mistyped one.
  const saudi = /^\+966/.test(typed) && !/^\+966[15]\d{8}$/.test(typed);
  return { kind: saudi ? 'malformed' : 'unsupported' };
}

/** `•••• 567`: enough for the owner to recognise, too little to call. */
export const maskPhone = (phone: string): string => `•••• ${phone.slice(-3)}`;
