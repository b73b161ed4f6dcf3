import { locales } from './calendars.ts';
import { language } from './index.ts';

/** `20 minutes`, `7 days`, in the page's language. @param seconds whole minutes, or whole days */
export function duration(seconds: number): string {
  const days = seconds / 86_400;
  const isDays = days >= 1;
  return new Intl.NumberFormat(locales[language.value], {
    style: 'unit',
    unit: isDays ? 'day' : 'minute',
    unitDisplay: 'long',
    maximumFractionDigits: 0,
  }).format(isDays ? days : seconds / 60);
}
