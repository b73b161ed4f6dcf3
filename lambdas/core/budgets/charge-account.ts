import type { Account } from '../model/account.ts';
import {
  accountLedgerTag,
  type Budgets,
  type ChargedUnit,
  type LedgerScope,
} from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';
import { throwIfRefused } from './challenge-charges.ts';

type Needs = Pick<Ports, 'clock' | 'tags' | 'ledgers'>;

/**
 * Counts one request of a logged-in account owner; the caller has checked the session. The ledger belongs to the account
 * and not to its username, so a later account with the same name starts with an empty ledger. One AWS call.
 * @returns the unit, to be returned if what it was charged for gives no answer
 * @throws Problem too_many_requests
 */
export const chargeAccount =
  (scope: LedgerScope, budgets: Budgets) =>
  ({ clock, tags, ledgers }: Needs) =>
  async (account: Pick<Account, 'usernameTag' | 'createdAt'>): Promise<ChargedUnit> => {
    const at = clock();
    const ledger = { scope, tag: accountLedgerTag(await tags(), account) };
    const charge = { ledger, counts: 'uses', budgets } as const;
    throwIfRefused(await ledgers.charge(charge, at), at);
    return { charge, at };
  };
