import type { Account } from '../model/account.ts';
import { accountLedgerTag, type Budgets, type LedgerScope } from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';
import { throwIfRefused } from './challenge-charges.ts';

type Needs = Pick<Ports, 'clock' | 'keys' | 'ledgers'>;

/**
 * Counts one thing that the owner of an account asks for, whose session is known to stand; the next one who has
 * its name starts with none. One AWS call.
 * @throws Problem too_many_requests
 */
export const chargeAccount =
  (scope: LedgerScope, budgets: Budgets) =>
  ({ clock, keys, ledgers }: Needs) =>
  async (account: Pick<Account, 'usernameTag' | 'createdAt'>): Promise<void> => {
    const now = clock();
    const ledger = { scope, tag: accountLedgerTag(await keys(), account) };
    throwIfRefused(await ledgers.charge({ ledger, counts: 'uses', budgets }, now), now);
  };
