import type { Purpose } from './challenge.ts';

/**
 * Whose sends and failures are counted. A phone has a ledger a purpose: anybody who knows the number can start a
 * registration for it, and must not use up what its owner needs for a reset (docs/decisions/0010).
 */
export type LedgerScope = 'account' | 'address' | `phone-${Purpose}`;

export interface LedgerKey {
  readonly scope: LedgerScope;
  /** Tag of the phone, account or address; never the thing itself. */
  readonly tag: string;
}

/** The ledgers of a challenge: its phone's for that purpose, and its account's where it has one. */
export function ledgersOf(challenge: {
  readonly purpose: Purpose;
  readonly phoneTag: string;
  readonly accountTag?: string;
}): LedgerKey[] {
  const { purpose, phoneTag, accountTag } = challenge;
  const phone: LedgerKey = { scope: `phone-${purpose}`, tag: phoneTag };
  return accountTag === undefined ? [phone] : [phone, { scope: 'account', tag: accountTag }];
}

/** What one ledger held for the day and hour of an instant. */
export interface LedgerCounts {
  readonly sends: number;
  readonly sendsThisHour: number;
  readonly failures: number;
}

/** Budgets a ledger is held to; one that is left out is not checked. */
export interface Budgets {
  readonly sendsPerHour?: number;
  readonly sendsPerDay?: number;
  readonly failuresPerDay?: number;
}

/**
 * One write to a ledger that goes through only while every budget has room. With `counts` it takes a unit;
 * without, it only checks.
 */
export interface Charge {
  readonly ledger: LedgerKey;
  readonly counts?: 'sends';
  readonly budgets: Budgets;
}

/** A fixed window of UTC: the day's ledger item and the hour's counter in it. */
export interface Window {
  /** `2026-11-23` */
  readonly day: string;
  /** `07` */
  readonly hour: string;
  /** Epoch seconds at which the day is over and its counts mean nothing any more. */
  readonly dayEndsAt: number;
  readonly hourEndsAt: number;
}

const hourSeconds = 3600;
const daySeconds = 24 * hourSeconds;

/** @param now epoch seconds */
export function windowAt(now: number): Window {
  const iso = new Date(now * 1000).toISOString();
  return {
    day: iso.slice(0, 10),
    hour: iso.slice(11, 13),
    dayEndsAt: (Math.floor(now / daySeconds) + 1) * daySeconds,
    hourEndsAt: (Math.floor(now / hourSeconds) + 1) * hourSeconds,
  };
}

/**
 * How long a refused charge stays refused: to the end of the longest window that is full.
 * @returns seconds, at least 1
 */
export function retryAfter(counts: LedgerCounts, budgets: Budgets, now: number): number {
  const { dayEndsAt, hourEndsAt } = windowAt(now);
  const dayIsFull =
    counts.sends >= (budgets.sendsPerDay ?? Number.POSITIVE_INFINITY) ||
    counts.failures >= (budgets.failuresPerDay ?? Number.POSITIVE_INFINITY);
  return Math.max(1, (dayIsFull ? dayEndsAt : hourEndsAt) - now);
}
