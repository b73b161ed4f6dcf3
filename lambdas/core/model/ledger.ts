import type { Keyring } from '../crypto/keyring.ts';
import { addressNetwork } from '../values/address-network.ts';
import type { Account } from './account.ts';
import type { Purpose } from './purpose.ts';

/**
 * Whose sends and failures are counted. A phone has a ledger a purpose: anybody who knows the number can start a
 * registration for it, and must not use up what its owner needs for a reset (docs/decisions/0010). Of a change of phone and
 * of a closing, `phone-…` is an account's.
 */
export type LedgerScope =
  | 'account'
  | 'account-year'
  | 'address'
  /** Wrong second factors of a login: who knows a password must not close the reset of its owner with them. */
  | 'account-login'
  | 'account-login-year'
  /** Passwords tried on devices nobody remembers: of an account, and of an address. */
  | 'login'
  | 'login-address'
  /** Passwords asked for again of somebody who is logged in. */
  | 'reauthentication'
  /** Changes of what protects an account, each told by an SMS. */
  | 'sensitive-change'
  /** Copies of all that is kept of a person, each an event that the next one holds too. */
  | 'export'
  /** Wrong codes of the whole service, and of a destination prefix: the tag says which, in the clear. */
  | 'guesses'
  /** Transactions of a relying service: the tag is its id, in the clear. */
  | 'relying-service'
  | `phone-${Purpose}`;

export interface LedgerKey {
  readonly scope: LedgerScope;
  /** Tag of the phone, account or address; never the thing itself. */
  readonly tag: string;
}

/**
 * Tag of an account's ledgers: of the account and not of its name, which may be somebody else's tomorrow and takes
 * nothing along.
 */
export const accountLedgerTag = (
  keyring: Keyring,
  { usernameTag, createdAt }: Pick<Account, 'usernameTag' | 'createdAt'>,
): string => keyring.tag('username', usernameTag, String(createdAt));

/**
 * The ledgers of a challenge: its phone's for that purpose, and its account's for day and year where it has one. What a
 * person asks for who is logged in counts with the account; a change of phone with the phone as well, which may be a
 * stranger's: in one ledger with its registrations, so that many accounts text nobody more often than anybody could.
 */
export function ledgersOf(challenge: {
  readonly purpose: Purpose;
  readonly phoneTag: string;
  readonly accountTag?: string;
  readonly ledgerTag?: string;
}): LedgerKey[] {
  const { purpose, phoneTag, accountTag } = challenge;
  const tag = challenge.ledgerTag ?? accountTag;
  const changes = purpose === 'phone-change' || purpose === 'account-closing';
  const sends = {
    scope: `phone-${purpose}`,
    tag: changes ? (tag ?? phoneTag) : phoneTag,
  } as const;
  if (purpose === 'phone-change') return [sends, { scope: 'phone-registration', tag: phoneTag }];
  if (tag === undefined || changes) return [sends];
  const scope = purpose === 'login' ? 'account-login' : 'account';
  return [sends, { scope, tag }, { scope: `${scope}-year`, tag }];
}

/** What one ledger held in the window and part of an instant. */
export interface LedgerCounts {
  readonly uses: number;
  readonly usesThisPart: number;
  /** Of an address: phones of its choice that were texted, less what verified ones made up for: it may be less than none. */
  readonly unverified: number;
  readonly failures: number;
}

/** Budgets a ledger is held to; one that is left out is not checked. */
export interface Budgets {
  readonly usesPerPart?: number;
  readonly usesPerWindow?: number;
  readonly unverifiedPerWindow?: number;
  readonly failuresPerWindow?: number;
}

/**
 * One write to a ledger that goes through only while every budget has room. With `counts` it takes a unit, also of the
 * unverified ones if it says so; without, it only checks.
 */
export interface Charge {
  readonly ledger: LedgerKey;
  readonly counts?: 'uses' | 'unverified-uses';
  readonly budgets: Budgets;
}

/** A unit that was taken, and may be given back. */
export interface ChargedUnit {
  readonly charge: Charge;
  /** Epoch seconds. */
  readonly at: number;
}

type Unit = 'year' | 'day' | 'hour' | 'minute';

/** One item a window, and in it one counter of sends a part: so all budgets of a ledger are one condition. */
const shapes: Record<LedgerScope, { readonly window: Unit; readonly part: Unit }> = {
  account: { window: 'day', part: 'hour' },
  'account-year': { window: 'year', part: 'day' },
  'account-login': { window: 'day', part: 'hour' },
  'account-login-year': { window: 'year', part: 'day' },
  address: { window: 'hour', part: 'minute' },
  guesses: { window: 'day', part: 'hour' },
  login: { window: 'day', part: 'hour' },
  'login-address': { window: 'hour', part: 'minute' },
  reauthentication: { window: 'day', part: 'hour' },
  'relying-service': { window: 'day', part: 'hour' },
  'sensitive-change': { window: 'day', part: 'hour' },
  export: { window: 'day', part: 'hour' },
  'phone-registration': { window: 'day', part: 'hour' },
  'phone-password-reset': { window: 'day', part: 'hour' },
  'phone-login': { window: 'day', part: 'hour' },
  'phone-phone-change': { window: 'day', part: 'hour' },
  'phone-account-closing': { window: 'day', part: 'hour' },
  'phone-transaction': { window: 'day', part: 'hour' },
};

/** The fixed window of UTC that an instant falls into, and the part of it. */
export interface Window {
  /** `2026-11-23`, `2026-11-23T07`, `2026` */
  readonly window: string;
  /** Two digits: `07` of the day's hours, `30` of the hour's minutes. */
  readonly part: string;
  /** Epoch seconds at which the counts of the window, of the part, mean nothing any more. */
  readonly windowEndsAt: number;
  readonly partEndsAt: number;
}

/** @param now epoch seconds */
export function windowAt(scope: LedgerScope, now: number): Window {
  const shape = shapes[scope];
  const window = unitAt(shape.window, now);
  const part = unitAt(shape.part, now);
  return {
    window: window.label,
    windowEndsAt: window.endsAt,
    part: part.label.slice(-2),
    partEndsAt: part.endsAt,
  };
}

const seconds = { day: 86_400, hour: 3600, minute: 60 };
const labelLength: Record<Unit, number> = { year: 4, day: 10, hour: 13, minute: 16 };

function unitAt(unit: Unit, now: number): { label: string; endsAt: number } {
  const instant = new Date(now * 1000);
  const label = instant.toISOString().slice(0, labelLength[unit]);
  if (unit === 'year') return { label, endsAt: Date.UTC(instant.getUTCFullYear() + 1, 0) / 1000 };
  return { label, endsAt: (Math.floor(now / seconds[unit]) + 1) * seconds[unit] };
}

/** Whether a ledger that holds these counts takes a charge. */
export function hasRoom(counts: LedgerCounts, { budgets }: Charge): boolean {
  const { usesPerPart, usesPerWindow, unverifiedPerWindow, failuresPerWindow } = budgets;
  return (
    counts.usesThisPart < (usesPerPart ?? Number.POSITIVE_INFINITY) &&
    counts.uses < (usesPerWindow ?? Number.POSITIVE_INFINITY) &&
    counts.unverified < (unverifiedPerWindow ?? Number.POSITIVE_INFINITY) &&
    counts.failures < (failuresPerWindow ?? Number.POSITIVE_INFINITY)
  );
}

/**
 * How long a refused charge stays refused: to the end of the longest window that is full.
 * @returns seconds, at least 1
 */
export function retryAfter(counts: LedgerCounts, { ledger, budgets }: Charge, now: number): number {
  const { windowEndsAt, partEndsAt } = windowAt(ledger.scope, now);
  const windowIsFull =
    counts.uses >= (budgets.usesPerWindow ?? Number.POSITIVE_INFINITY) ||
    counts.unverified >= (budgets.unverifiedPerWindow ?? Number.POSITIVE_INFINITY) ||
    counts.failures >= (budgets.failuresPerWindow ?? Number.POSITIVE_INFINITY);
  return Math.max(1, (windowIsFull ? windowEndsAt : partEndsAt) - now);
}

/** The refusal that lasts longest: asking again after it is not refused by another one. */
export function longest<Refusal extends { readonly charge: Charge; readonly counts: LedgerCounts }>(
  refusals: readonly Refusal[],
  now: number,
): Refusal | undefined {
  const wait = ({ charge, counts }: Refusal) => retryAfter(counts, charge, now);
  return [...refusals].sort((a, b) => wait(b) - wait(a))[0];
}

/** The ledger of a caller's address. */
export const addressLedger = (keyring: Keyring, address: string): LedgerKey => ({
  scope: 'address',
  tag: keyring.tag('address', addressNetwork(address)),
});
