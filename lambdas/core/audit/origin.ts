import { addressLedger } from '../model/ledger.ts';
import type { Origin } from '../model/records.ts';
import type { Ports } from '../ports/index.ts';

/** The origin of a call as the edge reports it. */
export interface Caller {
  /** IP address. */
  readonly address: string;
  /** `Chrome, Android`. */
  readonly device: string;
  /** ISO 3166-1 alpha-2 country. */
  readonly place?: string;
}

/**
 * Composes the origin that is stored. The address becomes the keyed tag of its network, by which a fraud team can tell
 * calls apart.
 */
export const originOf =
  ({ tags }: Pick<Ports, 'tags'>) =>
  async ({ address, device, place }: Caller): Promise<Origin> => {
    const { tag: addressTag } = addressLedger(await tags(), address);
    return { addressTag, device, ...(place && { place }) };
  };
