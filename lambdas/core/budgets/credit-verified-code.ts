import { unseal } from '../crypto/seal.ts';
import { addressTagOf, phoneContext } from '../model/challenge.ts';
import type { Ports } from '../ports/index.ts';
import { creditAddress, returnUnverifiedUse } from './charge-address.ts';
import { reviewNumberOf } from './review-numbers.ts';
import { creditSpending } from './spend-breaker.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'keys'
  | 'challenges'
  | 'ledgers'
  | 'spendings'
  | 'spending'
  | 'breakers'
  | 'reviewNumbers'
>;

/**
 * Earns back what a verified code proves, for money and for the address that asked. Told by the table's stream, because
 * verify itself has one call to make and no more; once, however often the record comes.
 */
export const creditVerifiedCode =
  (ports: Needs) =>
  async (idHash: string): Promise<void> => {
    // Marked first: a crash in between forgoes what one code earns; the other order would let a batch that is tried
    // again and again mint money.
    const counted = await ports.challenges.countVerified(idHash);
    if (counted.kind === 'counted-before') return;
    const { purpose, phone, phoneTag, createdAt } = counted.challenge;
    // It was paid from a purse of its own: else whoever has a relying service could verify codes of their own phones for
    // money that registrations are then pumped with.
    if (purpose === 'transaction') return;
    if (await reviewNumberOf(ports)(phoneTag)) {
      // It proves nothing of SMS: money would be minted with a code that is known beforehand, and room for its address.
      const addressTag = addressTagOf(counted.challenge);
      if (addressTag !== undefined) await returnUnverifiedUse(ports)(addressTag, createdAt);
      return;
    }
    const sentTo = await unseal(ports.keys, phoneContext(phoneTag), phone);
    await Promise.all([creditSpending(ports)(sentTo), creditAddress(ports)(counted.challenge)]);
  };
