import { describe, expect, it } from 'vitest';
import {
  chanceOf,
  guessesWithin,
  likeliestCode,
  mostGuesses,
  ofPhoneFirst,
  openAtOnce,
  spray,
  takeover,
  takeoverByOneWay,
} from '../../../tools/policy/guessing.ts';
import type { PolicyLimits } from '../../../tools/policy/policy-input.ts';
import { endless, limits } from './numbers.ts';
import { guessAway, mostByBruteForce, prng, type Rules } from './simulation.ts';

const everywhere = { addresses: Number.POSITIVE_INFINITY };

describe('the chance of a code', () => {
  it.each([
    [3, 3],
    [4, 10],
    [8, 100],
    [10, 1000],
  ])('is that of the most frequent remainder: %i bits, %i codes', (bits, codes) => {
    const seen = new Array<number>(codes).fill(0);
    for (let n = 0; n < 2 ** bits; n += 1) seen[n % codes] = (seen[n % codes] ?? 0) + 1;
    expect(likeliestCode(codes, bits)).toBe(Math.max(...seen) / 2 ** bits);
  });

  it('is slightly more than one in a million for six digits', () => {
    expect(likeliestCode(10 ** 6) * 1e6).toBeCloseTo(1.00024, 5);
  });

  it('adds up within a challenge and is independent between challenges, as counting shows', () => {
    // Two tries at codes of ten: every pair of codes that two challenges can have, and three of
    // five guesses' worth.
    const codes = 10;
    const taken = (guesses: readonly number[]) => {
      let hit = 0;
      for (let a = 0; a < codes; a += 1) {
        for (let b = 0; b < codes; b += 1)
          hit += a < (guesses[0] ?? 0) || b < (guesses[1] ?? 0) ? 1 : 0;
      }
      return hit / codes ** 2;
    };
    expect(chanceOf(4, 2, 1 / codes)).toBeCloseTo(taken([2, 2]), 12);
    expect(chanceOf(3, 2, 1 / codes)).toBeCloseTo(taken([2, 1]), 12);
    expect(chanceOf(0, 2, 1 / codes)).toBeCloseTo(0, 12);
    expect(chanceOf(10, 10, 1 / codes)).toBe(1);
  });
});

describe('the largest number of guesses at one account', () => {
  it('is six codes open at once over an hour, plus a budget less one before them', () => {
    expect(openAtOnce(limits)).toBe(6);
    expect(guessesWithin(39, limits)).toBe(38 + 30);
  });

  it('is known for the defaults: a day, any 24 hours, a year, any 365 days', () => {
    expect(mostGuesses('day', limits, everywhere)).toBe(45);
    expect(mostGuesses('any 24 hours', limits, everywhere)).toBe(60);
    expect(mostGuesses('year', limits, everywhere)).toBe(68);
    expect(mostGuesses('any 365 days', limits, everywhere)).toBe(136);
  });

  it('is 99 in a year, with those at codes that prove a phone first', () => {
    const phoneFirst = ofPhoneFirst(limits);
    expect(guessesWithin(20, phoneFirst)).toBe(19 + 12);
    expect(mostGuesses('year', phoneFirst, everywhere)).toBe(31);
  });

  it('depends on addresses only when these may start less than a phone may be sent', () => {
    const few = { ...limits, sendsPerAddressAndHour: 1, sendsPerAddressAndMinute: 1 };
    const slow = { ...few, sendsPerPhoneAndDay: 60, failuresPerDay: 1000, failuresPerYear: 1000 };
    expect(mostGuesses('day', slow, { addresses: 1 })).toBe(25 * 5);
    expect(mostGuesses('day', slow, { addresses: 2 })).toBe(50 * 5);
    expect(mostGuesses('day', limits, { addresses: 1 })).toBe(
      mostGuesses('day', limits, everywhere),
    );
  });

  it('misses the target a hundred times over without a budget for the year', () => {
    expect(takeover('year', endless(), everywhere)).toBeGreaterThan(0.0109);
    expect(takeover('year', endless(), everywhere)).toBeLessThan(0.0111);
    expect(takeover('year', limits, everywhere)).toBeLessThan(1e-4);
    // 100 guesses are too many: the likeliest codes are slightly likelier than one in a million.
    expect(chanceOf(100, 5, likeliestCode(1e6))).toBeGreaterThan(1e-4);
    expect(takeover('year', { ...limits, failuresPerYear: 40 }, everywhere)).toBeGreaterThan(1e-4);
    const more = { ...limits, phoneFirstFailuresPerYear: 21 };
    expect(takeover('year', more, everywhere)).toBeGreaterThan(1e-4);
  });
});

const rulesOf = (numbers: PolicyLimits): Rules => ({
  perHour: numbers.sendsPerPhoneAndHour,
  perDay: numbers.sendsPerPhoneAndDay,
  life: numbers.codeSeconds,
  tries: numbers.attemptsPerChallenge,
  failuresPerDay: numbers.failuresPerDay,
  failuresPerYear: numbers.failuresPerYear ?? Number.POSITIVE_INFINITY,
});

/** The instants that matter: the last and the first second of the hours, from a day on. */
const edges = (from: number, hours: number) =>
  Array.from({ length: hours }, (_, i) => from + i * 3600).flatMap((edge) => [edge - 1, edge]);

const day = 86_400;
/**
 * Two positions of 24 hours, with the first instant that counts: across one midnight, and just
 * after two.
 */
const acrossMidnight: [number, number[]][] = [
  [2 * day - 5 * 3600, edges(2 * day - 5 * 3600, 11)],
  [day + 150, [day - 1, day, day + 150, ...edges(day + 3600, 5), 2 * day - 1, 2 * day + 149]],
];
const small: Partial<PolicyLimits>[] = [1, 2].flatMap((attemptsPerChallenge) =>
  [
    { sendsPerPhoneAndHour: 1, sendsPerPhoneAndDay: 1 },
    { sendsPerPhoneAndHour: 1, sendsPerPhoneAndDay: 3 },
    { sendsPerPhoneAndHour: 2, sendsPerPhoneAndDay: 3 },
    { sendsPerPhoneAndHour: 2, sendsPerPhoneAndDay: 5 },
  ].flatMap((sends) =>
    [1, 2, 3, 100].flatMap((failuresPerDay) =>
      [2, 4, 100].map((failuresPerYear) => ({
        attemptsPerChallenge,
        failuresPerDay,
        failuresPerYear,
        ...sends,
      })),
    ),
  ),
);

describe('the bounds against every possible schedule, at small sizes', () => {
  it('hold for a UTC day, and are reached when sends or the year are the limit', () => {
    let reached = 0;
    for (const change of small) {
      const numbers = { ...limits, ...change };
      const bound = mostGuesses('day', numbers, everywhere);
      // Seven hours are enough for five sends; the first instant is the day before.
      const found = mostByBruteForce(rulesOf(numbers), edges(day, 7), day);
      expect(found, JSON.stringify(change)).toBeLessThanOrEqual(bound);
      if (found === bound) reached += 1;
      if (change.failuresPerDay === 100 && change.failuresPerYear === 100) {
        expect(found, JSON.stringify(change)).toBe(bound);
      }
    }
    console.log(`the day's bound is reached in ${reached} of ${small.length} small cases`);
    expect(reached).toBeGreaterThan(small.length * 0.75);
  });

  it('hold for 24 hours across midnight, and some schedule reaches them', () => {
    for (const change of small) {
      const numbers = { ...limits, ...change };
      const bound = mostGuesses('any 24 hours', numbers, everywhere);
      const found = Math.max(
        ...acrossMidnight.map(([from, instants]) =>
          mostByBruteForce(rulesOf(numbers), instants, from),
        ),
      );
      expect(found, JSON.stringify(change)).toBeLessThanOrEqual(bound);
      if (change.failuresPerDay === 100 && change.failuresPerYear === 100) {
        expect(found, JSON.stringify(change)).toBe(bound);
      }
    }
  });
});

const sprayer = (addresses: number, smsPerDay = Number.POSITIVE_INFINITY) => ({
  addresses,
  smsPerDay,
  throttle: { ratePerSecond: 200, burst: 400 },
});

const seed = Number(process.env['SEED'] ?? 20261123);

describe(`the formulas against a simulated attacker (SEED=${seed})`, () => {
  const lives = 20_000;
  const cases: Partial<PolicyLimits>[] = [
    { failuresPerYear: 1 },
    { failuresPerYear: 12 },
    { failuresPerYear: 23, attemptsPerChallenge: 3 },
    { failuresPerYear: 8, sendsPerPhoneAndHour: 1, sendsPerPhoneAndDay: 2 },
  ];

  it.each(cases)('give the simulated chance of a year for codes of two digits: %o', (change) => {
    const numbers = { ...limits, codeLength: 2, failuresPerDay: 100, ...change };
    const formula = takeoverByOneWay('year', numbers, everywhere);
    const random = prng(seed);
    let taken = 0;
    let longest = 0;
    for (let i = 0; i < lives; i += 1) {
      const life = guessAway(rulesOf(numbers), 100, random);
      taken += life.taken ? 1 : 0;
      longest = Math.max(longest, life.guesses);
    }
    const share = taken / lives;
    const sigma = Math.sqrt((formula * (1 - formula)) / lives);
    console.log(`formula ${formula.toFixed(4)}, played ${share.toFixed(4)} ± ${sigma.toFixed(4)}`);
    expect(longest).toBe(mostGuesses('year', numbers, everywhere));
    expect(Math.abs(share - formula)).toBeLessThan(4 * sigma);
  });

  it('give the expected number of takeovers for many accounts', () => {
    const numbers = { ...limits, codeLength: 2, sendsPerAddressAndHour: 4 };
    const random = prng(seed);
    const { challenges, accounts, pairs } = spray('day', numbers, sprayer(2));
    expect(challenges).toBe(2 * 25 * 4);
    expect(pairs).toBe(Math.ceil((challenges * 5) / 45));
    const days = 400;
    let taken = 0;
    for (let i = 0; i < days * challenges; i += 1) if (random() * 100 < 5) taken += 1;
    const sigma = Math.sqrt(accounts / days);
    console.log(
      `formula ${accounts.toFixed(2)} a day, played ${(taken / days).toFixed(2)} ± ${sigma.toFixed(2)}`,
    );
    expect(Math.abs(taken / days - accounts)).toBeLessThan(4 * sigma);
  });

  it('are limited by money for many accounts and a spend budget', () => {
    expect(spray('day', limits, sprayer(1000, 4000)).challenges).toBe(8000);
    expect(spray('year', limits, sprayer(1000, 4000)).challenges).toBe(367 * 4000);
    // Without a money limit the requests to the API are the limit: 7 a challenge.
    expect(spray('day', limits, sprayer(1000)).challenges).toBe(
      Math.floor((400 + 200 * (86_400 + 599)) / 7),
    );
  });
});
