import type { AccountStore, PhoneProof } from '../ports/account-store.ts';
import type { Ports } from '../ports/index.ts';
import { findByTag } from './find-account.ts';

type Change = AccountStore['change'];

/**
 * Changes an account as the store does, also if it moved to a newer tag since it was read: a rotation must not stop a
 * change of the password halfway. The conditions stay those of the account as it was read.
 * One AWS call, and two more after such a move.
 */
export const changeAccount =
  (ports: Pick<Ports, 'accounts' | 'tags'>): Change =>
  async (of, change, records, authority) => {
    const first = await ports.accounts.change(of, change, records, authority);
    const { isSame, laterTags } = await ports.tags();
    const mayHaveMoved = laterTags(of.usernameTag).some((tag) => tag !== of.usernameTag);
    if (first.kind !== 'gone' || !mayHaveMoved) return first;

    const moved = await findByTag(ports)(of.usernameTag);
    if (!moved || moved.usernameTag === of.usernameTag) return first;
    const { usernameTag, phoneTag } = moved;
    const onPhone = (proof: PhoneProof): PhoneProof =>
      isSame(proof.phoneTag, phoneTag) ? { ...proof, phoneTag } : proof;
    const proved = typeof authority === 'object' ? onPhone(authority) : authority;
    return ports.accounts.change({ ...of, usernameTag }, change, records, proved);
  };
