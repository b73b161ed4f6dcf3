import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';
import type { Purpose } from './challenge.ts';
import { prefixOf, type SpendScope, spendCharges } from './spending.ts';

/**
 * Refuses what would send an SMS that there is no money for, before it is promised. A reset asks the service's
 * breaker alone: a decoy's made-up number must not meet another prefix's.
 * @throws Problem too_many_requests, with the seconds until the breaker tries again
 */
export const checkBreaker =
  ({ clock, breakers }: Pick<Ports, 'clock' | 'breakers'>) =>
  async (purpose: Purpose, phone: string): Promise<void> => {
    const scopes: SpendScope[] =
      purpose === 'registration' ? ['service', prefixOf(phone)] : ['service'];
    const now = clock();
    const openUntil = await Promise.all(scopes.map((scope) => breakers.openUntil(scope, purpose)));
    const latest = Math.max(...openUntil);
    if (latest > now) throw new Problem('too_many_requests', { retryAfter: latest - now });
  };

type PaymentPorts = Pick<Ports, 'clock' | 'breakers' | 'spendings' | 'spending'>;

/**
 * Pays for one SMS, or opens the breaker of whatever has no money left for it.
 * @returns undefined where it was refused; else a way to give the money back if the SMS did not go out
 */
export const payFor =
  ({ clock, breakers, spendings, spending }: PaymentPorts) =>
  async (purpose: Purpose, phone: string): Promise<(() => Promise<void>) | undefined> => {
    const now = clock();
    const paid: { scope: SpendScope; cost: number }[] = [];
    // Each payment is taken off the list first: what fails half-way is never given back twice.
    const giveBack = async () => {
      for (let last = paid.pop(); last; last = paid.pop()) {
        await spendings.refund(last.scope, last.cost, now);
      }
    };
    try {
      for (const charge of spendCharges(spending, phone, purpose)) {
        const { kind } = await spendings.spend(charge, now);
        if (kind === 'refused') {
          await giveBack();
          await breakers.open(charge.scope, purpose, now + spending.breakerSeconds);
          return undefined;
        }
        paid.push(charge);
      }
    } catch (error) {
      await giveBack();
      throw error;
    }
    return giveBack;
  };
