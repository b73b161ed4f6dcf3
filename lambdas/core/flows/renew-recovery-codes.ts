import { newRecoveryCodes, tagsOf } from '../account/recovery-code-set.ts';
import { secondFactorRecords } from '../account/second-factor-records.ts';
import { chargeSensitiveChange } from '../budgets/charge-sensitive-change.ts';
import { returnOf, returnUnjudged } from '../budgets/return-unjudged.ts';
import { Problem } from '../model/problems.ts';
import type { Ports } from '../ports/index.ts';
import { type ConfirmedRequest, confirmedAccount } from '../session/confirmed-account.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'clock'
  | 'directoryTokens'
  | 'entropy'
  | 'tags'
  | 'ledgers'
  | 'sessionLimits'
  | 'sessionStore'
>;

/**
 * Replaces the recovery codes: earlier codes stop working. Seven AWS calls.
 * @returns the new codes, in the clear
 * @throws Problem unauthenticated, credentials_incorrect, too_many_requests
 */
export const renewRecoveryCodes =
  (ports: Needs) =>
  async ({ subject, origin, currentPassword }: ConfirmedRequest): Promise<string[]> => {
    const account = await confirmedAccount(ports, subject, currentPassword);
    const unit = await chargeSensitiveChange(ports)(account);
    const codes = newRecoveryCodes(ports);
    const recoveryCodes = tagsOf(await ports.tags(), account, codes);
    const records = secondFactorRecords(ports, account, origin, ['recovery-codes.created']);
    const change = { recoveryCodes, factorsChangedAt: ports.clock() };
    const { kind } = await returnUnjudged([returnOf(ports, unit)], () =>
      ports.accounts.change(account, change, records, 'session'),
    );
    if (kind !== 'changed') throw new Problem('unauthenticated');
    return codes;
  };
