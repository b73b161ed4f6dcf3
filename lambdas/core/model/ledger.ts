import type { Tagger } from '../crypto/keys.ts';
import { addressNetwork } from '../values/address-network.ts';
import type { Account } from './account.ts';
import { hasDecoys, type Purpose } from './purpose.ts';

/**
 * What a ledger counts. A phone has one ledger per purpose: a stranger who knows the number can start registrations for it,
 * and they must not use up the owner's resets (docs/decisions/0010). For a reset, a phone that is
 * proved first, a change of phone and a closing, the tag of `phone-…` is the account's.
 */
export type LedgerScope =
  | 'account'
  | 'account-year'
  | 'address'
  /** SMS of registrations and changes of phone that an address causes, and how many of them nobody verified. */
  | 'address-registration'
  /** Wrong second factors of a login. An attacker with the password must not close the owner's reset with them. */
  | 'account-login'
  | 'account-login-year'
  /** Passwords tried on devices that are not remembered: for an account, and from an address. */
  | 'login'
  | 'login-address'
  /** Passwords tried with a ticket that completed a registration or a reset, and the login that it opened. */
  | 'ticket-passwords'
  | 'ticket-login'
  /** Passwords that a subscriber who is logged in enters again. */
  | 'reauthentication'
  /** Changes of what protects an account. The owner gets an SMS for each. */
  | 'sensitive-change'
  /** SMS that tell an owner of a reused refresh token. */
  | 'reuse-notice'
  /** Exports of a person's data. Each export is an event, and the next export contains it. */
  | 'export'
  /** Wrong codes of all of Hawiya, or of one destination prefix. The tag names which, in the clear. */
  | 'guesses'
  /** Transactions of a relying service. The tag is its id, in the clear. */
  | 'relying-service'
  /** Wrong codes of a phone that is proved before the password. Full, they close that way alone. */
  | 'account-phone-first'
  | 'account-phone-first-year'
  /** Codes texted to one phone for accounts that somebody named, over all its accounts. Only the sender counts them. */
  | 'resets-to-phone'
  /** Reminders of a username, by the pair of national ID and phone that was typed. No answer shows it. */
  | 'username-reminders'
  /** Reminders texted to one phone, over all its accounts. Only the sender counts them. */
  | 'reminders-to-phone'
  | 'phone-first-to-phone'
  /** Verified SMS of a phone, and those of transactions. Full, it refuses nothing: further codes give nothing back. */
  | 'verified-sms'
  | 'verified-transactions'
  /** Notices of a login on a new device, to one account. */
  | 'new-device-notices'
  | `phone-${Purpose}`;

export interface LedgerKey {
  readonly scope: LedgerScope;
  /** Tag of the phone, account or address, never the value itself. Of a ticket, the hash of its challenge's id. */
  readonly tag: string;
}

/**
 * Tag of an account's ledgers. It includes the instant the account was opened: a person who registers a username that was
 * given up starts with empty ledgers.
 * It is made of the newest level of the username's tag. An account that moves there keeps its ledgers: budgets that begin
 * anew would tell a stranger that the account exists.
 */
export const accountLedgerTag = (
  tagger: Tagger,
  { usernameTag, createdAt }: Pick<Account, 'usernameTag' | 'createdAt'>,
): string => tagger.tag('username', tagger.newest(usernameTag), String(createdAt));

/** As much of a challenge, stored or about to start, as names its ledgers. */
export interface LedgerSubject {
  readonly purpose: Purpose;
  readonly phoneTag: string;
  readonly accountTag?: string;
  readonly ledgerTag?: string;
}

/**
 * The ledgers of a challenge: its phone's for that purpose, and its account's for day and year where it has an account.
 *
 * A request of a subscriber who is logged in counts for the account. A change of phone counts for the new phone too, in the
 * ledger of its registrations: that phone may be a stranger's, and many accounts together must not text it more often than
 * one caller can.
 *
 * A reset and a phone that is proved first count for their account too, or for what was typed where there is none. A ledger that several accounts share would tell
 * the holder of one account which other pairs are on the same phone (docs/decisions/0033).
 */
export function ledgersOf(challenge: LedgerSubject): LedgerKey[] {
  const { purpose, phoneTag, accountTag } = challenge;
  const tag = challenge.ledgerTag ?? accountTag;
  const changes = purpose === 'phone-change' || purpose === 'account-closing';
  const ofAccount = changes || hasDecoys(purpose);
  const sends = {
    scope: `phone-${purpose}`,
    tag: ofAccount ? (tag ?? phoneTag) : phoneTag,
  } as const;
  if (purpose === 'phone-change') return [sends, { scope: 'phone-registration', tag: phoneTag }];
  if (tag === undefined || changes) return [sends];
  const scope = failureScope(purpose);
  return [sends, { scope, tag }, { scope: `${scope}-year`, tag }];
}

/** The ledger of an account's wrong codes. Each way into the account has its own, and closes alone. */
function failureScope(purpose: Purpose) {
  if (purpose === 'login') return 'account-login';
  return purpose === 'phone-first' ? 'account-phone-first' : 'account';
}

/** The counts of one ledger, in the window and the part of an instant. */
export interface LedgerCounts {
  readonly uses: number;
  readonly usesThisPart: number;
  /** For an address: caller-chosen phones that were texted, less the credit for verified codes. It may be negative. */
  readonly unverified: number;
  readonly failures: number;
}

/** The budgets of a ledger. A budget that is left out is not checked. */
export interface Budgets {
  readonly usesPerPart?: number;
  readonly usesPerWindow?: number;
  readonly unverifiedPerWindow?: number;
  readonly failuresPerWindow?: number;
}

/**
 * One write to a ledger, on the condition that every budget has room. With `counts` it takes a unit: a use, or a use that
 * also counts as unverified. Without `counts` it only checks.
 */
export interface Charge {
  readonly ledger: LedgerKey;
  readonly counts?: 'uses' | 'unverified-uses';
  readonly budgets: Budgets;
}

/** A unit that was charged and can be returned. */
export interface ChargedUnit {
  readonly charge: Charge;
  /** Epoch seconds. */
  readonly at: number;
}

type Unit = 'year' | 'day' | 'hour' | 'minute';

/** Each window has one item, with one counter of uses per part: so all budgets of a ledger are one condition. */
const shapes: Record<LedgerScope, { readonly window: Unit; readonly part: Unit }> = {
  account: { window: 'day', part: 'hour' },
  'account-year': { window: 'year', part: 'day' },
  'account-login': { window: 'day', part: 'hour' },
  'account-login-year': { window: 'year', part: 'day' },
  address: { window: 'hour', part: 'minute' },
  'address-registration': { window: 'day', part: 'hour' },
  guesses: { window: 'day', part: 'hour' },
  login: { window: 'day', part: 'hour' },
  'login-address': { window: 'hour', part: 'minute' },
  'ticket-passwords': { window: 'day', part: 'hour' },
  'ticket-login': { window: 'day', part: 'hour' },
  reauthentication: { window: 'day', part: 'hour' },
  'relying-service': { window: 'day', part: 'hour' },
  'sensitive-change': { window: 'day', part: 'hour' },
  'reuse-notice': { window: 'day', part: 'hour' },
  export: { window: 'day', part: 'hour' },
  'account-phone-first': { window: 'day', part: 'hour' },
  'account-phone-first-year': { window: 'year', part: 'day' },
  'resets-to-phone': { window: 'day', part: 'hour' },
  'username-reminders': { window: 'day', part: 'hour' },
  'reminders-to-phone': { window: 'day', part: 'hour' },
  'phone-first-to-phone': { window: 'day', part: 'hour' },
  'verified-sms': { window: 'day', part: 'hour' },
  'verified-transactions': { window: 'day', part: 'hour' },
  'new-device-notices': { window: 'day', part: 'hour' },
  'phone-registration': { window: 'day', part: 'hour' },
  'phone-password-reset': { window: 'day', part: 'hour' },
  'phone-login': { window: 'day', part: 'hour' },
  'phone-phone-change': { window: 'day', part: 'hour' },
  'phone-account-closing': { window: 'day', part: 'hour' },
  'phone-transaction': { window: 'day', part: 'hour' },
  'phone-phone-first': { window: 'day', part: 'hour' },
};

/** The fixed window of UTC that an instant falls into, and the part of it. */
export interface Window {
  /** `2026-11-23`, `2026-11-23T07`, `2026` */
  readonly window: string;
  /** Two digits: `07` of the day's hours, `30` of the hour's minutes. */
  readonly part: string;
  /** Epoch seconds at which the window, and the part, are over. */
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

/** Whether a charge fits into a ledger with these counts. */
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
 * How long a refused charge stays refused: until the longest full window ends.
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

/** The refusal that lasts longest. After it, none of the others refuses the same request. */
export function longest<Refusal extends { readonly charge: Charge; readonly counts: LedgerCounts }>(
  refusals: readonly Refusal[],
  now: number,
): Refusal | undefined {
  const wait = ({ charge, counts }: Refusal) => retryAfter(counts, charge, now);
  return [...refusals].sort((a, b) => wait(b) - wait(a))[0];
}

/** The ledger of a caller's address, for its registrations and changes of phone. */
export const registrationLedger = (addressTag: string): LedgerKey => ({
  scope: 'address-registration',
  tag: addressTag,
});

/** The ledger of a caller's address. */
export const addressLedger = (tagger: Tagger, address: string): LedgerKey => ({
  scope: 'address',
  tag: tagger.tag('address', addressNetwork(address)),
});
