import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Language } from '../../../portal/src/i18n/index.ts';

/** What the portal reads of a page while it loads. */
const page = { documentElement: { lang: 'ar', dir: 'rtl' } };

describe('a date of the portal', () => {
  let dates: typeof import('../../../portal/src/i18n/dates.ts');
  let speak: (language: Language) => void;
  beforeAll(async () => {
    vi.stubGlobal('document', page);
    vi.stubGlobal('localStorage', { setItem: () => {} });
    dates = await import('../../../portal/src/i18n/dates.ts');
    ({ switchLanguage: speak } = await import('../../../portal/src/i18n/index.ts'));
  });
  afterEach(() => speak('ar'));
  afterAll(() => vi.unstubAllGlobals());

  // New Year, the first of Ramadan and the last day of a year, as the calendar of Umm al-Qura has them.
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
    expect(dates.formatDay(instant)).toBe(ar);
    speak('en');
    expect(dates.formatDay(instant)).toBe(en);
  });

  it('has its time after both days', () => {
    const time = (language: string) =>
      new Intl.DateTimeFormat(language, { timeStyle: 'short', calendar: 'gregory' })
        .format(new Date('2026-11-30T09:00:00Z'))
        .replace(/\s(?=\S+$)/, '\u00a0');
    expect(dates.formatDayAndTime('2026-11-30T09:00:00Z')).toBe(
      `30 نوفمبر 2026 (20 جمادى الآخرة 1448 هـ)، ${time('ar-SA-u-nu-latn')}`,
    );
    speak('en');
    expect(dates.formatDayAndTime('2026-11-30T09:00:00Z')).toBe(
      `30 November 2026 (20 Jumada II 1448 AH), ${time('en-GB')}`,
    );
  });

  it('is Gregorian alone in a browser that does not know the other calendar', () => {
    const { DateTimeFormat } = Intl;
    vi.spyOn(Intl, 'DateTimeFormat').mockImplementation((locale, options) => {
      const { calendar, ...others } = options ?? {};
      return new DateTimeFormat(locale, { ...others, calendar: 'gregory' });
    });
    expect(dates.formatDay('2026-06-16T12:00:00Z')).toBe('16 يونيو 2026');
    vi.restoreAllMocks();
  });
});
