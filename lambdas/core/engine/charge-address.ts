import { isIPv4 } from 'node:net';
import type { Keyring } from '../crypto/keyring.ts';
import type { Ports } from '../ports.ts';
import type { Charge, LedgerKey } from './ledger.ts';
import { throwIfRefused } from './start-challenge.ts';

type Needs = Pick<Ports, 'clock' | 'keys' | 'limits' | 'ledgers'>;

/**
 * Charges the caller's address for one challenge, before anything else is spent on it. A plain conditional
 * update: thousands of people share an address, and in a transaction they would conflict with each other.
 * @throws Problem too_many_requests
 */
export const chargeAddress =
  ({ clock, keys, limits, ledgers }: Needs) =>
  async (address: string): Promise<void> => {
    const now = clock();
    const charge: Charge = {
      ledger: addressLedger(await keys(), address),
      counts: 'sends',
      budgets: {
        sendsPerPart: limits.sendsPerAddressAndMinute,
        sendsPerWindow: limits.sendsPerAddressAndHour,
        failuresPerWindow: limits.failuresPerAddressAndHour,
      },
    };
    throwIfRefused(await ledgers.charge(charge, now), now);
  };

/** The ledger of a caller's address. */
export const addressLedger = (keyring: Keyring, address: string): LedgerKey => ({
  scope: 'address',
  tag: keyring.tag('address', addressNetwork(address)),
});

/** The unit an address is counted by: an IPv4 address itself, of an IPv6 address the /64 one customer gets. */
export function addressNetwork(address: string): string {
  const mapped = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (isIPv4(mapped) || !mapped.includes(':')) return mapped;
  const [head = '', tail] = mapped.replace(/%.*$/, '').split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail ? tail.split(':') : [];
  const gap = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array<string>(gap).fill('0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
