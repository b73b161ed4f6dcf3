import { releasedAtOnce } from '#core/model/spending.ts';
import { addressBudget, phoneBudget } from './guessing.ts';
import type { PolicyInput, Prices } from './policy-input.ts';
import { day, hour, mostInAny, mostInWindows, type WindowBudget } from './windows.ts';

type PhoneInput = Pick<PolicyInput, 'ledgersPerPhone' | 'limits' | 'smsPerSend'>;

export interface PhoneSms {
  /** Sends that the service agrees to. */
  readonly askedFor: number;
  /** SMS that leave it, when a provider's outage holds them back until their codes expire. */
  readonly leaving: number;
}

/**
 * The most SMS that one phone is sent in any interval of a length: ledgers × SMS a send may become × the most its
 * ledger lets through in it, over every window edge. An SMS leaves at most a code's life after its send, so those that leave in an
 * interval were asked for in it or in the codeSeconds before it.
 * @param seconds length of the interval
 */
export function smsToPhone(
  { ledgersPerPhone, limits, smsPerSend }: PhoneInput,
  seconds: number,
): PhoneSms {
  const budget = phoneBudget(limits);
  const each = ledgersPerPhone * smsPerSend;
  return {
    askedFor: each * mostInAny(budget, seconds),
    leaving: each * mostInAny(budget, seconds + limits.codeSeconds - 1),
  };
}

export const smsToPhoneAnyHour = (input: PhoneInput) => smsToPhone(input, hour);
export const smsToPhoneAnyDay = (input: PhoneInput) => smsToPhone(input, day);

/**
 * SMS of one challenge: the first at the start of a code's life and one each resendSeconds while it lives,
 * floor((codeSeconds − 1) / resendSeconds) + 1, as far as its phone's windows have room.
 */
export function sendsPerChallenge(limits: PolicyInput['limits']): number {
  const inLife = Math.floor((limits.codeSeconds - 1) / limits.resendSeconds) + 1;
  return Math.min(inLife, mostInAny(phoneBudget(limits), limits.codeSeconds));
}

/** Days as money is counted: a UTC day, or the worst 24 hours over its edge. */
export type MoneySpan = 'day' | 'any 24 hours';

export interface Spend {
  /** SMS that the limits on requests let through. */
  readonly sms: number;
  /** What they cost where no spend budget is kept. */
  readonly unbounded: number;
  /** What they cost at most under the spend budgets, with and without codes that get verified. */
  readonly verified: number;
  readonly unverified: number;
}

/**
 * Worst-case spend of callers with N addresses, to as many phones as they like:
 * SMS = SMS a send may become × min(N × challenges an address may start × sends of a challenge, requests that the
 * API takes), cost = SMS × parts × price, at most parts × the budgets of the UTC windows that the span touches: a
 * budget is charged with one part's price an SMS. The whole service's has what relying services may spend besides.
 * @param addresses Infinity for the whole service
 */
export function worstSpend(span: MoneySpan, input: PolicyInput, addresses: number): Spend {
  const { limits, throttle, prices, partsPerSms, smsPerSend } = input;
  // A challenge waits up to codeSeconds for its first send, and then lives as long.
  const lead = 2 * limits.codeSeconds - 1;
  const budget = addressBudget(limits);
  const started = span === 'day' ? mostInWindows(budget, 24, lead) : mostInAny(budget, day + lead);
  const requests = throttle.burst + throttle.ratePerSecond * day;
  const sms = smsPerSend * Math.min(addresses * started * sendsPerChallenge(limits), requests);
  const unbounded = sms * partsPerSms * prices.pricePerPart;
  const within = (money: WindowBudget) =>
    partsPerSms * (span === 'day' ? mostInWindows(money, 1, 0) : mostInAny(money, day));
  const verified = Math.min(unbounded, within(verifiedBudget(prices)));
  const unverified = Math.min(verified, within(unverifiedBudget(prices)));
  // No address of strangers bounds what relying services send, and no code they verify earns anything.
  const relying = addresses === Number.POSITIVE_INFINITY ? within(relyingBudget(prices)) : 0;
  return {
    sms,
    unbounded: unbounded + relying,
    verified: verified + relying,
    unverified: unverified + relying,
  };
}

/** What relying services spend at most, each to the end of its day. */
const relyingBudget = ({ relyingPerDay }: Prices): WindowBudget => ({
  partSeconds: hour,
  perPart: relyingPerDay,
  windowSeconds: day,
  perWindow: relyingPerDay,
});

/** What is spent at most when enough codes are verified; kept by the day alone. */
const verifiedBudget = ({ perDay }: Prices): WindowBudget => ({
  partSeconds: hour,
  perPart: perDay,
  windowSeconds: day,
  perWindow: perDay,
});

/** What is spent at most when no code is. */
const unverifiedBudget = (prices: Prices): WindowBudget => ({
  partSeconds: hour,
  perPart: prices.unverifiedPerHour,
  windowSeconds: day,
  perWindow: Math.min(prices.perDay, prices.unverifiedPerDay),
  // A day's total below it is there all at once.
  releasedAtOnce: prices.perDay < prices.unverifiedPerDay ? 1 : releasedAtOnce,
});

/** SMS that the service pays in a UTC day, with and without codes that get verified. */
export function smsPaidPerDay({ prices }: PolicyInput): Record<'verified' | 'unverified', number> {
  // 0.15 / 0.05 is a hair below 3.
  const paid = (money: WindowBudget) =>
    Math.floor(mostInWindows(money, 1, 0) / prices.pricePerPart + 1e-9);
  return { verified: paid(verifiedBudget(prices)), unverified: paid(unverifiedBudget(prices)) };
}
