import { isIPv4 } from 'node:net';

/**
 * The network by which an IP address is counted. An IPv6 customer gets a whole /64, so counting single addresses
 * would limit nothing.
 * @returns an IPv4 address itself (also for its IPv4-mapped form), or the /64 prefix of an IPv6 address
 */
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
