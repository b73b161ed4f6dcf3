import { language } from './index.ts';

/** Both languages use Western digits, as the SMS and the ID card do. */
const locales = { ar: 'ar-SA-u-nu-latn', en: 'en-GB-u-nu-latn' };

/** Shows instants in one calendar. A browser without it says so in `resolvedOptions`, and uses another one. */
function inCalendar(calendar: string, options: Intl.DateTimeFormatOptions) {
  const format = new Intl.DateTimeFormat(locales[language.value], { ...options, calendar });
  return format.resolvedOptions().calendar === calendar ? format : undefined;
}

/**
 * A day in the page's language, by the Gregorian calendar and that of Umm al-Qura, which Saudi Arabia uses:
 * `1 March 2027 (22 Ramadan 1448 AH)`.
 * @param instant ISO 8601
 */
export function formatDay(instant: string): string {
  const date = new Date(instant);
  const gregorian = inCalendar('gregory', { dateStyle: 'long' })?.format(date) ?? '';
  const hijri = inCalendar('islamic-umalqura', { dateStyle: 'long' })?.format(date);
  return hijri === undefined ? gregorian : `${gregorian} (${hijri})`;
}

const joints = { ar: '، ', en: ', ' };

/** A day with its time, in the page's language. @param instant ISO 8601 */
export function formatDayAndTime(instant: string): string {
  const time = inCalendar('gregory', { timeStyle: 'short' })?.format(new Date(instant)) ?? '';
  // A no-break space keeps AM or PM on the line of its time.
  return `${formatDay(instant)}${joints[language.value]}${time.replace(/\s(?=\S+$)/, '\u00a0')}`;
}
