import {
  type AddressUnit,
  addressTagOf,
  type Challenge,
  type ChallengeSubject,
} from '../model/challenge.ts';
import {
  addressLedger,
  type Charge,
  type ChargedUnit,
  registrationLedger,
} from '../model/ledger.ts';
import { countsAsUnverified } from '../model/purpose.ts';
import type { Ports } from '../ports/index.ts';
import type { RefusedCharge } from '../ports/ledger-store.ts';
import { throwIfRefused } from './challenge-charges.ts';

type Needs = Pick<Ports, 'clock' | 'limits' | 'ledgers'>;

/**
 * Charges the caller's address for one SMS to an account's phone: for a challenge with its first send, or for a further
 * send. It is a plain conditional update: thousands of people share an address, and their transactions would conflict.
 *
 * These codes do not count as unverified, because that of a decoy can never be verified.
 * @returns the unit of the address's ledger
 * @throws Problem too_many_requests
 */
export const chargeAddress =
  (ports: Needs & Pick<Ports, 'tags'>) =>
  async (address: string): Promise<ChargedUnit> => {
    const { clock, tags, limits, ledgers } = ports;
    const at = clock();
    const charge: Charge = {
      ledger: addressLedger(await tags(), address),
      counts: 'uses',
      budgets: {
        usesPerPart: limits.sendsPerAddressAndMinute,
        usesPerWindow: limits.sendsPerAddressAndHour,
        failuresPerWindow: limits.failuresPerAddressAndHour,
      },
    };
    throwIfRefused(await ledgers.charge(charge, at), at);
    return { charge, at };
  };

/**
 * Charges an address for one SMS to a phone that the caller chose, or whose owner the caller named and proved nothing. The
 * code counts as unverified until it is verified. Otherwise a few addresses could spend all the money that Hawiya may spend
 * without proof that its SMS reach people.
 * @returns with `charged`, the unit of the address's ledger, and whether the code is among the first unverified ones of this address today
 */
export const chargeRegistrationAddress =
  ({ limits, ledgers }: Needs) =>
  async (
    addressTag: string,
    at: number,
  ): Promise<{ kind: 'charged'; unit: ChargedUnit; isFirst: boolean } | RefusedCharge> => {
    const charge: Charge = {
      ledger: registrationLedger(addressTag),
      counts: 'unverified-uses',
      budgets: {
        unverifiedPerWindow: limits.unverifiedPerAddressAndDay,
        usesPerPart: limits.sendsPerAddressAndHour,
      },
    };
    const result = await ledgers.charge(charge, at);
    if (result.kind === 'refused') return result;
    const isFirst = result.counts.unverified <= limits.firstCodesPerAddressAndDay;
    return { kind: 'charged', unit: { charge, at }, isFirst };
  };

/** The unit as a challenge keeps it. */
export const addressUnitOf = ({ charge, at }: ChargedUnit): AddressUnit => ({
  tag: charge.ledger.tag,
  at,
});

/**
 * Returns the units that addresses were charged for a challenge whose code was verified. Call it once per challenge. One
 * AWS call a unit: its ledger is hot, so that it is in no transaction.
 */
export const returnAddressUnits =
  ({ ledgers }: Pick<Ports, 'ledgers'>) =>
  async (challenge: ChallengeSubject & Pick<Challenge, 'addressUnits'>): Promise<void> => {
    // It took none. Its function may not write these ledgers, and must not have the sender do it.
    if (challenge.purpose === 'transaction') return;
    const ownUnit = countsAsUnverified(challenge.purpose) ? registrationUnit : sendUnit;
    await Promise.all(
      challenge.addressUnits.map(({ tag, at }) => ledgers.returnUnit(ownUnit(tag), at)),
    );
  };

const sendUnit = (tag: string): Charge => ({
  ledger: { scope: 'address', tag },
  counts: 'uses',
  budgets: {},
});

const registrationUnit = (tag: string): Charge => ({
  ledger: registrationLedger(tag),
  counts: 'unverified-uses',
  budgets: {},
});

/**
 * Credits a phone's first verified code of a day to the address from which it was requested, beyond the units that it took
 * there. It makes up for codes of others that nobody verified. Call it once per challenge.
 */
export const creditAddress =
  ({ ledgers, spending }: Pick<Ports, 'ledgers' | 'spending'>) =>
  async (challenge: ChallengeSubject & Pick<Challenge, 'createdAt'>): Promise<void> => {
    const addressTag = addressTagOf(challenge);
    if (addressTag === undefined) return;
    // The counter holds whole numbers. Rounded down, a code that attackers verify on a phone of their own never opens more
    // room at their address than it earns for everyone.
    const beyondItsOwn = Math.floor(1 / spending.verifiedShare) - 1;
    if (beyondItsOwn === 0) return;
    await ledgers.creditVerified(registrationLedger(addressTag), beyondItsOwn, challenge.createdAt);
  };

/**
 * Subtracts an SMS that was refused or not sent from the unverified ones of its address. Otherwise a few requests for one
 * stranger's phone would close registration for all people behind that address.
 * @param chargedAt epoch seconds
 */
export const returnUnverifiedUse =
  ({ ledgers }: Pick<Ports, 'ledgers'>) =>
  (addressTag: string, chargedAt: number): Promise<void> =>
    ledgers.creditVerified(registrationLedger(addressTag), 1, chargedAt);
