import { releasedAtOnce } from '#core/model/spending.ts';
import { addressBudget, phoneBudget } from './guessing.ts';
import type { Budget, PolicyInput, Prices } from './policy-input.ts';
import { day, hour, mostInAny, mostInWindows, type WindowBudget } from './windows.ts';

type PhoneInput = Pick<PolicyInput, 'ledgersPerPhone' | 'limits' | 'smsPerSend'>;

export interface PhoneSms {
  /** Sends that the limits allow. */
  readonly askedFor: number;
  /** SMS that leave in the interval, if an outage delays them until their codes expire. */
  readonly leaving: number;
}

/** Budget of the SMS to one phone that resets may cause, over all its accounts (docs/decisions/0033), and of those that prove it first. */
const namedBudget = (limits: PhoneInput['limits']): WindowBudget => ({
  partSeconds: hour,
  perPart: limits.resetsPerPhoneAndHour,
  windowSeconds: day,
  perWindow: limits.resetsPerPhoneAndDay,
});

/**
 * The most SMS to one phone in any interval of a length: SMS per send × (ledgers × the most that one
 * ledger allows in the interval + the most resets + the most codes that prove the phone first), across window edges. An SMS leaves at most one code life after its
 * send. The SMS that leave in an interval were therefore requested in it or in the codeSeconds
 * before.
 * @param seconds length of the interval
 */
export function smsToPhone(
  { ledgersPerPhone, limits, smsPerSend }: PhoneInput,
  seconds: number,
): PhoneSms {
  const most = (interval: number) =>
    smsPerSend *
    (ledgersPerPhone * mostInAny(phoneBudget(limits), interval) +
      waysByName * mostInAny(namedBudget(limits), interval));
  return { askedFor: most(seconds), leaving: most(seconds + limits.codeSeconds - 1) };
}

/** Resets, and phones that are proved first. Each has the whole budget. */
const waysByName = 2;

export const smsToPhoneAnyHour = (input: PhoneInput) => smsToPhone(input, hour);
export const smsToPhoneAnyDay = (input: PhoneInput) => smsToPhone(input, day);

/** The time over which money is counted: a UTC day, or the worst 24 hours across midnight. */
export type MoneySpan = 'day' | 'any 24 hours';

export interface Spend {
  /** SMS that the limits on requests allow. */
  readonly sms: number;
  /** Their cost without spend budgets. */
  readonly unbounded: number;
  /** Their highest cost within the spend budgets, if codes are verified and if none is. */
  readonly verified: number;
  readonly unverified: number;
}

/**
 * Worst-case spend of callers with N addresses, for any number of phones:
 * - SMS = SMS per send × min(N × what an address may cause, requests to the API). An address is
 *   charged for each SMS, in one ledger for registrations and in one for resets and resends,
 * - cost = SMS × parts × price, at most parts × the budgets of the UTC windows in the span. A
 *   budget is charged with the price of one part per SMS.
 *
 * The whole system's spend includes that of the relying services.
 * @param addresses Infinity for the whole system
 */
export function worstSpend(span: MoneySpan, input: PolicyInput, addresses: number): Spend {
  const { limits, throttle, prices, partsPerSms, smsPerSend } = input;
  // A reset waits up to codeSeconds for its first send, which its start has paid for.
  const lead = limits.codeSeconds - 1;
  const budget = addressBudget(limits);
  const caused = span === 'day' ? mostInWindows(budget, 24, lead) : mostInAny(budget, day + lead);
  const requests = throttle.burst + throttle.ratePerSecond * day;
  const sms = smsPerSend * Math.min(addresses * ledgersOfAddress * caused, requests);
  const unbounded = sms * partsPerSms * prices.pricePerPart;
  const within = (money: WindowBudget) =>
    partsPerSms * (span === 'day' ? mostInWindows(money, 1, 0) : mostInAny(money, day));
  const purses = [prices.registrations, prices.accounts, prices.namedAccounts];
  const ofAll = (windows: (budget: Budget) => WindowBudget) =>
    purses.reduce((sum, purse) => sum + within(windows(purse)), 0);
  const verified = Math.min(unbounded, ofAll(verifiedBudget));
  const unverified = Math.min(verified, ofAll(unverifiedBudget));
  // No address limits relying services, and their verified codes refund nothing.
  const relying = addresses === Number.POSITIVE_INFINITY ? within(relyingBudget(prices)) : 0;
  return {
    sms,
    unbounded: unbounded + relying,
    verified: verified + relying,
    unverified: unverified + relying,
  };
}

/** Ledgers of an address: SMS to caller-chosen phones, and to phones of accounts. */
const ledgersOfAddress = 2;

/** The most that all relying services spend in a day. */
const relyingBudget = ({ relyingPerDay }: Prices): WindowBudget => ({
  partSeconds: hour,
  perPart: relyingPerDay,
  windowSeconds: day,
  perWindow: relyingPerDay,
});

/** The most that is spent if enough codes are verified. This budget has daily windows only. */
const verifiedBudget = ({ perDay }: Budget): WindowBudget => ({
  partSeconds: hour,
  perPart: perDay,
  windowSeconds: day,
  perWindow: perDay,
});

/** The most that is spent if no code is verified. */
const unverifiedBudget = (budget: Budget): WindowBudget => ({
  partSeconds: hour,
  perPart: budget.unverifiedPerHour,
  windowSeconds: day,
  perWindow: Math.min(budget.perDay, budget.unverifiedPerDay),
  // If the daily total is smaller, it is the limit, and it is available from the day's start.
  releasedAtOnce: budget.perDay < budget.unverifiedPerDay ? 1 : releasedAtOnce,
});

/** SMS that the budgets pay for in a UTC day, if codes are verified and if none is. */
export function smsPaidPerDay({ prices }: PolicyInput): Record<'verified' | 'unverified', number> {
  // 0.15 / 0.05 is slightly less than 3 in floating point.
  const paid = (money: WindowBudget) =>
    Math.floor(mostInWindows(money, 1, 0) / prices.pricePerPart + 1e-9);
  // A guesser at accounts spends the money of resets and logins.
  const { accounts } = prices;
  return { verified: paid(verifiedBudget(accounts)), unverified: paid(unverifiedBudget(accounts)) };
}
