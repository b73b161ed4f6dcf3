import { isIP } from 'node:net';
import { equalSecrets } from '#core/crypto/equal.ts';
import { log } from '../observability/log.ts';
import type { Call } from './call.ts';

/** How CloudFront says that it is ours, and whom it passes on; `lib/portal/api-behavior.ts` has it do so. */
export const edgeHeaders = {
  secret: 'x-hawiya-edge',
  address: 'cloudfront-viewer-address',
  country: 'cloudfront-viewer-country',
};

/** The values by which the edge is known, any of which is good; none where there is no edge. */
export type EdgeSecrets = () => Promise<readonly string[]>;

/** Who is at the other end of a call. */
export interface Viewer {
  /** IP address. */
  readonly address: string;
  /** ISO 3166-1 alpha-2 country, where the edge tells it. */
  readonly place?: string;
}

/**
 * Tells who calls: whom the edge names, where the call has the edge's secret, and else the peer. Everybody's own CloudFront
 * writes these headers too, and whoever calls the API directly may write any: without the secret they are nobody's word.
 * @throws Error where a call has a secret, and the edge's could never be read
 */
export const viewerOf =
  (secrets: EdgeSecrets) =>
  async ({ peer, header }: Pick<Call, 'peer' | 'header'>): Promise<Viewer> => {
    const sent = header(edgeHeaders.secret);
    if (!sent || !isKnown(sent, await secrets())) return { address: peer };
    const place = countryIn(header(edgeHeaders.country));
    const address = addressIn(header(edgeHeaders.address)) ?? peer;
    return { address, ...(place && { place }) };
  };

function isKnown(sent: string, known: readonly string[]): boolean {
  if (known.some((secret) => equalSecrets(secret, sent))) return true;
  // Somebody tries, or the edge sends a value that was taken away: then everybody shares the budgets of its addresses.
  if (known.length > 0) log('INFO', 'edge', { error: 'UnknownSecret' });
  return false;
}

/**
 * The address in `203.0.113.7:443`, `2001:db8::1:443` or `[2001:db8::1]:443`: CloudFront's documentation shows no IPv6 address, and what
 * is seen of them has no brackets. The port is always there, so the last number is the port.
 */
export function addressIn(text = ''): string | undefined {
  const [, host = ''] = /^(.+):\d{1,5}$/.exec(text) ?? [];
  const address = host.replace(/^\[(.+)\]$/, '$1');
  return isIP(address) > 0 ? address : undefined;
}

function countryIn(text = ''): string | undefined {
  const country = text.toUpperCase();
  return /^[A-Z]{2}$/.test(country) ? country : undefined;
}
