import { unseal } from '../crypto/seal.ts';
import type { Ports } from '../ports.ts';
import { earnBack } from './breaker.ts';
import { phoneContext } from './challenge.ts';
import { creditAddress } from './charge-address.ts';

type Needs = Pick<
  Ports,
  'clock' | 'keys' | 'challenges' | 'ledgers' | 'spendings' | 'spending' | 'breakers'
>;

/**
 * Earns back what a verified code proves, for money and for the address that asked. Told by the table's stream, because
 * verify itself has one call to make and no more; once, however often the record comes.
 */
export const recordVerified =
  (ports: Needs) =>
  async (idHash: string): Promise<void> => {
    // Marked first: a crash in between forgoes what one code earns; the other order would let a batch that is tried
    // again and again mint money.
    const counted = await ports.challenges.countVerified(idHash);
    if (counted.kind === 'counted-before') return;
    const { phone, phoneTag } = counted.challenge;
    const sentTo = await unseal(ports.keys, phoneContext(phoneTag), phone);
    await Promise.all([earnBack(ports)(sentTo), creditAddress(ports)(counted.challenge)]);
  };
