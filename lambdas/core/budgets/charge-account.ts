import type { Account } from '../model/account.ts';
import { accountLedgerTag, type Budgets, type LedgerScope } from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';
import { throwIfRefused } from './challenge-charges.ts';

type Needs = Pick<Ports, 'clock' | 'tags' | 'ledgers'>;

/**
 * Counts one request of a logged-in account owner; the caller has checked the session. The ledger belongs to the account
 * and not to its username, so a later account with the same name starts with an empty ledger. One AWS call.
 * @throws Problem too_many_requests
 */
export const chargeAccount =
  (scope: LedgerScope, budgets: Budgets) =>
  ({ clock, tags, ledgers }: Needs) =>
  async (account: Pick<Account, 'usernameTag' | 'createdAt'>): Promise<void> => {
    const now = clock();
    const ledger = { scope, tag: accountLedgerTag(await tags(), account) };
    throwIfRefused(await ledgers.charge({ ledger, counts: 'uses', budgets }, now), now);
  };
