import type { Account } from '../model/account.ts';
import { accountLedgerTag, type ChargedUnit } from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';

/** Logins of a day on new devices that the owner of an account is told of by SMS. Every login is among the events. */
export const newDeviceNoticesPerDay = 6;

/**
 * The charge for telling an owner of a login on a new device. A completed login counts for nothing, so that only this limits
 * the SMS of whoever logs in again and again. Where it is refused, the login goes on without a notice.
 */
export const newDeviceCharge = async (
  { clock, tags }: Pick<Ports, 'clock' | 'tags'>,
  account: Pick<Account, 'usernameTag' | 'createdAt'>,
): Promise<ChargedUnit> => ({
  charge: {
    ledger: { scope: 'new-device-notices', tag: accountLedgerTag(await tags(), account) },
    counts: 'uses',
    budgets: { usesPerWindow: newDeviceNoticesPerDay },
  },
  at: clock(),
});
