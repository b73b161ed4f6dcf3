import { addressTagOf, type Challenge } from '../model/challenge.ts';
import { addressLedger, type Charge, type LedgerKey } from '../model/ledger.ts';
import type { PhoneClass } from '../model/purpose.ts';
import type { Ports } from '../ports/index.ts';
import { throwIfRefused } from './challenge-charges.ts';

type Needs = Pick<Ports, 'clock' | 'keys' | 'limits' | 'ledgers'>;

/**
 * Charges the caller's address for one challenge, before anything else is spent on it. A plain conditional
 * update: thousands of people share an address, and in a transaction they would conflict with each other.
 *
 * A code to a phone that the caller names counts as unverified until it is verified: else four addresses could spend what
 * the whole service may without proof that its SMS reach people. A reset's does not: a decoy's can never be verified.
 * @returns the address's ledger
 * @throws Problem too_many_requests
 */
export const chargeAddress =
  ({ clock, keys, limits, ledgers }: Needs) =>
  async (address: string, phoneClass: PhoneClass): Promise<LedgerKey> => {
    const now = clock();
    const ledger = addressLedger(await keys(), address);
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
    throwIfRefused(await ledgers.charge(charge, now), now);
    return ledger;
  };

/** Tells the address that a code was asked for from that it was verified. To be called once a challenge. */
export const creditAddress =
  ({ ledgers, spending }: Pick<Ports, 'ledgers' | 'spending'>) =>
  async (challenge: Challenge): Promise<void> => {
    const addressTag = addressTagOf(challenge);
    if (addressTag === undefined) return;
    // Whole, as the counter is, and up: people of whom just the expected share verifies are never held up. Who verifies
    // a code of their own to go on with others gains less than one start by the rounding.
    const madeUpFor = Math.ceil(1 / spending.verifiedShare);
    await ledgers.creditVerified(
      { scope: 'address', tag: addressTag },
      madeUpFor,
      challenge.createdAt,
    );
  };

/**
 * Takes what was refused, or whose SMS could not be paid, off its address's unverified ones: else sixty requests for one
 * phone of a stranger's would close registration to everybody behind that address.
 */
export const returnUnverifiedUse =
  ({ ledgers }: Pick<Ports, 'ledgers'>) =>
  (addressTag: string, startedAt: number): Promise<void> =>
    ledgers.creditVerified({ scope: 'address', tag: addressTag }, 1, startedAt);
