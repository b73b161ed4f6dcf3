import { chargeAccount } from '../budgets/charge-account.ts';
import { returnOf, returnUnjudged } from '../budgets/return-unjudged.ts';
import type { Account } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'clock' | 'tags' | 'ledgers' | 'directoryTokens'>;

/** Password confirmations that one account may make in an hour and in a day, right or wrong. */
const chargeTry = chargeAccount('reauthentication', { usesPerPart: 10, usesPerWindow: 30 });

/**
 * Asks a subscriber who is logged in for the password again, before a change that could lock the
 * owner out.
 * An unattended session must not be enough for such a change (NIST SP 800-63B-4 §4.1, ASVS 6.2.3).
 *
 * The attempt is charged before the directory is asked, so parallel requests get no extra guesses. It
 * is returned if the directory gives no answer: one AWS call more.
 * Its ledger is `reauthentication`: a stranger at the login cannot use it up. Three AWS calls.
 * @throws Problem credentials_incorrect, too_many_requests
 */
export const confirmPassword =
  (ports: Needs) =>
  async (
    account: Pick<Account, 'usernameTag' | 'createdAt'>,
    username: string,
    password: string,
  ): Promise<void> => {
    const { directoryTokens } = ports;
    const unit = await chargeTry(ports)(account);
    await returnUnjudged([returnOf(ports, unit)], async () => {
      const result = await directoryTokens.authenticate(username, password);
      if (result.kind === 'rejected') throw new Problem('credentials_incorrect');
      // A confirmation opens no session: revoke the one that the directory opened.
      await directoryTokens.revoke(result.tokens.refreshToken);
    });
  };
