import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Budgets,
  type LedgerCounts,
  retryAfter,
  windowAt,
} from '../../../lambdas/core/engine/ledger.ts';

const instant = (iso: string) => Date.parse(iso) / 1000;
const nothing: LedgerCounts = { sends: 0, sendsThisHour: 0, failures: 0 };

/** Whether a charge goes through: the condition of the write, in words. */
const fits = (counts: LedgerCounts, budgets: Budgets) =>
  counts.sendsThisHour < (budgets.sendsPerHour ?? Number.POSITIVE_INFINITY) &&
  counts.sends < (budgets.sendsPerDay ?? Number.POSITIVE_INFINITY) &&
  counts.failures < (budgets.failuresPerDay ?? Number.POSITIVE_INFINITY);

/** What a ledger that nobody charges meanwhile holds at a later instant. */
function countsLater(counts: LedgerCounts, then: number, later: number): LedgerCounts {
  const [a, b] = [windowAt(then), windowAt(later)];
  if (a.day !== b.day) return nothing;
  return a.hour === b.hour ? counts : { ...counts, sendsThisHour: 0 };
}

describe('windows of a ledger', () => {
  it('are days and hours of UTC', () => {
    expect(windowAt(instant('2026-11-23T07:59:59Z'))).toEqual({
      day: '2026-11-23',
      hour: '07',
      dayEndsAt: instant('2026-11-24T00:00:00Z'),
      hourEndsAt: instant('2026-11-23T08:00:00Z'),
    });
  });

  it('begin on the second: the last of one is not the first of the next', () => {
    expect(windowAt(instant('2026-12-31T23:59:59Z'))).toMatchObject({
      day: '2026-12-31',
      hour: '23',
      dayEndsAt: instant('2027-01-01T00:00:00Z'),
      hourEndsAt: instant('2027-01-01T00:00:00Z'),
    });
    expect(windowAt(instant('2027-01-01T00:00:00Z'))).toMatchObject({
      day: '2027-01-01',
      hour: '00',
      dayEndsAt: instant('2027-01-02T00:00:00Z'),
      hourEndsAt: instant('2027-01-01T01:00:00Z'),
    });
  });

  it('end later than now, and the next one begins there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), (now) => {
        const { day, hour, dayEndsAt, hourEndsAt } = windowAt(now);
        expect(dayEndsAt - now).toBeGreaterThan(0);
        expect(dayEndsAt - now).toBeLessThanOrEqual(86_400);
        expect(hourEndsAt - now).toBeGreaterThan(0);
        expect(hourEndsAt - now).toBeLessThanOrEqual(3600);
        expect(windowAt(hourEndsAt - 1)).toMatchObject({ day, hour });
        expect(windowAt(hourEndsAt).hour).not.toBe(hour);
        expect(windowAt(dayEndsAt - 1).day).toBe(day);
        expect(windowAt(dayEndsAt).day).not.toBe(day);
      }),
    );
  });
});

describe('retryAfter', () => {
  const refusedCharge = fc
    .record({
      now: fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
      counts: fc.record({
        sends: fc.nat(12),
        sendsThisHour: fc.nat(6),
        failures: fc.nat(25),
      }),
      budgets: fc.record(
        {
          sendsPerHour: fc.integer({ min: 1, max: 5 }),
          sendsPerDay: fc.integer({ min: 1, max: 10 }),
          failuresPerDay: fc.integer({ min: 1, max: 20 }),
        },
        { requiredKeys: [] },
      ),
    })
    .filter(({ counts, budgets }) => !fits(counts, budgets));

  it('is when the same charge fits, and not a second sooner', () => {
    fc.assert(
      fc.property(refusedCharge, ({ now, counts, budgets }) => {
        const seconds = retryAfter(counts, budgets, now);
        expect(Number.isInteger(seconds) && seconds >= 1).toBe(true);
        expect(fits(countsLater(counts, now, now + seconds), budgets)).toBe(true);
        expect(fits(countsLater(counts, now, now + seconds - 1), budgets)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('waits for the hour where the day has room, and for the day where it has none', () => {
    const now = instant('2026-11-23T07:30:00Z');
    const budgets = { sendsPerHour: 3, sendsPerDay: 6, failuresPerDay: 20 };
    const wait = (counts: LedgerCounts) => retryAfter(counts, budgets, now);
    expect(wait({ sends: 3, sendsThisHour: 3, failures: 0 })).toBe(1800);
    expect(wait({ sends: 6, sendsThisHour: 3, failures: 0 })).toBe(16.5 * 3600);
    expect(wait({ sends: 0, sendsThisHour: 0, failures: 20 })).toBe(16.5 * 3600);
  });
});
