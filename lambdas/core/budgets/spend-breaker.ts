import { breakerClassOf, spendBreaker } from '../model/breaker.ts';
import { Problem } from '../model/problems.ts';
import type { Payment, PhoneClass } from '../model/purpose.ts';
import {
  breakerScopes,
  earned,
  prefixOf,
  refusedUntil,
  type SpendCharge,
  type SpendCounts,
  type SpendScope,
  spendCharge,
  spendCharges,
} from '../model/spending.ts';
import type { Ports } from '../ports/index.ts';

/**
 * How long no SMS is sent because there is no money for it.
 * @returns seconds, 0 or less where it is closed
 */
export const breakerWait =
  ({ clock, breakers }: Pick<Ports, 'clock' | 'breakers'>) =>
  async (payment: Payment, phone: string): Promise<number> => {
    const openUntil = await Promise.all(
      breakerScopes(payment, phone).map((scope) =>
        breakers.openUntil(spendBreaker(scope, breakerClassOf(payment))),
      ),
    );
    return Math.max(...openUntil) - clock();
  };

/**
 * Refuses what would send an SMS that there is no money for, before it is promised.
 * @throws Problem too_many_requests, with the seconds until there is money again if no code is verified
 */
export const checkBreaker =
  (ports: Pick<Ports, 'clock' | 'breakers'>) =>
  async (payment: Payment, phone: string): Promise<void> => {
    const wait = await breakerWait(ports)(payment, phone);
    if (wait > 0) throw new Problem('too_many_requests', { retryAfter: wait });
  };

type MoneyPorts = Pick<Ports, 'clock' | 'breakers' | 'spendings' | 'spending'>;

/**
 * Pays for one SMS, or opens the breaker of whatever has no money left for it, until it has.
 * @returns undefined where it was refused; else a way to give the money back if the SMS did not go out
 */
export const payForSms =
  (ports: MoneyPorts) =>
  async (payment: Payment, phone: string): Promise<(() => Promise<void>) | undefined> => {
    const now = ports.clock();
    const paid: SpendCharge[] = [];
    const refund = async () => {
      const returns: Return[] = [];
      // Each payment is taken off the list first: what fails half-way is never given back twice.
      for (let last = paid.pop(); last; last = paid.pop()) {
        const { scope, cost, unverified } = last;
        const held = await ports.spendings.refund(last, now);
        returns.push({ scope, held, spent: cost, unverified });
      }
      await easeBreakers(ports, returns, now);
    };
    try {
      for (const charge of spendCharges(ports.spending, phone, payment)) {
        if (await pay(ports, charge, breakerClassOf(payment), { paid, now })) continue;
        await refund();
        return undefined;
      }
    } catch (error) {
      await refund();
      throw error;
    }
    return refund;
  };

async function pay(
  { breakers, spendings }: MoneyPorts,
  charge: SpendCharge,
  phoneClass: PhoneClass,
  { paid, now }: { readonly paid: SpendCharge[]; readonly now: number },
): Promise<boolean> {
  const first = await spendings.spend(charge, now);
  if (first.kind === 'refused') {
    await breakers.open(spendBreaker(charge.scope, phoneClass), first.until);
    // Whoever brought money back in between found no breaker to close: asked again, the money is found here.
    const second = await spendings.spend(charge, now);
    if (second.kind === 'refused') return false;
  }
  paid.push(charge);
  if (first.kind === 'refused')
    await breakers.shorten(spendBreaker(charge.scope, phoneClass), first.until, now);
  return true;
}

/**
 * Earns back what a verified code proves: that SMS to its prefix reach people who want them. Breakers that there is
 * money for again close, or end sooner.
 */
export const creditSpending =
  (ports: MoneyPorts) =>
  async (phone: string): Promise<void> => {
    const now = ports.clock();
    const amount = earned(ports.spending);
    const returns: Return[] = [];
    for (const scope of ['service', prefixOf(phone)] as const) {
      const held = await ports.spendings.earn(scope, amount, now);
      returns.push({ scope, held, spent: 0, unverified: amount });
    }
    // Last, so that a crash costs no money: the next code that is verified looks at the breakers again.
    await easeBreakers(ports, returns, now);
  };

/** Money that came back to a scope, and what is held after it. */
interface Return extends Pick<SpendCounts, 'spent' | 'unverified'> {
  readonly scope: SpendScope;
  readonly held: SpendCounts;
}

const phoneClasses = ['caller-chosen-phone', 'account-phone'] as const satisfies PhoneClass[];

async function easeBreakers(
  { breakers, spending }: MoneyPorts,
  returns: readonly Return[],
  now: number,
): Promise<void> {
  for (const { scope, held, spent, unverified } of returns) {
    const before: SpendCounts = {
      spent: held.spent + spent,
      unverified: held.unverified + unverified,
      unverifiedThisHour: held.unverifiedThisHour + unverified,
    };
    for (const phoneClass of phoneClasses) {
      const charge = spendCharge(spending, scope, phoneClass);
      const breaker = spendBreaker(scope, phoneClass);
      const until = refusedUntil(held, charge, now);
      // Only one write makes the room: it must not miss the breaker by a reading from before it opened.
      const makesRoom = until < refusedUntil(before, charge, now);
      const reading = makesRoom ? 'fresh' : 'remembered';
      const openUntil = await breakers.openUntil(breaker, reading);
      if (openUntil > until) await breakers.shorten(breaker, openUntil, until);
    }
  }
}
