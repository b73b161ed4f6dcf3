import { isIP } from 'node:net';
import { equalSecrets } from '#core/crypto/equal.ts';
import { log } from '../observability/log.ts';
import type { Call } from './call.ts';

/** Headers by which CloudFront proves itself and names the viewer. `lib/portal/api-behavior.ts` makes it send them. */
export const edgeHeaders = {
  secret: 'x-hawiya-edge',
  address: 'cloudfront-viewer-address',
  country: 'cloudfront-viewer-country',
};

/** The values by which the edge proves itself. Any of them is valid; the list is empty if there is no edge. */
export type EdgeSecrets = () => Promise<readonly string[]>;

/** The other end of a call. */
export interface Viewer {
  /** IP address. */
  readonly address: string;
  /** ISO 3166-1 alpha-2 country, if the edge tells it. */
  readonly place?: string;
}

/**
 * Finds the viewer of a call. A call with the edge's secret comes from the viewer that the edge names; any other comes
 * from its peer.
 * Any CloudFront distribution writes these headers, and a direct caller can write them too. So they count only with the
 * secret.
 * @throws Error if a call has a secret and the edge's own could never be read
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
  // An attacker tries a value, or the edge sends one that was removed. In the second case all viewers share the budgets
  // of the edge's addresses.
  if (known.length > 0) log('INFO', 'edge', { error: 'UnknownSecret' });
  return false;
}

/**
 * The address in `203.0.113.7:443`, `2001:db8::1:443` or `[2001:db8::1]:443`. CloudFront's documentation shows no IPv6
 * address; observed ones have no brackets. The port is always present, so the last number is the port.
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
