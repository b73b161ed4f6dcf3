import { westernDigits } from './digits.ts';

export type PhoneResult =
  | { readonly kind: 'phone'; readonly phone: string }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'malformed' };

const separators = /[\s().\-\u2010-\u2015/]/g;

/**
 * Reads a phone as people type it: `05XXXXXXXX`, `5XXXXXXXX`, `+9665…`, `009665…`, any digits, any separators.
 * @returns the E.164 number of a Saudi mobile; `unsupported` for a number that is well formed but elsewhere
 *   or a landline; `malformed` for anything that is no phone number
 */
export function readPhone(text: string): PhoneResult {
  const typed = westernDigits(text)
    .replace(separators, '')
    .replace(/^\uff0b/, '+');
  const international = typed.replace(/^00/, '+').replace(/^966/, '+966');
  if (/^0?5\d{8}$/.test(international)) {
    return { kind: 'phone', phone: `+966${international.replace(/^0/, '')}` };
  }
  // "+966 05…" is how people who know both forms write it.
  const saudi = /^\+9660?(5\d{8})$/.exec(international);
  if (saudi) return { kind: 'phone', phone: `+966${saudi[1]}` };
  const otherCountry = /^\+(?!966)[1-9]\d{6,14}$/.test(international);
  const saudiLandline = /^(\+966|0)1\d{8}$/.test(international);
  return { kind: otherCountry || saudiLandline ? 'unsupported' : 'malformed' };
}

/** `•••• 567`: enough for the owner to recognise, too little to call. */
export const maskPhone = (phone: string): string => `•••• ${phone.slice(-3)}`;
