import { unseal } from '../crypto/seal.ts';
import type { Ports } from '../ports.ts';
import { phoneContext } from './challenge.ts';
import { earned, prefixOf } from './spending.ts';

type Needs = Pick<Ports, 'clock' | 'keys' | 'challenges' | 'spendings' | 'spending'>;

/**
 * Earns back what a verified code proves: that SMS to its prefix reach people who want them. Told by the table's
 * stream, because verify itself has one call to make and no more; once, however often the record comes.
 */
export const recordVerified =
  ({ clock, keys, challenges, spendings, spending }: Needs) =>
  async (idHash: string): Promise<void> => {
    // Marked first: a crash in between forgoes what one code earns; the other order would let a batch that is tried
    // again and again mint money.
    if (!(await challenges.countVerified(idHash))) return;
    const challenge = await challenges.find(idHash);
    if (!challenge) return;
    const phone = await unseal(keys, phoneContext(challenge.phoneTag), challenge.phone);
    const amount = earned(spending);
    for (const scope of ['service', prefixOf(phone)] as const) {
      await spendings.earn(scope, amount, clock());
    }
  };
