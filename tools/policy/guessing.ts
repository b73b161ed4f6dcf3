import type { PolicyLimits } from './policy-input.ts';
import {
  day,
  daysPerYear,
  hour,
  minute,
  mostInAny,
  mostInWindows,
  type WindowBudget,
} from './windows.ts';

/** Bits of the HMAC that a code is truncated from (RFC 4226 §5.3). */
const codeBits = 31;

/**
 * Chance of the likeliest code: p = ceil(2^bits / codes) / 2^bits. It is slightly more than
 * 10^-length, because 2³¹ is not a multiple of 10^length. The formulas assume that a guesser tries
 * such codes only.
 * @param codes number of codes, 10^length
 */
export const likeliestCode = (codes: number, bits = codeBits): number =>
  Math.ceil(2 ** bits / codes) / 2 ** bits;

/**
 * Chance that at least one of g guesses is right: 1 − (1 − A·p)^floor(g / A) · (1 − (g mod A)·p).
 * Codes of different challenges are independent. Within one challenge, a guesser tries A different
 * codes.
 * @param guesses g, at most A of them at one challenge
 * @param attempts A, the attempts that a challenge allows
 * @param p chance of one code
 */
export function chanceOf(guesses: number, attempts: number, p: number): number {
  const whole = Math.floor(guesses / attempts);
  const rest = guesses - whole * attempts;
  const one = Math.min(1, attempts * p);
  // log1p and expm1 keep the digits that 1 − (1 − 1e-6)^n would lose.
  return one === 1 && whole > 0
    ? 1
    : -Math.expm1(whole * Math.log1p(-one) + Math.log1p(-Math.min(1, rest * p)));
}

/** Budget of the SMS for one purpose to one phone. */
export const phoneBudget = (limits: PolicyLimits): WindowBudget => ({
  partSeconds: hour,
  perPart: limits.sendsPerPhoneAndHour,
  windowSeconds: day,
  perWindow: limits.sendsPerPhoneAndDay,
});

/** Budget of the challenges that one address may start. */
export const addressBudget = (limits: PolicyLimits): WindowBudget => ({
  partSeconds: minute,
  perPart: limits.sendsPerAddressAndMinute ?? limits.sendsPerAddressAndHour,
  windowSeconds: hour,
  perWindow: limits.sendsPerAddressAndHour,
});

/**
 * Guesses that a failure budget F allows: F − 1 + A·open. The budget is checked when a challenge is
 * sent; open challenges are not checked again. After the last allowed send, F − 1 failures are
 * counted, and every open challenge still allows A attempts.
 */
export function guessesWithin(failures: number, limits: PolicyLimits): number {
  return failures - 1 + limits.attemptsPerChallenge * openAtOnce(limits);
}

/** Challenges of one account that can be open at the same time: those sent within a code's life. */
export const openAtOnce = (limits: PolicyLimits): number =>
  mostInAny(phoneBudget(limits), limits.codeSeconds);

/** The time over which guesses are counted. `any` is the worst interval, across window edges. */
export type Span = 'day' | 'any 24 hours' | 'year' | 'any 365 days';
export const spans: readonly Span[] = ['day', 'any 24 hours', 'year', 'any 365 days'];

/**
 * UTC days and calendar years that a span touches, and the sends whose codes can be tried in it.
 */
function reach(span: Span, budget: WindowBudget, lead: number) {
  switch (span) {
    case 'day':
      return { days: 1, years: 1, sends: mostInWindows(budget, day / budget.windowSeconds, lead) };
    case 'any 24 hours':
      return { days: 2, years: 2, sends: mostInAny(budget, day + lead) };
    case 'year': {
      const windows = (daysPerYear * day) / budget.windowSeconds;
      return { days: daysPerYear, years: 1, sends: mostInWindows(budget, windows, lead) };
    }
    case 'any 365 days':
      return { days: 366, years: 2, sends: mostInAny(budget, 365 * day + lead) };
  }
}

/** The means of an attacker who knows an account's username and national ID. */
export interface Guesser {
  /** IPv4 addresses, or IPv6 networks of /64. */
  readonly addresses: number;
}

/**
 * The most codes of one account that can be tried in a span. It is the least of
 * - A × sends to its phone whose code can be tried in the span,
 * - A × challenges that the addresses can start for it,
 * - days × (failuresPerDay − 1 + A·open),
 * - years × (failuresPerYear − 1 + A·open).
 */
export function mostGuesses(span: Span, limits: PolicyLimits, guesser: Guesser): number {
  const { attemptsPerChallenge, codeSeconds, failuresPerYear } = limits;
  const ofPhone = reach(span, phoneBudget(limits), codeSeconds - 1);
  // A challenge waits up to one code life for its first send, and then lives for another one.
  const started = reach(span, addressBudget(limits), 2 * codeSeconds - 1).sends;
  const bounds = [
    attemptsPerChallenge * ofPhone.sends,
    attemptsPerChallenge * started * guesser.addresses,
    ofPhone.days * guessesWithin(limits.failuresPerDay, limits),
  ];
  if (failuresPerYear) bounds.push(ofPhone.years * guessesWithin(failuresPerYear, limits));
  return Math.min(...bounds);
}

/** The limits of codes that prove a phone before the password: fewer tries, and a ledger of their own. */
export const ofPhoneFirst = (limits: PolicyLimits): PolicyLimits => {
  const { failuresPerYear: _, phoneFirstFailuresPerYear, ...others } = limits;
  return {
    ...others,
    attemptsPerChallenge: limits.attemptsWhileGuessed,
    ...(phoneFirstFailuresPerYear && { failuresPerYear: phoneFirstFailuresPerYear }),
  };
};

/**
 * Chance that a guesser takes over one account in a span: by a code of a reset, or by one that proves the phone first. The
 * second leads to five passwords only. It is counted in full, as if the guesser knew the password. Logins have as many
 * guesses as resets, so the same chance holds for whoever knows the password and guesses there.
 */
export function takeover(span: Span, limits: PolicyLimits, guesser: Guesser): number {
  const byReset = takeoverByOneWay(span, limits, guesser);
  const byPhoneFirst = takeoverByOneWay(span, ofPhoneFirst(limits), guesser);
  return byReset + byPhoneFirst - byReset * byPhoneFirst;
}

/** The same by the codes of one way alone. @param limits those of this way */
export function takeoverByOneWay(span: Span, limits: PolicyLimits, guesser: Guesser): number {
  const p = likeliestCode(10 ** limits.codeLength);
  return chanceOf(mostGuesses(span, limits, guesser), limits.attemptsPerChallenge, p);
}

/** What an attacker gains who sprays guesses over many accounts. */
export interface Spray {
  /** Sent challenges, each with `attemptsPerChallenge` guesses. */
  readonly challenges: number;
  /** Expected number of accounts taken over: A·p per challenge. */
  readonly accounts: number;
  /** Pairs of username and national ID that are needed for that many guesses. */
  readonly pairs: number;
}

/** The means of an attacker who sprays, and the limits of the API. */
export interface Sprayer {
  readonly addresses: number;
  /** SMS that the spend budget pays in a UTC day; Infinity without a budget. */
  readonly smsPerDay: number;
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
}

/**
 * Expected number of accounts taken over in a UTC day or calendar year, by an attacker who knows
 * enough pairs:
 * E = A·p × min(addresses × challenges per address, SMS the budget pays, requests / (2 + A)).
 * A challenge takes 2 + A requests: start, send and A attempts. Expectations add up without
 * independence, so the formula holds for every distribution of the guesses.
 */
export function spray(span: 'day' | 'year', limits: PolicyLimits, sprayer: Sprayer): Spray {
  const { addresses, smsPerDay, throttle } = sprayer;
  const attempts = limits.attemptsPerChallenge;
  const lead = 2 * limits.codeSeconds - 1;
  const days = span === 'day' ? 1 : daysPerYear;
  const requests = throttle.burst + throttle.ratePerSecond * (days * day + lead);
  const challenges = Math.min(
    addresses * reach(span, addressBudget(limits), lead).sends,
    // Codes paid for just before midnight can be tried after it.
    (days + 1) * smsPerDay,
    Math.floor(requests / (2 + attempts)),
  );
  const guesses = challenges * attempts;
  return {
    challenges,
    accounts: guesses * likeliestCode(10 ** limits.codeLength),
    pairs: Math.ceil(guesses / mostGuesses(span, limits, { addresses })),
  };
}
