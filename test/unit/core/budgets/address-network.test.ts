import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressNetwork } from '#core/values/address-network.ts';

const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 4, maxLength: 4 });

/**
 * Spellings of one IPv6 address (RFC 4291 §2.2): padded or not, in capitals, any run of zeros as
 * `::`.
 */
function spellings(address: number[]): string[] {
  const short = address.map((group) => group.toString(16));
  const full = short.map((group) => group.padStart(4, '0'));
  const written = [short.join(':'), full.join(':'), full.join(':').toUpperCase()];
  for (let from = 0; from < 8; from++) {
    for (let to = from + 1; to <= 8; to++) {
      if (address.slice(from, to).some((group) => group !== 0)) break;
      written.push(`${short.slice(0, from).join(':')}::${short.slice(to).join(':')}`);
    }
  }
  return written;
}

describe('the network that an address is counted by', () => {
  it('is the address itself for IPv4', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(addressNetwork(address)).toBe(address);
      }),
    );
  });

  it('is the IPv4 address for an IPv4 address inside IPv6', () => {
    expect(addressNetwork('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(addressNetwork('::FFFF:192.0.2.7')).toBe('192.0.2.7');
  });

  it('is the same for every address of a /64, in every spelling', () => {
    fc.assert(
      fc.property(groups, groups, groups, (network, one, other) => {
        const written = [...spellings([...network, ...one]), ...spellings([...network, ...other])];
        expect(new Set(written.map(addressNetwork)).size).toBe(1);
      }),
    );
  });

  it('differs between two /64s', () => {
    fc.assert(
      fc.property(groups, groups, groups, (a, b, host) => {
        fc.pre(a.join() !== b.join());
        const [left = ''] = spellings([...a, ...host]);
        const [right = ''] = spellings([...b, ...host]);
        expect(addressNetwork(left)).not.toBe(addressNetwork(right));
      }),
    );
  });

  it('is itself a readable network', () => {
    expect(addressNetwork('2001:0DB8::1')).toBe('2001:db8:0:0::/64');
    expect(addressNetwork('::1')).toBe('0:0:0:0::/64');
  });

  it('has no zone: a link is not a customer', () => {
    expect(addressNetwork('fe80::1%eth0')).toBe(addressNetwork('fe80::2'));
  });
});
