import type { Purpose } from './challenge.ts';

/** Money of a stage in thousandths of its currency, so that all of it is whole numbers. */
export type Thousandths = number;

/** What one ledger of money may reach. */
export interface SpendBudget {
  readonly perDay: Thousandths;
  /**
   * Spent less what verified codes earned back: how far the service goes on without proof that its SMS reach people.
   * The hour's opens the breaker soon after a collapse; the day's is the worst day without any verified traffic.
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
  /** Share of every budget that only people who have an account may use. */
  readonly reserve: number;
  /** Seconds the breaker stays open before one more SMS is tried. */
  readonly breakerSeconds: number;
  readonly service: SpendBudget;
  /** Of each destination prefix: country and first two digits, such as `+96655`. */
  readonly prefix: SpendBudget;
}

/** Whose money is counted: the service's, and a prefix's. */
export type SpendScope = 'service' | `prefix-${string}`;

/** One SMS's worth of a budget. */
export interface SpendCharge {
  readonly scope: SpendScope;
  readonly cost: Thousandths;
  readonly budget: SpendBudget;
}

/** Attackers buy numbers by the block: a block is what a breaker closes. */
export const prefixOf = (phone: string): SpendScope => `prefix-${phone.slice(0, 6)}`;

/** What one SMS is charged to, the narrower first: a prefix that is closed costs the service nothing. */
export function spendCharges(spending: Spending, phone: string, purpose: Purpose): SpendCharge[] {
  const cost = spending.pricePerSms;
  // Anybody can ask for a registration's SMS; a reset's takes an account.
  const share = purpose === 'registration' ? 1 - spending.reserve : 1;
  const limited = ({ perDay, unverifiedPerHour, unverifiedPerDay }: SpendBudget): SpendBudget => ({
    perDay: Math.floor(perDay * share),
    unverifiedPerHour: Math.floor(unverifiedPerHour * share),
    unverifiedPerDay: Math.floor(unverifiedPerDay * share),
  });
  return [
    { scope: prefixOf(phone), cost, budget: limited(spending.prefix) },
    { scope: 'service', cost, budget: limited(spending.service) },
  ];
}

/** What one verified code earns back. */
export const earned = ({ pricePerSms, verifiedShare }: Spending): Thousandths =>
  Math.round(pricePerSms / verifiedShare);
