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
 * Removes the app from the account, and the recovery codes that came with it. Seven AWS calls.
 * @throws Problem unauthenticated, credentials_incorrect, too_many_requests
 */
export const removeTotp =
  (ports: Needs) =>
  async ({ subject, origin, currentPassword }: ConfirmedRequest): Promise<void> => {
    const account = await confirmedAccount(ports, subject, currentPassword);
    if (!account.totp) return;
    const unit = await chargeSensitiveChange(ports)(account);
    const records = secondFactorRecords(ports, account, origin, ['totp.removed']);
    const remove = ['totp', 'recoveryCodes'] as const;
    const change = { remove, factorsChangedAt: ports.clock() };
    const { kind } = await returnUnjudged([returnOf(ports, unit)], () =>
      ports.accounts.change(account, change, records, 'session'),
    );
    if (kind !== 'changed') throw new Problem('unauthenticated');
  };
