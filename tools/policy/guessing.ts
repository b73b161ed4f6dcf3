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

/** Bits of the HMAC that a code is cut from (RFC 4226 §5.3). */
const codeBits = 31;

/**
 * Chance of the likeliest code: p = ceil(2^bits / codes) / 2^bits, a little over 10^-length, because 2³¹ is no
 * multiple of it. A guesser is assumed to try such codes only.
 * @param codes how many codes there are, 10^length
 */
export const likeliestCode = (codes: number, bits = codeBits): number =>
  Math.ceil(2 ** bits / codes) / 2 ** bits;

/**
 * Chance that at least one of g guesses is right: 1 − (1 − A·p)^floor(g / A) · (1 − (g mod A)·p).
 * Codes of different challenges are independent; within one challenge a guesser tries A different codes.
 * @param guesses g, at most A of them at one challenge
 * @param attempts A, tries a challenge takes
 * @param p chance of one code
 */
export function chanceOf(guesses: number, attempts: number, p: number): number {
  const whole = Math.floor(guesses / attempts);
  const rest = guesses - whole * attempts;
  const one = Math.min(1, attempts * p);
  // log1p and expm1 keep the digits that 1 − (1 − 1e-6)^n loses.
  return one === 1 && whole > 0
    ? 1
    : -Math.expm1(whole * Math.log1p(-one) + Math.log1p(-Math.min(1, rest * p)));
}

/** SMS of one purpose that one phone may be sent. */
export const phoneBudget = (limits: PolicyLimits): WindowBudget => ({
  partSeconds: hour,
  perPart: limits.sendsPerPhoneAndHour,
  windowSeconds: day,
  perWindow: limits.sendsPerPhoneAndDay,
});

/** Challenges that one address may start. */
export const addressBudget = (limits: PolicyLimits): WindowBudget => ({
  partSeconds: minute,
  perPart: limits.sendsPerAddressAndMinute ?? limits.sendsPerAddressAndHour,
  windowSeconds: hour,
  perWindow: limits.sendsPerAddressAndHour,
});

/**
 * Guesses that a failure budget F lets through: F − 1 + A·open. A budget is looked at when a challenge is sent, and
 * refuses none that is open, so after the last send that it lets through, with F − 1 counted, every open
 * challenge may still take its A.
 */
export function guessesWithin(failures: number, limits: PolicyLimits): number {
  return failures - 1 + limits.attemptsPerChallenge * openAtOnce(limits);
}

/** Challenges of one account that can be open at one instant: those sent within the life of a code. */
export const openAtOnce = (limits: PolicyLimits): number =>
  mostInAny(phoneBudget(limits), limits.codeSeconds);

/** Over which time guesses are counted; `any` is the worst interval of that length, over every edge. */
export type Span = 'day' | 'any 24 hours' | 'year' | 'any 365 days';
export const spans: readonly Span[] = ['day', 'any 24 hours', 'year', 'any 365 days'];

/** UTC days and calendar years that a span touches, and the sends whose codes can be tried in it. */
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

/** What somebody who knows username and national ID has to work with. */
export interface Guesser {
  /** IPv4 addresses, or IPv6 networks of /64. */
  readonly addresses: number;
}

/**
 * The most codes of one account that can be tried in a span: the least of
 * A × sends of its phone whose code can be tried in the span, A × challenges the addresses can start for it,
 * days × (failuresPerDay − 1 + A·open), and years × (failuresPerYear − 1 + A·open).
 */
export function mostGuesses(span: Span, limits: PolicyLimits, guesser: Guesser): number {
  const { attemptsPerChallenge, codeSeconds, failuresPerYear } = limits;
  const ofPhone = reach(span, phoneBudget(limits), codeSeconds - 1);
  // A challenge waits up to a code's life for its first send, and then lives one.
  const started = reach(span, addressBudget(limits), 2 * codeSeconds - 1).sends;
  const bounds = [
    attemptsPerChallenge * ofPhone.sends,
    attemptsPerChallenge * started * guesser.addresses,
    ofPhone.days * guessesWithin(limits.failuresPerDay, limits),
  ];
  if (failuresPerYear) bounds.push(ofPhone.years * guessesWithin(failuresPerYear, limits));
  return Math.min(...bounds);
}

/** Chance that a guesser takes one account in a span. */
export function takeover(span: Span, limits: PolicyLimits, guesser: Guesser): number {
  const p = likeliestCode(10 ** limits.codeLength);
  return chanceOf(mostGuesses(span, limits, guesser), limits.attemptsPerChallenge, p);
}

/** What somebody who sprays many accounts gets. */
export interface Spray {
  /** Challenges sent, each with `attemptsPerChallenge` guesses. */
  readonly challenges: number;
  /** Expected accounts taken, A·p a challenge. */
  readonly accounts: number;
  /** Pairs of username and national ID needed to place that many guesses. */
  readonly pairs: number;
}

/** What bounds one who sprays. */
export interface Sprayer {
  readonly addresses: number;
  /** SMS that the spend budget pays in a UTC day; Infinity where none is kept. */
  readonly smsPerDay: number;
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
}

/**
 * Expected accounts taken in a UTC day or calendar year by somebody who knows as many pairs as are of use:
 * E = A·p × min(addresses × challenges an address can start, SMS the budget pays, requests / (2 + A)); a challenge
 * takes 2 + A requests: start, send, A tries. An expectation adds up without independence, so this holds however
 * the guesses are placed.
 */
export function spray(span: 'day' | 'year', limits: PolicyLimits, sprayer: Sprayer): Spray {
  const { addresses, smsPerDay, throttle } = sprayer;
  const attempts = limits.attemptsPerChallenge;
  const lead = 2 * limits.codeSeconds - 1;
  const days = span === 'day' ? 1 : daysPerYear;
  const requests = throttle.burst + throttle.ratePerSecond * (days * day + lead);
  const challenges = Math.min(
    addresses * reach(span, addressBudget(limits), lead).sends,
    // What was paid for just before midnight can be tried after it.
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
