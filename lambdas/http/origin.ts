import { originOf } from '../core/engine/origin.ts';
import type { Ports } from '../core/ports.ts';
import type { Origin } from '../core/records.ts';
import type { Call } from './call.ts';
import { deviceLabel } from './device-label.ts';

/**
 * Tells from where a call came.
 * @param env names the header in which the edge before the API writes the caller's country; empty where none does, so
 *   that a header which a caller can write is never believed
 */
export const callOrigin =
  (ports: Pick<Ports, 'keys'>, env: { readonly COUNTRY_HEADER: string }) =>
  ({ address, header }: Call): Promise<Origin> => {
    const country = env.COUNTRY_HEADER && header(env.COUNTRY_HEADER)?.toUpperCase();
    const place = country && /^[A-Z]{2}$/.test(country) ? country : undefined;
    const device = deviceLabel(header('user-agent'));
    return originOf(ports)({ address, device, ...(place && { place }) });
  };
