import { chargeAccount } from '../budgets/charge-account.ts';
import type { Account } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'clock' | 'keys' | 'ledgers' | 'directoryTokens'>;

/** Passwords one account may be asked for in an hour and a day once somebody is logged in, right or wrong ones. */
const chargeTry = chargeAccount('reauthentication', { usesPerPart: 10, usesPerWindow: 30 });

/**
 * Asks whoever is logged in for the password again, before something that would lock the owner out: an unattended
 * session must not be enough (NIST SP 800-63B-4 §4.1, ASVS 6.2.3). Counted before the directory is asked, so that no
 * burst gets more guesses; in a ledger of its own, so that no stranger at the login uses it up. Three AWS calls.
 * @throws Problem credentials_incorrect, too_many_requests
 */
export const confirmPassword =
  (ports: Needs) =>
  async (
    account: Pick<Account, 'usernameTag' | 'createdAt'>,
    username: string,
    password: string,
  ): Promise<void> => {
    await chargeTry(ports)(account);
    const result = await ports.directoryTokens.authenticate(username, password);
    if (result.kind === 'rejected') throw new Problem('credentials_incorrect');
    // It was a question, not a login: the directory's session of it ends at once.
    await ports.directoryTokens.revoke(result.tokens.refreshToken);
  };
