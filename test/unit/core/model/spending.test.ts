import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusedUntil, releasedAt, type SpendCounts, spendCharge } from '#core/model/spending.ts';
import { spending } from '../../../support/fakes/builders.ts';

const at = (clock: string) => Date.parse(`2026-11-23T${clock}Z`) / 1000;
const midnight = at('00:00:00') + 86_400;

describe('a day’s unverified budget', () => {
  it('is half released at midnight, and by an even share more with each hour', () => {
    expect(releasedAt(4800, at('00:00:00'))).toBe(2500);
    expect(releasedAt(4800, at('00:59:59'))).toBe(2500);
    expect(releasedAt(4800, at('01:00:00'))).toBe(2600);
    expect(releasedAt(4800, at('22:59:59'))).toBe(4700);
  });

  it('is whole in the last hour of the day, never more, and never shrinks before that', () => {
    const budget = fc.integer({ min: 0, max: 1e9 });
    const instant = fc.integer({ min: at('00:00:00'), max: midnight - 1 });
    fc.assert(
      fc.property(budget, instant, instant, (amount, one, other) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)];
        expect(releasedAt(amount, late)).toBeGreaterThanOrEqual(releasedAt(amount, early));
        expect(releasedAt(amount, early)).toBeGreaterThanOrEqual(Math.floor(amount / 2));
        expect(releasedAt(amount, midnight - 1)).toBe(amount);
      }),
    );
  });
});

describe('a charge that the budget refuses', () => {
  const charge = {
    ...spendCharge(spending, 'service', 'account-phone'),
    budget: { perDay: 9600, unverifiedPerHour: 3000, unverifiedPerDay: 4800 },
  };
  const now = at('07:30:00');
  const until = (counts: Partial<SpendCounts>) =>
    refusedUntil({ spent: 0, unverified: 0, unverifiedThisHour: 0, ...counts }, charge, now);

  it('does not occur while each budget has room for one SMS', () => {
    expect(until({ spent: 9450, unverified: 3050, unverifiedThisHour: 2850 })).toBe(now);
  });

  it('is refused until the end of the day when the day’s money is spent', () => {
    expect(until({ spent: 9451 })).toBe(midnight);
  });

  it('is refused until the end of the hour when the hour’s money is spent', () => {
    expect(until({ unverifiedThisHour: 2851 })).toBe(at('08:00:00'));
  });

  it('is refused until the first hour whose release makes room for one SMS', () => {
    // 3,200 are released at 07:00, and 100 more with each hour.
    expect(until({ unverified: 3051 })).toBe(at('08:00:00'));
    expect(until({ unverified: 3151 })).toBe(at('09:00:00'));
    expect(until({ unverified: 4650 })).toBe(at('23:00:00'));
    expect(until({ unverified: 4651 })).toBe(midnight);
  });

  it('is refused until the last of all full budgets has room', () => {
    expect(until({ unverified: 3151, unverifiedThisHour: 2851 })).toBe(at('09:00:00'));
    expect(until({ unverified: 3151, spent: 9600 })).toBe(midnight);
  });

  it('is refused until exactly that second, whatever is held', () => {
    const amount = fc.integer({ min: -5000, max: 12_000 });
    const day = fc.integer({ min: at('00:00:00'), max: midnight - 1 });
    fc.assert(
      fc.property(amount, amount, amount, day, (spent, unverified, unverifiedThisHour, instant) => {
        const counts = { spent, unverified, unverifiedThisHour };
        const end = refusedUntil(counts, charge, instant);
        const hour = Math.floor(instant / 3600);
        /** The ledger at that instant: another hour has a counter of its own. */
        const later = (then: number) =>
          Math.floor(then / 3600) === hour ? counts : { ...counts, unverifiedThisHour: 0 };
        if (end > instant) expect(refusedUntil(later(end - 1), charge, end - 1)).toBe(end);
        if (end < midnight) expect(refusedUntil(later(end), charge, end)).toBe(end);
      }),
    );
  });
});
