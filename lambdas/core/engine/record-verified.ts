import { unseal } from '../crypto/seal.ts';
import type { Ports } from '../ports.ts';
import { phoneContext } from './challenge.ts';
import { earned, prefixOf } from './spending.ts';

type Needs = Pick<Ports, 'clock' | 'keys' | 'challenges' | 'spendings' | 'spending'>;

/**
 * Earns back what a verified code proves: that SMS to its prefix reach people who want them. Told by the table's
 * stream, because verify itself has one call to make and no more. A record that comes twice earns twice; the
 * share it is measured against has room for that.
 */
export const recordVerified =
  ({ clock, keys, challenges, spendings, spending }: Needs) =>
  async (idHash: string): Promise<void> => {
    const challenge = await challenges.find(idHash);
    if (!challenge) return;
    const phone = await unseal(keys, phoneContext(challenge.phoneTag), challenge.phone);
    const amount = earned(spending);
    for (const scope of ['service', prefixOf(phone)] as const) {
      await spendings.earn(scope, amount, clock());
    }
  };
