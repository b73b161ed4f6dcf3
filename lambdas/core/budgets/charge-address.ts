import { addressTagOf, type Challenge } from '../model/challenge.ts';
import { addressLedger, type Charge, type ChargedUnit } from '../model/ledger.ts';
import type { PhoneClass } from '../model/purpose.ts';
import type { Ports } from '../ports/index.ts';
import { throwIfRefused } from './challenge-charges.ts';

type Needs = Pick<Ports, 'clock' | 'tags' | 'limits' | 'ledgers'>;

/**
 * Charges the caller's address for one challenge, before the challenge costs anything else. It is a plain conditional
 * update: thousands of people share an address, and their transactions would conflict.
 *
 * A code to a phone that the caller names counts as unverified until it is verified. Otherwise four addresses could
 * spend all the money that Hawiya may spend without proof that its SMS reach people. The code of a password reset does
 * not count as unverified, because that of a decoy can never be verified.
 * @returns the unit of the address's ledger
 * @throws Problem too_many_requests
 */
export const chargeAddress =
  ({ clock, tags, limits, ledgers }: Needs) =>
  async (address: string, phoneClass: PhoneClass): Promise<ChargedUnit> => {
    const at = clock();
    const ledger = addressLedger(await tags(), address);
    const unverified = phoneClass === 'caller-chosen-phone';
    const charge: Charge = {
      ledger,
      counts: unverified ? 'unverified-uses' : 'uses',
      budgets: {
        ...(unverified && { unverifiedPerWindow: limits.unverifiedPerAddressAndHour }),
        usesPerPart: limits.sendsPerAddressAndMinute,
        usesPerWindow: limits.sendsPerAddressAndHour,
        failuresPerWindow: limits.failuresPerAddressAndHour,
      },
    };
    throwIfRefused(await ledgers.charge(charge, at), at);
    return { charge, at };
  };

/** Credits a verified code to the address from which it was requested. Call it once per challenge. */
export const creditAddress =
  ({ ledgers, spending }: Pick<Ports, 'ledgers' | 'spending'>) =>
  async (challenge: Challenge): Promise<void> => {
    const addressTag = addressTagOf(challenge);
    if (addressTag === undefined) return;
    // The counter holds whole numbers. Rounding up keeps a network open whose people verify just the expected share. An
    // attacker who verifies a code of their own gains less than one start by it.
    const madeUpFor = Math.ceil(1 / spending.verifiedShare);
    await ledgers.creditVerified(
      { scope: 'address', tag: addressTag },
      madeUpFor,
      challenge.createdAt,
    );
  };

/**
 * Subtracts a start that was refused, or whose SMS could not be paid, from the unverified uses of its address. Otherwise
 * sixty requests for one stranger's phone would close registration for all people behind that address.
 * @param startedAt epoch seconds
 */
export const returnUnverifiedUse =
  ({ ledgers }: Pick<Ports, 'ledgers'>) =>
  (addressTag: string, startedAt: number): Promise<void> =>
    ledgers.creditVerified({ scope: 'address', tag: addressTag }, 1, startedAt);
