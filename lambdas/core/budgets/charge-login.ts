import type { Keyring } from '../crypto/keyring.ts';
import type { Account } from '../model/account.ts';
import { addressLedger, type Charge, type ChargedUnit } from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';
import { throwIfRefused } from './challenge-charges.ts';

type Needs = Pick<Ports, 'clock' | 'keys' | 'limits' | 'ledgers'>;

/*
 * Tries of a password on devices nobody remembers, charged before the directory is asked, right or wrong: no burst gets
 * more guesses, and no stranger drives the directory's own lock-out against the account's owner.
 */

/**
 * Charges the caller's address for one try, whoever's account.
 * @throws Problem too_many_requests
 */
export const chargeLoginAddress =
  (ports: Needs) =>
  async (address: string): Promise<void> => {
    const { keys, limits } = ports;
    const { tag } = addressLedger(await keys(), address);
    await charge(ports, {
      ledger: { scope: 'login-address', tag },
      counts: 'uses',
      budgets: {
        usesPerPart: limits.loginsPerAddressAndMinute,
        usesPerWindow: limits.loginsPerAddressAndHour,
      },
    });
  };

/** Seconds for which whoever has reset a password has a budget of their own, from the address they did it from. */
const ownSeconds = 3600;

/** What the tries of one password are counted under: nothing of it outlives a reset, or the account. */
export const passwordTag = (keyring: Keyring, usernameTag: string, account?: Account): string =>
  // Both: an account may be opened and reset within a second.
  keyring.tag(
    'username',
    usernameTag,
    String(account?.createdAt ?? 0),
    String(account?.sessionsValidFrom ?? 0),
  );

/**
 * Charges an account, or a name that is none, for one try. The budget is that of one password: who has just reset it
 * logs in, though somebody used up the budget before, and though somebody goes on doing so: for an hour, tries from
 * where it was reset are counted by themselves.
 * @returns what a right password gives back: it is no guess, and it ends the directory's row of wrong ones
 * @throws Problem too_many_requests
 */
export const chargeLoginAccount =
  (ports: Needs) =>
  async (
    usernameTag: string,
    account: Account | undefined,
    address: string,
  ): Promise<ChargedUnit> => {
    const { clock, keys, limits } = ports;
    const keyring = await keys();
    const { tag: addressTag } = addressLedger(keyring, address);
    const since = account?.sessionsValidFrom ?? 0;
    const own = account?.resetFrom === addressTag && clock() < since + ownSeconds;
    const tag = passwordTag(keyring, usernameTag, account);
    return charge(ports, {
      ledger: { scope: 'login', tag: own ? keyring.tag('username', tag, addressTag) : tag },
      counts: 'uses',
      budgets: {
        usesPerPart: limits.loginsPerAccountAndHour,
        usesPerWindow: limits.loginsPerAccountAndDay,
      },
    });
  };

async function charge({ clock, ledgers }: Needs, of: Charge): Promise<ChargedUnit> {
  const at = clock();
  throwIfRefused(await ledgers.charge(of, at), at);
  return { charge: of, at };
}
