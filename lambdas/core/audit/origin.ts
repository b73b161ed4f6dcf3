import { addressLedger } from '../model/ledger.ts';
import type { Origin } from '../model/records.ts';
import type { Ports } from '../ports/index.ts';

/** From where a call came, as the edge of the service saw it. */
export interface Caller {
  /** IP address. */
  readonly address: string;
  /** `Chrome, Android`. */
  readonly device: string;
  /** ISO 3166-1 alpha-2 country. */
  readonly place?: string;
}

/** What is kept of it: the address as the keyed tag of its network, by which a fraud team can tell calls apart. */
export const originOf =
  ({ keys }: Pick<Ports, 'keys'>) =>
  async ({ address, device, place }: Caller): Promise<Origin> => {
    const { tag: addressTag } = addressLedger(await keys(), address);
    return { addressTag, device, ...(place && { place }) };
  };
