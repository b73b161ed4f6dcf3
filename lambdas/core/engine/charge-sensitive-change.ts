import type { Account } from '../account.ts';
import type { Ports } from '../ports.ts';
import { throwIfRefused } from './start-challenge.ts';

type Needs = Pick<Ports, 'clock' | 'keys' | 'ledgers'>;

/** Changes of password, authenticator app and recovery codes of one account, all together, in an hour and a day. */
const budgets = { sendsPerPart: 6, sendsPerWindow: 12 };

/**
 * Counts one change that its owner is told of by SMS: in a loop, they would be an SMS each that nobody has to verify.
 * To be called once the current password, or the app, was confirmed, so that nobody else uses the budget up. It is the
 * account's, and not its name's, which may be somebody else's tomorrow. One AWS call.
 * @throws Problem too_many_requests
 */
export const chargeSensitiveChange =
  ({ clock, keys, ledgers }: Needs) =>
  async ({ usernameTag, createdAt }: Pick<Account, 'usernameTag' | 'createdAt'>): Promise<void> => {
    const now = clock();
    const tag = (await keys()).tag('username', usernameTag, String(createdAt));
    const ledger = { scope: 'sensitive-change', tag } as const;
    throwIfRefused(await ledgers.charge({ ledger, counts: 'sends', budgets }, now), now);
  };
