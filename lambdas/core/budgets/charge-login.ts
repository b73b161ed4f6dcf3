import type { Tagger } from '../crypto/keys.ts';
import type { Account } from '../model/account.ts';
import { addressLedger, type Budgets, type Charge, type ChargedUnit } from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';
import { throwIfRefused } from './challenge-charges.ts';

type Needs = Pick<Ports, 'clock' | 'tags' | 'limits' | 'ledgers'>;

/*
 * Login attempts on devices that are not remembered. Each is charged before the directory checks the password, whether
 * it is right or wrong. So a burst gets no extra guesses, and a stranger cannot use the directory's own lock-out against
 * the account's owner.
 */

/**
 * Charges the caller's address for one login attempt, on any account. One AWS call.
 * @throws Problem too_many_requests
 */
export const chargeLoginAddress =
  (ports: Needs) =>
  async (address: string): Promise<ChargedUnit> => {
    const { tags, limits } = ports;
    const { tag } = addressLedger(await tags(), address);
    return charge(ports, {
      ledger: { scope: 'login-address', tag },
      counts: 'uses',
      budgets: {
        usesPerPart: limits.loginsPerAddressAndMinute,
        usesPerWindow: limits.loginsPerAddressAndHour,
      },
    });
  };

/** Seconds after a password reset for which the network of that reset has its own budget. */
const ownSeconds = 3600;

/**
 * The tag under which the attempts at one password are counted. A reset or a new account with the same name starts a new
 * count.
 */
export const passwordTag = (tagger: Tagger, usernameTag: string, account?: Account): string =>
  // Both instants, because an account may be opened and reset within one second.
  tagger.tag(
    'username',
    tagger.newest(usernameTag),
    String(account?.createdAt ?? 0),
    String(account?.sessionsValidFrom ?? 0),
  );

/**
 * Charges an account for one login attempt; an unknown username is charged in the same way. The budget belongs to one
 * password, so an owner who has just reset it can log in although an attacker used up the former budget. For an hour
 * after the reset, attempts from its network are counted separately, so that an attacker who continues elsewhere does
 * not lock out the owner.
 * @param name the kind of name that was typed, and its tag. A username and a national ID have tries of their own
 * @returns the unit to return after a right password, which is not a guess and ends the directory's series of wrong ones
 * @throws Problem too_many_requests
 */
export const chargeLoginAccount =
  (ports: Needs) =>
  async (name: TypedName, account: Account | undefined, address: string): Promise<ChargedUnit> => {
    const { clock, tags, limits } = ports;
    const tagger = await tags();
    const { tag: addressTag } = addressLedger(tagger, address);
    const since = account?.sessionsValidFrom ?? 0;
    const own = isFrom(tagger, addressTag, account) && clock() < since + ownSeconds;
    const tag = passwordTag(tagger, name.tag, account);
    return charge(ports, {
      ledger: { scope: 'login', tag: own ? tagger.tag('username', tag, addressTag) : tag },
      counts: 'uses',
      budgets: triesOf(name, limits),
    });
  };

interface TypedName {
  readonly kind: 'username' | 'national-id';
  readonly tag: string;
}

const triesOf = ({ kind }: TypedName, limits: Ports['limits']): Budgets =>
  kind === 'username'
    ? {
        usesPerPart: limits.loginsPerAccountAndHour,
        usesPerWindow: limits.loginsPerAccountAndDay,
      }
    : {
        usesPerPart: limits.loginsPerNationalIdAndHour,
        usesPerWindow: limits.loginsPerNationalIdAndDay,
      };

/** Whether the password was last reset from this network. */
const isFrom = (tagger: Tagger, addressTag: string, account?: Account): boolean =>
  account?.resetFrom !== undefined && tagger.isSame(account.resetFrom, addressTag);

async function charge({ clock, ledgers }: Needs, of: Charge): Promise<ChargedUnit> {
  const at = clock();
  throwIfRefused(await ledgers.charge(of, at), at);
  return { charge: of, at };
}
