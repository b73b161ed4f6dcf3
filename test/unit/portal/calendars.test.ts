import { afterEach, describe, expect, it, vi } from 'vitest';
import { dayAndTimeIn, dayIn } from '../../../portal/src/i18n/calendars.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** No-break spaces keep the last word of a date or time on the line of the word before it. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('a date of the portal', () => {
  // The first of a year, the first of Ramadan and the last day of a year, as the calendar of Umm al-Qura has them.
  it.each([
    ['2026-06-16T12:00:00Z', '16 يونيو 2026 (1 محرم 1448 هـ)', '16 June 2026 (1 Muharram 1448 AH)'],
    [
      '2026-02-18T12:00:00Z',
      '18 فبراير 2026 (1 رمضان 1447 هـ)',
      '18 February 2026 (1 Ramadan 1447 AH)',
    ],
    [
      '2026-06-15T12:00:00Z',
      '15 يونيو 2026 (29 ذو الحجة 1447 هـ)',
      '15 June 2026 (29 Dhuʻl-Hijjah 1447 AH)',
    ],
  ])('has the Hijri day beside the Gregorian one, in Western digits: %s', (instant, ar, en) => {
    expect(plain(dayIn('ar', instant))).toBe(ar);
    expect(plain(dayIn('en', instant))).toBe(en);
  });

  it('has its time after both days', () => {
    const instant = '2026-11-30T09:00:00Z';
    expect(dayAndTimeIn('ar', instant)).toMatch(
      /^30 نوفمبر\u00a02026 \(20 جمادى الآخرة 1448\u00a0هـ\)، \d{1,2}:00\u00a0[صم]$/,
    );
    expect(dayAndTimeIn('en', instant)).toMatch(
      /^30 November\u00a02026 \(20 Jumada II 1448\u00a0AH\), \d\d:00$/,
    );
  });

  it('is Gregorian alone in a browser that does not know the other calendar', () => {
    const { DateTimeFormat } = Intl;
    vi.spyOn(Intl, 'DateTimeFormat').mockImplementation(
      class extends DateTimeFormat {
        constructor(locale?: Intl.LocalesArgument, options?: Intl.DateTimeFormatOptions) {
          super(locale, { ...options, calendar: 'gregory' });
        }
      } as typeof DateTimeFormat,
    );
    expect(plain(dayIn('ar', '2026-06-16T12:00:00Z'))).toBe('16 يونيو 2026');
  });
});
