import { addressTagOf, isUnderOwnKey } from '../model/challenge.ts';
import { phoneClassOf } from '../model/purpose.ts';
import { openPhone } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';
import { creditAddress, returnUnverifiedUse } from './charge-address.ts';
import { reviewNumberOf } from './review-numbers.ts';
import { creditSpending, type MoneyPorts } from './spend-breaker.ts';

type Needs = MoneyPorts &
  Pick<Ports, 'phoneSealKeys' | 'tags' | 'challenges' | 'ledgers' | 'reviewNumbers'>;

/**
 * Credits a verified code to the purses of its class and to the address that requested it. The table's stream triggers it,
 * because verifying a code must take a single AWS call. A record that is delivered again has no further effect.
 */
export const creditVerifiedCode =
  (ports: Needs) =>
  async (idHash: string): Promise<void> => {
    // Mark before crediting: a crash then loses the credit of one code. In the reverse order, a retried batch would
    // credit the same code again and again.
    const counted = await ports.challenges.countVerified(idHash);
    if (counted.kind === 'counted-before') return;
    // Another flow's function must not earn money for this one.
    if (!isUnderOwnKey(counted.challenge)) return;
    const { purpose, phoneTag, createdAt } = counted.challenge;
    // A transaction was paid from the budget of its relying service. If it earned credit, the owner of such a service
    // could verify codes on their own phones and use the credit to pump SMS by registrations.
    if (purpose === 'transaction') return;
    if (await reviewNumberOf(ports)(phoneTag)) {
      // The code of a review number is known in advance and proves no delivery, so it earns neither money nor room for
      // its address. Only its own start is returned.
      const addressTag = addressTagOf(counted.challenge);
      if (addressTag !== undefined) await returnUnverifiedUse(ports)(addressTag, createdAt);
      return;
    }
    const sentTo = await openPhone(ports.phoneSealKeys, counted.challenge, createdAt);
    await Promise.all([
      creditSpending(ports)(phoneClassOf(purpose), sentTo),
      creditAddress(ports)(counted.challenge),
    ]);
  };
