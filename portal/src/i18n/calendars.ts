import type { Language } from '../../../lambdas/core/values/language.ts';

/** Both languages use Western digits, as the SMS and the ID card do. */
export const locales: Readonly<Record<Language, string>> = {
  ar: 'ar-SA-u-nu-latn',
  en: 'en-GB-u-nu-latn',
};
/** Becomes a no-break space: the year, AH, AM or PM stays on the line of what is before it. */
const lastSpace = /\s(?=\S+$)/;
const commas: Readonly<Record<Language, string>> = { ar: '، ', en: ', ' };

/**
 * A day by the Gregorian calendar and that of Umm al-Qura, which Saudi Arabia uses: `1 March 2027 (22 Ramadan 1448 AH)`.
 * @param instant ISO 8601
 */
export function dayIn(language: Language, instant: string): string {
  const day = (calendar: string) =>
    inCalendar(language, calendar, instant, { dateStyle: 'long' })?.replace(lastSpace, '\u00a0');
  const hijri = day('islamic-umalqura');
  return hijri === undefined ? `${day('gregory')}` : `${day('gregory')} (${hijri})`;
}

/** The same with the time. @param instant ISO 8601 */
export function dayAndTimeIn(language: Language, instant: string): string {
  const time = `${inCalendar(language, 'gregory', instant, { timeStyle: 'short' })}`;
  return dayIn(language, instant) + commas[language] + time.replace(lastSpace, '\u00a0');
}

/** @returns undefined if the browser does not know the calendar: it would use another one without saying so */
function inCalendar(
  language: Language,
  calendar: string,
  instant: string,
  style: Intl.DateTimeFormatOptions,
): string | undefined {
  const format = new Intl.DateTimeFormat(locales[language], { ...style, calendar });
  if (format.resolvedOptions().calendar !== calendar) return undefined;
  return format.format(new Date(instant));
}
