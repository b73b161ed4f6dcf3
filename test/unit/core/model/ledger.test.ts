import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Budgets, type LedgerCounts, retryAfter, windowAt } from '#core/model/ledger.ts';

const instant = (iso: string) => Date.parse(iso) / 1000;
const scope = 'phone-registration';
const ledger = { scope, tag: 'tag' } as const;
const nothing: LedgerCounts = { uses: 0, usesThisPart: 0, unverified: 0, failures: 0 };

/** Whether a charge goes through: the condition of the write, as code. */
const fits = (counts: LedgerCounts, budgets: Budgets) =>
  counts.usesThisPart < (budgets.usesPerPart ?? Number.POSITIVE_INFINITY) &&
  counts.uses < (budgets.usesPerWindow ?? Number.POSITIVE_INFINITY) &&
  counts.unverified < (budgets.unverifiedPerWindow ?? Number.POSITIVE_INFINITY) &&
  counts.failures < (budgets.failuresPerWindow ?? Number.POSITIVE_INFINITY);

/** What a ledger holds at a later instant when no charge comes in between. */
function countsLater(counts: LedgerCounts, then: number, later: number): LedgerCounts {
  const [a, b] = [windowAt(scope, then), windowAt(scope, later)];
  if (a.window !== b.window) return nothing;
  return a.part === b.part ? counts : { ...counts, usesThisPart: 0 };
}

describe('the windows of a ledger', () => {
  it('are days and hours of UTC', () => {
    expect(windowAt(scope, instant('2026-11-23T07:59:59Z'))).toEqual({
      window: '2026-11-23',
      part: '07',
      windowEndsAt: instant('2026-11-24T00:00:00Z'),
      partEndsAt: instant('2026-11-23T08:00:00Z'),
    });
  });

  it('begin on the second: the last second of one is not the first of the next', () => {
    expect(windowAt(scope, instant('2026-12-31T23:59:59Z'))).toMatchObject({
      window: '2026-12-31',
      part: '23',
      windowEndsAt: instant('2027-01-01T00:00:00Z'),
      partEndsAt: instant('2027-01-01T00:00:00Z'),
    });
    expect(windowAt(scope, instant('2027-01-01T00:00:00Z'))).toMatchObject({
      window: '2027-01-01',
      part: '00',
      windowEndsAt: instant('2027-01-02T00:00:00Z'),
      partEndsAt: instant('2027-01-01T01:00:00Z'),
    });
  });

  it('end later than now, and the next one begins at that end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), (now) => {
        const { window, part, windowEndsAt, partEndsAt } = windowAt(scope, now);
        expect(windowEndsAt - now).toBeGreaterThan(0);
        expect(windowEndsAt - now).toBeLessThanOrEqual(86_400);
        expect(partEndsAt - now).toBeGreaterThan(0);
        expect(partEndsAt - now).toBeLessThanOrEqual(3600);
        expect(windowAt(scope, partEndsAt - 1)).toMatchObject({ window, part });
        expect(windowAt(scope, partEndsAt).part).not.toBe(part);
        expect(windowAt(scope, windowEndsAt - 1).window).toBe(window);
        expect(windowAt(scope, windowEndsAt).window).not.toBe(window);
      }),
    );
  });
});

describe('the windows of other ledgers', () => {
  it('are hours and minutes for an address, years for an account', () => {
    const now = instant('2026-11-23T07:30:10Z');
    expect(windowAt('address', now)).toEqual({
      window: '2026-11-23T07',
      windowEndsAt: instant('2026-11-23T08:00:00Z'),
      part: '30',
      partEndsAt: instant('2026-11-23T07:31:00Z'),
    });
    expect(windowAt('account-year', now)).toMatchObject({
      window: '2026',
      windowEndsAt: instant('2027-01-01T00:00:00Z'),
    });
  });
});

describe('retryAfter', () => {
  const refusedCharge = fc
    .record({
      now: fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
      counts: fc.record({
        uses: fc.nat(12),
        usesThisPart: fc.nat(6),
        unverified: fc.integer({ min: -5, max: 12 }),
        failures: fc.nat(25),
      }),
      budgets: fc.record(
        {
          usesPerPart: fc.integer({ min: 1, max: 5 }),
          usesPerWindow: fc.integer({ min: 1, max: 10 }),
          unverifiedPerWindow: fc.integer({ min: 1, max: 10 }),
          failuresPerWindow: fc.integer({ min: 1, max: 20 }),
        },
        { requiredKeys: [] },
      ),
    })
    .filter(({ counts, budgets }) => !fits(counts, budgets));

  it('is the first second at which the same charge fits', () => {
    fc.assert(
      fc.property(refusedCharge, ({ now, counts, budgets }) => {
        const seconds = retryAfter(counts, { ledger, budgets }, now);
        expect(Number.isInteger(seconds) && seconds >= 1).toBe(true);
        expect(fits(countsLater(counts, now, now + seconds), budgets)).toBe(true);
        expect(fits(countsLater(counts, now, now + seconds - 1), budgets)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('is the end of the hour when the day has room, and the end of the day otherwise', () => {
    const now = instant('2026-11-23T07:30:00Z');
    const budgets = {
      usesPerPart: 3,
      usesPerWindow: 6,
      unverifiedPerWindow: 4,
      failuresPerWindow: 20,
    };
    const wait = (counts: Partial<LedgerCounts>) =>
      retryAfter({ ...nothing, ...counts }, { ledger, budgets }, now);
    expect(wait({ uses: 3, usesThisPart: 3 })).toBe(1800);
    expect(wait({ uses: 6, usesThisPart: 3 })).toBe(16.5 * 3600);
    expect(wait({ usesThisPart: 3, unverified: 4 })).toBe(16.5 * 3600);
    expect(wait({ failures: 20 })).toBe(16.5 * 3600);
  });
});
