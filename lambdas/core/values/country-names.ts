import type { Language } from './language.ts';

/** Lists countries by name: `Saudi Arabia and Kuwait`. @param countries ISO 3166-1 alpha-2 codes */
export function countryNames(countries: readonly string[], language: Language): string {
  const names = new Intl.DisplayNames(language, { type: 'region' });
  const list = new Intl.ListFormat(language);
  return list.format(countries.map((country) => names.of(country) ?? country));
}

/** Says whose mobiles get an SMS. */
export const weSendTo = (countries: readonly string[], language: Language): string => {
  const names = countryNames(countries, language);
  return language === 'ar' ? `نرسل إلى: ${names}.` : `We send to ${names}.`;
};
