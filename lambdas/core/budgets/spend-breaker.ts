import { spendBreaker } from '../model/breaker.ts';
import { Problem } from '../model/problems.ts';
import { isRelying, type Payment, payingClassOf } from '../model/purpose.ts';
import {
  creditOf,
  type Purse,
  prefixOf,
  refusedUntil,
  reservationCharge,
  type SpendCharge,
  type SpendCounts,
  spendCharge,
  spendCharges,
} from '../model/spending.ts';
import type { Ports } from '../ports/index.ts';

/** Reports to operators that money has run out. */
export interface SpendMetrics {
  readonly breakerOpened: () => void;
}

/**
 * Returns how long the spend breaker of a payment's own purse stays open. The breaker of a prefix is none of them. A decoy
 * has a made-up number, and the breaker of its prefix would distinguish it from a real one.
 * @returns seconds; 0 or less if it is closed
 */
export const breakerWait =
  ({ clock, breakers }: Pick<Ports, 'clock' | 'breakers'>) =>
  async (payment: Payment): Promise<number> => {
    const scope = isRelying(payment) ? payment : 'service';
    return (await breakers.openUntil(spendBreaker(scope, payingClassOf(payment)))) - clock();
  };

/**
 * Refuses a request whose SMS could not be paid, before the SMS is promised.
 * @throws Problem too_many_requests, with the seconds until there is money again if no further code is verified
 */
export const checkBreaker =
  (ports: Pick<Ports, 'clock' | 'breakers'>) =>
  async (payment: Payment): Promise<void> => {
    const wait = await breakerWait(ports)(payment);
    if (wait > 0) throw new Problem('too_many_requests', { retryAfter: wait, limit: 'service' });
  };

export type MoneyPorts = Pick<Ports, 'clock' | 'breakers' | 'spendings' | 'spending'> & {
  readonly spendMetrics?: SpendMetrics;
};

/**
 * Reserves the money of one SMS to a caller-chosen phone, before the request promises it. One AWS call. Give it back with
 * {@link releaseMoney}, at most once.
 *
 * A crash before the promise is stored, or before money is given back, loses the price of one SMS. It is missing until the
 * UTC day ends, because each day has an item of its own.
 * @param isFirst whether the code is among the first unverified ones of its address today
 * @param now epoch seconds
 */
export const reserveMoney =
  (ports: MoneyPorts) =>
  async (
    isFirst: boolean,
    now: number,
  ): Promise<{ kind: 'reserved' } | { kind: 'refused'; until: number }> => {
    const charge = reservationCharge(ports.spending, isFirst);
    // A breaker closes the door for everyone. Further codes are refused while there is money for first ones.
    const result = isFirst
      ? await spendOrOpen(ports, charge, now)
      : await ports.spendings.spend(charge, now);
    if (result.kind === 'spent') return { kind: 'reserved' };
    ports.spendMetrics?.breakerOpened();
    return result;
  };

/**
 * Gives back the money of an SMS that was reserved and certainly not sent.
 * @param reservedAt the instant of the reservation, epoch seconds
 */
export const releaseMoney =
  (ports: MoneyPorts) =>
  async (reservedAt: number): Promise<void> => {
    const charge = reservationCharge(ports.spending, true);
    const held = await ports.spendings.refund(charge, reservedAt);
    // The counts are those of the reservation's hour. In a later hour they say nothing about the breaker, and the next
    // verified code looks at it.
    if (hourOf(reservedAt) !== hourOf(ports.clock())) return;
    const { cost, unverified } = charge;
    await easeBreakers(ports, [{ purse: charge, held, spent: cost, unverified }], ports.clock());
  };

const hourOf = (instant: number): number => Math.floor(instant / 3600);

/**
 * Pays for one SMS from every purse. If a purse has too little money, opens its breaker until it has enough.
 * @param phone E.164
 * @returns a function that refunds the money if the SMS was not sent; undefined if the payment was refused
 */
export const payForSms =
  (ports: MoneyPorts) =>
  async (payment: Payment, phone: string): Promise<(() => Promise<void>) | undefined> => {
    const now = ports.clock();
    const paid: SpendCharge[] = [];
    const refund = () => refundAll(ports, paid, now);
    try {
      for (const charge of spendCharges(ports.spending, phone, payment)) {
        const { kind } = await spendOrOpen(ports, charge, now);
        if (kind === 'spent') {
          paid.push(charge);
          continue;
        }
        await refund();
        return undefined;
      }
    } catch (error) {
      await refund();
      throw error;
    }
    return refund;
  };

/**
 * Records an SMS whose money was reserved with its prefix. It is sent in any case, because it was promised. A prefix over
 * its budget opens its breaker, and then takes first codes of addresses only.
 * @param phone E.164
 * @returns a function that takes the record back if the SMS was not sent
 */
export const recordReserved =
  (ports: MoneyPorts) =>
  async (phone: string): Promise<() => Promise<void>> => {
    const now = ports.clock();
    const charge = spendCharge(ports.spending, prefixOf(phone), 'caller-chosen-phone');
    const recorded = [charge];
    const until = refusedUntil(await ports.spendings.record(charge, now), charge, now);
    if (until > now) {
      await ports.breakers.open(spendBreaker(charge.scope, charge.phoneClass), until);
      ports.spendMetrics?.breakerOpened();
    }
    return () => refundAll(ports, recorded, now);
  };

async function refundAll(ports: MoneyPorts, paid: SpendCharge[], now: number): Promise<void> {
  const returns: Return[] = [];
  // Remove each payment from the list before its refund: a refund that fails half-way is then never repeated.
  for (let last = paid.pop(); last; last = paid.pop()) {
    const { cost, unverified } = last;
    const held = await ports.spendings.refund(last, now);
    returns.push({ purse: last, held, spent: cost, unverified });
  }
  await easeBreakers(ports, returns, now);
}

/** Pays one charge. A refusal opens the purse's breaker. */
async function spendOrOpen(
  { breakers, spendings }: MoneyPorts,
  charge: SpendCharge,
  now: number,
): Promise<{ kind: 'spent' } | { kind: 'refused'; until: number }> {
  const breaker = spendBreaker(charge.scope, charge.phoneClass);
  const first = await spendings.spend(charge, now);
  if (first.kind === 'spent') return first;
  await breakers.open(breaker, first.until);
  // A parallel refund or credit before this opening found no breaker to close. The second attempt finds its money.
  const second = await spendings.spend(charge, now);
  if (second.kind === 'spent') await breakers.shorten(breaker, first.until, now);
  return second;
}

/** A verified code, as its purses see it. */
export interface VerifiedCode {
  /** Its SMS that were paid. */
  readonly sms: number;
  /** Whether it is its phone's first verified code of the day. */
  readonly isFirst: boolean;
}

/**
 * Credits a verified code to the purses that paid for it: its own SMS are no longer unverified. A phone's first code of a day
 * earns more: it proves that SMS to its prefix reach people who want them. One SIM proves that once a day. A code of one
 * class earns the other class nothing, or logins could be turned into money for pumping registrations. Breakers whose
 * purses have money again close, or close sooner.
 * @param phone E.164
 */
export const creditSpending =
  (ports: MoneyPorts) =>
  async (payment: Payment, phone: string, code: VerifiedCode): Promise<void> => {
    const now = ports.clock();
    const amount = creditOf(ports.spending, code);
    const phoneClass = payingClassOf(payment);
    const returns: Return[] = [];
    for (const scope of ['service', prefixOf(phone)] as const) {
      const purse = { scope, phoneClass };
      const held = await ports.spendings.earn(purse, amount, now);
      returns.push({ purse, held, spent: 0, unverified: amount });
    }
    // Last, so that a crash loses no credit: the next verified code checks the breakers again.
    await easeBreakers(ports, returns, now);
  };

/** Money that was returned to a purse, and the purse's counts afterwards. */
interface Return extends Pick<SpendCounts, 'spent' | 'unverified'> {
  readonly purse: Purse;
  readonly held: SpendCounts;
}

async function easeBreakers(
  { breakers, spending }: MoneyPorts,
  returns: readonly Return[],
  now: number,
): Promise<void> {
  for (const { purse, held, spent, unverified } of returns) {
    const before: SpendCounts = {
      spent: held.spent + spent,
      unverified: held.unverified + unverified,
      unverifiedThisHour: held.unverifiedThisHour + unverified,
    };
    const charge = spendCharge(spending, purse.scope, purse.phoneClass);
    const breaker = spendBreaker(purse.scope, purse.phoneClass);
    const until = refusedUntil(held, charge, now);
    // Exactly one write makes the room. It must not miss the breaker by a reading from before the breaker opened.
    const makesRoom = until < refusedUntil(before, charge, now);
    const reading = makesRoom ? 'fresh' : 'remembered';
    const openUntil = await breakers.openUntil(breaker, reading);
    if (openUntil > until) await breakers.shorten(breaker, openUntil, until);
  }
}
