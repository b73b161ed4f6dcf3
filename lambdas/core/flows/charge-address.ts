import { isIPv4 } from 'node:net';
import type { Charge } from '../engine/ledger.ts';
import { throwIfRefused } from '../engine/start-challenge.ts';
import type { Ports } from '../ports.ts';

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
    const tag = (await keys()).tag('address', addressNetwork(address));
    const charge: Charge = {
      ledger: { scope: 'address', tag },
      counts: 'sends',
      budgets: { sendsPerHour: limits.sendsPerAddressAndHour },
    };
    throwIfRefused(await ledgers.charge(charge, now), now);
  };

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
