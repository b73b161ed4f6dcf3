import { isRelying, type Payment, type RelyingScope, relyingServiceOf } from './purpose.ts';

/** Money of a stage in thousandths of its currency, so that all of it is whole numbers. */
export type Thousandths = number;

/** What one ledger of money may reach. */
export interface SpendBudget {
  readonly perDay: Thousandths;
  /**
   * Spent less what verified codes earned back: how far the service goes on without proof that its SMS reach people.
   * The hour's opens the breaker soon after a collapse; the day's is the worst day without any verified traffic, and is
   * released through the day ({@link releasedAt}).
   */
  readonly unverifiedPerHour: Thousandths;
  readonly unverifiedPerDay: Thousandths;
}

/** What SMS may cost. */
export interface Spending {
  /** ISO 4217. */
  readonly currency: string;
  readonly pricePerSms: Thousandths;
  /**
   * Share of codes that must be verified for spending to go on without end: each verified code earns back its own
   * price divided by this. SMS pumping verifies next to none.
   */
  readonly verifiedShare: number;
  /** Share of every budget that is kept for SMS to the phone of an account: resets, logins, closings, notices. */
  readonly reserve: number;
  readonly service: SpendBudget;
  /** Of each destination prefix: country and first two digits, such as `+96655`. */
  readonly prefix: SpendBudget;
  /** Of each relying service, by its id: what its transactions may cost in a UTC day. */
  readonly services: Readonly<Record<string, Thousandths>>;
}

/** Whose money is counted: the service's, a prefix's, and a relying service's. */
export type SpendScope = 'service' | `prefix-${string}` | RelyingScope;

/** One SMS's worth of a budget. */
export interface SpendCharge {
  readonly scope: SpendScope;
  readonly cost: Thousandths;
  /** What of it counts as unverified: nothing of a notice, which no code would ever earn back. */
  readonly unverified: Thousandths;
  readonly budget: SpendBudget;
}

/** Attackers buy numbers by the block: a block is what a breaker closes. */
export const prefixOf = (phone: string): SpendScope => `prefix-${phone.slice(0, 6)}`;

/** What a ledger of money holds of a UTC day, and of the hour of an instant. */
export interface SpendCounts {
  readonly spent: Thousandths;
  /** Below zero where codes of other hours and days were verified. */
  readonly unverified: Thousandths;
  readonly unverifiedThisHour: Thousandths;
}

/** One SMS as it is charged to a scope. */
export function spendCharge(spending: Spending, scope: SpendScope, payment: Payment): SpendCharge {
  if (isRelying(scope)) return relyingCharge(spending, scope);
  const { perDay, unverifiedPerHour, unverifiedPerDay } =
    scope === 'service' ? spending.service : spending.prefix;
  const share = payment === 'caller-chosen-phone' ? 1 - spending.reserve : 1;
  const cost = spending.pricePerSms;
  return {
    scope,
    cost,
    unverified: payment === 'notice' ? 0 : cost,
    budget: {
      perDay: Math.floor(perDay * share),
      unverifiedPerHour: Math.floor(unverifiedPerHour * share),
      unverifiedPerDay: Math.floor(unverifiedPerDay * share),
    },
  };
}

/** The day's total is all that holds it: nothing it verifies earns anything, so nothing of it is unverified. */
const relyingCharge = ({ services, pricePerSms }: Spending, scope: RelyingScope): SpendCharge => ({
  scope,
  cost: pricePerSms,
  unverified: 0,
  budget: {
    perDay: services[relyingServiceOf(scope)] ?? 0,
    unverifiedPerHour: 0,
    unverifiedPerDay: 0,
  },
});

/**
 * What one SMS is charged to, the narrower first: a prefix that is closed costs the service nothing. A relying service's
 * is charged to that service alone: one that floods takes nothing of what registrations and resets need.
 */
export const spendCharges = (spending: Spending, phone: string, payment: Payment): SpendCharge[] =>
  scopesOf(phone, payment).map((scope) => spendCharge(spending, scope, payment));

const scopesOf = (phone: string, payment: Payment): SpendScope[] =>
  isRelying(payment) ? [payment] : [prefixOf(phone), 'service'];

/**
 * Whose breakers a code asks, of money and of guesses, and whose wrong codes its are. A prefix's only where the caller
 * names the phone: a decoy's made-up number must not meet another prefix's breaker than the real one, nor may a reset's
 * guess open the one that somebody has filled up to the last code. A relying service has its own, and no other's.
 */
export function breakerScopes(payment: Payment, phone: string): SpendScope[] {
  if (isRelying(payment)) return [payment];
  return payment === 'caller-chosen-phone' ? ['service', prefixOf(phone)] : ['service'];
}

const hourSeconds = 3600;
const hoursPerDay = 24;

/** Share of a day's unverified budget that is there from midnight; the rest comes in 24 parts, one each hour. */
export const releasedAtOnce = 1 / 2;

/**
 * How much of a day's unverified budget may be spent so far. All at once, it is gone in two hours of pumping, and
 * nobody registers before midnight; the hours' shares let people in again, and the day costs the same.
 * @param now epoch seconds
 */
export function releasedAt(unverifiedPerDay: Thousandths, now: number): Thousandths {
  const hours = (Math.floor(now / hourSeconds) % hoursPerDay) + 1;
  const share = releasedAtOnce * hoursPerDay + (1 - releasedAtOnce) * hours;
  return Math.floor((unverifiedPerDay * share) / hoursPerDay);
}

/** A budget as it stands at an instant: of the day's unverified money what is released. */
export const budgetAt = (budget: SpendBudget, now: number): SpendBudget => ({
  ...budget,
  unverifiedPerDay: releasedAt(budget.unverifiedPerDay, now),
});

/**
 * Until when a charge stays refused at the earliest, if no further code is verified: to the end of whatever is full.
 * @returns epoch seconds; `now` where there is room
 */
export function refusedUntil(counts: SpendCounts, charge: SpendCharge, now: number): number {
  const { cost, unverified, budget } = charge;
  const nextHour = (Math.floor(now / hourSeconds) + 1) * hourSeconds;
  const daySeconds = hoursPerDay * hourSeconds;
  const midnight = (Math.floor(now / daySeconds) + 1) * daySeconds;
  const isFull = (taken: Thousandths, more: Thousandths, limit: Thousandths) =>
    more > 0 && taken + more > limit;

  const instants = [now];
  for (let hour = nextHour; hour < midnight; hour += hourSeconds) instants.push(hour);
  const hasReleased = (instant: number) =>
    !isFull(counts.unverified, unverified, releasedAt(budget.unverifiedPerDay, instant));
  return Math.max(
    instants.find(hasReleased) ?? midnight,
    isFull(counts.spent, cost, budget.perDay) ? midnight : now,
    isFull(counts.unverifiedThisHour, unverified, budget.unverifiedPerHour) ? nextHour : now,
  );
}

/** What one verified code earns back. */
export const earned = ({ pricePerSms, verifiedShare }: Spending): Thousandths =>
  Math.round(pricePerSms / verifiedShare);
