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
 * Returns how long the spend breakers stay open for an SMS.
 * @param phone E.164
 * @returns seconds; 0 or less if all breakers are closed
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
 * Refuses a request whose SMS could not be paid, before the SMS is promised.
 * @param phone E.164
 * @throws Problem too_many_requests, with the seconds until there is money again if no further code is verified
 */
export const checkBreaker =
  (ports: Pick<Ports, 'clock' | 'breakers'>) =>
  async (payment: Payment, phone: string): Promise<void> => {
    const wait = await breakerWait(ports)(payment, phone);
    if (wait > 0) throw new Problem('too_many_requests', { retryAfter: wait });
  };

type MoneyPorts = Pick<Ports, 'clock' | 'breakers' | 'spendings' | 'spending'>;

/**
 * Pays for one SMS from every spend ledger. If a ledger has too little money, opens its breaker until it has enough.
 * @param phone E.164
 * @returns a function that refunds the money if the SMS was not sent; undefined if the payment was refused
 */
export const payForSms =
  (ports: MoneyPorts) =>
  async (payment: Payment, phone: string): Promise<(() => Promise<void>) | undefined> => {
    const now = ports.clock();
    const paid: SpendCharge[] = [];
    const refund = async () => {
      const returns: Return[] = [];
      // Remove each payment from the list before its refund: a refund that fails half-way is then never repeated.
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
    // A parallel refund or credit before this opening found no breaker to close. The second attempt finds its money.
    const second = await spendings.spend(charge, now);
    if (second.kind === 'refused') return false;
  }
  paid.push(charge);
  if (first.kind === 'refused')
    await breakers.shorten(spendBreaker(charge.scope, phoneClass), first.until, now);
  return true;
}

/**
 * Credits a verified code to the spend ledgers: it proves that SMS to its prefix reach people who want them. Breakers
 * whose ledgers have money again close, or close sooner.
 * @param phone E.164
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
    // Last, so that a crash loses no credit: the next verified code checks the breakers again.
    await easeBreakers(ports, returns, now);
  };

/** Money that was returned to a scope, and the scope's counts afterwards. */
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
      // Exactly one write makes the room. It must not miss the breaker by a reading from before the breaker opened.
      const makesRoom = until < refusedUntil(before, charge, now);
      const reading = makesRoom ? 'fresh' : 'remembered';
      const openUntil = await breakers.openUntil(breaker, reading);
      if (openUntil > until) await breakers.shorten(breaker, openUntil, until);
    }
  }
}
