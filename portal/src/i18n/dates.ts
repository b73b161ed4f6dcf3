import { dayAndTimeIn, dayIn } from './calendars.ts';
import { language } from './index.ts';

/** A day in the page's language, Hijri beside Gregorian. @param instant ISO 8601 */
export const formatDay = (instant: string): string => dayIn(language.value, instant);

/** The same with the time. @param instant ISO 8601 */
export const formatDayAndTime = (instant: string): string => dayAndTimeIn(language.value, instant);
