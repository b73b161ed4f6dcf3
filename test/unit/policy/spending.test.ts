import { describe, expect, it } from 'vitest';
import { partsOf } from '#core/values/sms-parts.ts';
import type { Budget } from '../../../tools/policy/policy-input.ts';
import {
  smsPaidPerDay,
  smsToPhone,
  smsToPhoneAnyDay,
  smsToPhoneAnyHour,
  worstSpend,
} from '../../../tools/policy/spending.ts';
import { mostInAny, mostInWindows, partsTouched } from '../../../tools/policy/windows.ts';
import { input, limits } from './numbers.ts';
import { mostSendsByBruteForce } from './simulation.ts';

describe('fixed windows', () => {
  it('touch one part more than an interval is long', () => {
    expect([0, 1, 2, 10, 11, 12].map((seconds) => partsTouched(seconds, 10))).toEqual([
      0, 1, 2, 2, 2, 3,
    ]);
  });

  it('allow exactly what the best schedule gets in any interval: every small size', () => {
    let compared = 0;
    for (const [part, window] of [
      [1, 3],
      [2, 4],
      [2, 6],
      [3, 6],
    ] as const) {
      for (const perPart of [1, 2]) {
        for (let perWindow = perPart; perWindow <= 4; perWindow += 1) {
          const budget = { partSeconds: part, windowSeconds: window, perPart, perWindow };
          for (let seconds = 1; seconds <= 9; seconds += 1) {
            const starts = Array.from({ length: window }, (_, start) =>
              mostSendsByBruteForce(budget, { part, window }, start, start + seconds),
            );
            expect(mostInAny(budget, seconds), JSON.stringify({ ...budget, seconds })).toBe(
              Math.max(...starts),
            );
            compared += 1;
          }
          for (const lead of [0, 1, 2]) {
            const found = mostSendsByBruteForce(
              budget,
              { part, window },
              window - lead,
              2 * window,
            );
            expect(mostInWindows(budget, 1, lead)).toBe(found);
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(200);
  });
});

describe('windows whose budget is released part by part', () => {
  it('allow exactly what the best schedule gets, in any interval and in one window', () => {
    // The shares are whole numbers: the schedules count in ones and can use them up.
    for (const [part, window, perWindow] of [
      [1, 2, 4],
      [1, 3, 6],
      [2, 4, 4],
      [2, 6, 6],
    ] as const) {
      for (const perPart of [1, 2, 3, 4]) {
        const budget = {
          partSeconds: part,
          windowSeconds: window,
          perPart,
          perWindow,
          releasedAtOnce: 1 / 2,
        };
        for (let seconds = 1; seconds <= 8; seconds += 1) {
          const starts = Array.from({ length: window }, (_, start) =>
            mostSendsByBruteForce(budget, { part, window }, start, start + seconds),
          );
          expect(mostInAny(budget, seconds), JSON.stringify({ ...budget, seconds })).toBeCloseTo(
            Math.max(...starts),
            9,
          );
        }
        for (const lead of [0, 1, 2]) {
          const found = mostSendsByBruteForce(budget, { part, window }, window - lead, 2 * window);
          expect(mostInWindows(budget, 1, lead)).toBeCloseTo(found, 9);
        }
      }
    }
  });
});

describe('the SMS to one phone', () => {
  it('are twice the hour’s and twice the day’s budget for each purpose, across the ends', () => {
    // Registrations and changes of phone share three and six; all resets of the phone share nine and fifteen, and so do all
    // codes that prove it first.
    expect(smsToPhoneAnyHour(input).askedFor).toBe(2 * 3 + 2 * 2 * 9);
    expect(smsToPhoneAnyDay(input).askedFor).toBe(2 * 6 + 2 * 2 * 15);
  });

  it('may leave in one hour for three hours of requests, after an outage held them back', () => {
    expect(smsToPhoneAnyHour(input)).toEqual({ askedFor: 42, leaving: 57 });
    expect(
      smsToPhone({ ledgersPerPhone: 1, smsPerSend: 1, limits: { ...limits, codeSeconds: 1 } }, 3600)
        .leaving,
    ).toBe(42);
  });

  it('are multiplied by the number of providers that fail-over may use', () => {
    expect(smsToPhoneAnyDay({ ...input, smsPerSend: 2 }).askedFor).toBe(144);
  });
});

describe('the worst spend', () => {
  it('of one address is what it is charged for: registrations, and resets with all resends', () => {
    const { sms, unbounded } = worstSpend('day', input, 1);
    // 24 hours and what was started before midnight, 300 an hour in two ledgers, 0.05 SAR a part.
    expect(sms).toBe(25 * 300 * 2);
    expect(unbounded).toBeCloseTo(750, 9);
  });

  it('of the whole system is the requests that the API takes, unless a budget stops it', () => {
    const spend = worstSpend('day', input, Number.POSITIVE_INFINITY);
    expect(spend.sms).toBe(400 + 200 * 86_400);
    expect([spend.unverified, spend.verified]).toEqual([200, 2600]);
    // The full budgets of two adjacent days, except for what the later one has not released by
    // 22:00.
    const edge = worstSpend('any 24 hours', input, Number.POSITIVE_INFINITY).unverified;
    expect(edge).toBeCloseTo(200 + (200 * 47) / 48, 9);
  });

  it('never rises with more limits, and grows with the price and the parts', () => {
    const dear = { ...input, partsPerSms: 2 };
    expect(worstSpend('day', dear, 1).unbounded).toBeCloseTo(1500, 9);
    // A budget that counts one part per SMS allows twice its money.
    expect(worstSpend('day', dear, 1000).unverified).toBe(400);
    expect(smsPaidPerDay(input)).toEqual({ verified: 12_000, unverified: 1000 });
  });

  it('is limited by the hour too, when that is the tighter limit', () => {
    const tight = (budget: Budget): Budget => ({ ...budget, unverifiedPerHour: 2.5 });
    const { registrations, accounts, namedAccounts } = input.prices;
    const prices = {
      ...input.prices,
      registrations: tight(registrations),
      accounts: tight({ ...accounts, unverifiedPerDay: 60 }),
      namedAccounts: { ...namedAccounts, unverifiedPerDay: 0 },
    };
    const spend = (span: 'day' | 'any 24 hours') => worstSpend(span, { ...input, prices }, 1);
    expect(spend('day').unverified).toBe(24 * 5);
    expect(spend('any 24 hours').unverified).toBe(25 * 5);
  });

  it('adds the budget of relying services for the whole system, and not for an address', () => {
    const prices = { ...input.prices, relyingPerDay: 50 };
    const spent = (addresses: number, relyingPerDay: number) =>
      worstSpend('day', { ...input, prices: { ...prices, relyingPerDay } }, addresses);
    const [all, none] = [Number.POSITIVE_INFINITY, 0];
    expect(spent(all, 50).unverified).toBe(spent(all, none).unverified + 50);
    expect(spent(all, 50).verified).toBe(spent(all, none).verified + 50);
    expect(spent(1, 50)).toEqual(spent(1, none));
  });

  it('counts the parts as operators do', () => {
    expect([partsOf('a'.repeat(160)), partsOf('a'.repeat(161)), partsOf('a'.repeat(307))]).toEqual([
      1, 2, 3,
    ]);
    expect([partsOf('€'.repeat(80)), partsOf('€'.repeat(81))]).toEqual([1, 2]);
    expect([partsOf('ر'.repeat(70)), partsOf('ر'.repeat(71)), partsOf('ر'.repeat(135))]).toEqual([
      1, 2, 3,
    ]);
  });
});
