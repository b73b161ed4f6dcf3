import {
  earnsBack,
  isRelying,
  type Payment,
  type PhoneClass,
  payingClassOf,
  type RelyingScope,
  relyingServiceOf,
} from './purpose.ts';

/** Money in thousandths of the stage's currency, so that every amount is a whole number. */
export type Thousandths = number;

/** The budget of one purse. */
export interface SpendBudget {
  readonly perDay: Thousandths;
  /**
   * Limits of the unverified amount: the amount spent, less the credit for verified codes. It is what Hawiya spends without
   * proof that its SMS reach people. The hour's limit opens the breaker soon after deliveries collapse. The day's limit is
   * the cost of a day without verified codes, and is released through the day ({@link releasedAt}).
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
   * Share of phones that must verify a code so that spending can go on without end: a phone's first verified code of a day is
   * credited with its price divided by this share, and each further one with its own. SMS pumping verifies almost no codes.
   */
  readonly verifiedShare: number;
  /**
   * Share of the unverified money of registrations that is kept for the first codes of each address
   * (`firstCodesPerAddressAndDay`).
   */
  readonly keptForFirstCodes: number;
  /** SMS to caller-chosen phones: registrations and changes of phone. */
  readonly registrations: SpendBudget;
  /** SMS to phones of accounts: resets, logins, closings, notices. */
  readonly accounts: SpendBudget;
  /** SMS to the owner of an account that a caller has named and proved nothing of. */
  readonly namedAccounts: SpendBudget;
  /** The budget of each destination prefix for each of the three: country and first two digits, such as `+96655`. */
  readonly prefix: SpendBudget;
  /** For each relying service, by its id: what its transactions may cost in a UTC day. */
  readonly services: Readonly<Record<string, Thousandths>>;
}

/** A ledger of money: all of Hawiya (`service`), one destination prefix, or one relying service. */
export type SpendScope = 'service' | `prefix-${string}` | RelyingScope;

/** What wrong codes are counted for, and failed logins with a national ID. */
export type GuessScope = SpendScope | 'national-id-logins';

/**
 * A purse is one ledger of money of one class of SMS. Registrations and changes of phone share purses; logins, resets,
 * closings and notices share others; what strangers cause by a name has its own. None can use up the money of another, or
 * earn it.
 */
export interface Purse {
  readonly scope: SpendScope;
  readonly phoneClass: PhoneClass;
}

/** The purse that all registrations and changes of phone share. */
export const registrationPurse: Purse = { scope: 'service', phoneClass: 'caller-chosen-phone' };

/** One SMS as it is charged to a purse. */
export interface SpendCharge extends Purse {
  readonly cost: Thousandths;
  /** The part that counts as unverified. It is 0 where no code can ever earn the price back. */
  readonly unverified: Thousandths;
  readonly budget: SpendBudget;
}

/** Attackers buy numbers in blocks, so a breaker closes a block. */
export const prefixOf = (phone: string): SpendScope => `prefix-${phone.slice(0, 6)}`;

/** The amounts of a ledger of money, for a UTC day and for the hour of an instant. */
export interface SpendCounts {
  readonly spent: Thousandths;
  /** Negative where codes of other hours and days were verified. */
  readonly unverified: Thousandths;
  readonly unverifiedThisHour: Thousandths;
}

/** One SMS as it is charged to a scope's purse for its class. */
export function spendCharge(spending: Spending, scope: SpendScope, payment: Payment): SpendCharge {
  if (isRelying(scope)) return relyingCharge(spending, scope);
  const phoneClass = payingClassOf(payment);
  const cost = spending.pricePerSms;
  return {
    scope,
    phoneClass,
    cost,
    unverified: earnsBack(payment) ? cost : 0,
    budget: scope === 'service' ? budgetOf(spending, phoneClass) : spending.prefix,
  };
}

function budgetOf(spending: Spending, phoneClass: PhoneClass): SpendBudget {
  switch (phoneClass) {
    case 'caller-chosen-phone':
      return spending.registrations;
    case 'named-account':
      return spending.namedAccounts;
    case 'account-phone':
      return spending.accounts;
  }
}

/**
 * One SMS to a caller-chosen phone, as it is reserved. The first codes of an address may use all unverified money that is
 * released. Further codes leave a share of it, so that a few addresses with many unverified codes cannot close the door
 * before everyone else.
 * @param isFirst whether it is among the first unverified codes of its address today
 */
export function reservationCharge(spending: Spending, isFirst: boolean): SpendCharge {
  const charge = spendCharge(spending, registrationPurse.scope, registrationPurse.phoneClass);
  if (isFirst) return charge;
  const { perDay, unverifiedPerHour, unverifiedPerDay } = charge.budget;
  const share = 1 - spending.keptForFirstCodes;
  return {
    ...charge,
    budget: {
      perDay,
      unverifiedPerHour: Math.floor(unverifiedPerHour * share),
      unverifiedPerDay: Math.floor(unverifiedPerDay * share),
    },
  };
}

/** Only the day's total limits a relying service. Its verified codes earn no credit, so no amount counts as unverified. */
const relyingCharge = ({ services, pricePerSms }: Spending, scope: RelyingScope): SpendCharge => ({
  scope,
  phoneClass: 'account-phone',
  cost: pricePerSms,
  unverified: 0,
  budget: {
    perDay: services[relyingServiceOf(scope)] ?? 0,
    unverifiedPerHour: 0,
    unverifiedPerDay: 0,
  },
});

/**
 * The charges of one SMS, the narrower ledger first: an SMS to a closed prefix costs `service` nothing. A transaction is
 * charged to its relying service alone, so a flooding service takes no money from registrations and resets.
 */
export const spendCharges = (spending: Spending, phone: string, payment: Payment): SpendCharge[] =>
  scopesOf(phone, payment).map((scope) => spendCharge(spending, scope, payment));

const scopesOf = (phone: string, payment: Payment): SpendScope[] =>
  isRelying(payment) ? [payment] : [prefixOf(phone), 'service'];

/**
 * The scopes for which wrong codes count, and whose guess breakers a code asks. A prefix is among them only for a
 * caller-chosen phone. A decoy has a made-up number: with the breaker of its prefix, its answers would differ from those of
 * the real phone, and a guess at a reset could open a prefix's breaker that lacks one wrong code. A relying service has only
 * breakers of its own.
 */
export function guessScopes(payment: Payment, phone: string): SpendScope[] {
  if (isRelying(payment)) return [payment];
  return payment === 'caller-chosen-phone' ? ['service', prefixOf(phone)] : ['service'];
}

const hourSeconds = 3600;
const hoursPerDay = 24;

/** Share of a day's unverified budget that is released at midnight. The rest is released in 24 parts, one each hour. */
export const releasedAtOnce = 1 / 2;

/**
 * The part of a day's unverified budget that is released so far. A budget released at once would be gone after two hours of
 * pumping, and no one could register until midnight. The hourly parts let people in again, at the same cost for the day.
 * @param now epoch seconds
 */
export function releasedAt(unverifiedPerDay: Thousandths, now: number): Thousandths {
  const hours = (Math.floor(now / hourSeconds) % hoursPerDay) + 1;
  const share = releasedAtOnce * hoursPerDay + (1 - releasedAtOnce) * hours;
  return Math.floor((unverifiedPerDay * share) / hoursPerDay);
}

/** A budget at an instant: with the part of the day's unverified amount that is released. */
export const budgetAt = (budget: SpendBudget, now: number): SpendBudget => ({
  ...budget,
  unverifiedPerDay: releasedAt(budget.unverifiedPerDay, now),
});

/**
 * The end of a refusal, if no further code is verified: the instant at which every full budget has room again.
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

/**
 * What a verified code takes off the unverified amount: the price of its own SMS, and, as a phone's first code of a day, the
 * price of the codes of others that nobody verifies.
 */
export function creditOf(
  { pricePerSms, verifiedShare }: Spending,
  { sms, isFirst }: { readonly sms: number; readonly isFirst: boolean },
): Thousandths {
  const own = pricePerSms * sms;
  return isFirst ? own + Math.round(pricePerSms / verifiedShare) - pricePerSms : own;
}
