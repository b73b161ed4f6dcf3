import { originOf } from '#core/audit/origin.ts';
import type { Origin } from '#core/model/records.ts';
import type { Ports } from '#core/ports/index.ts';
import type { Call } from './call.ts';
import { deviceLabel } from './device-label.ts';
import { type EdgeSecrets, viewerOf } from './edge.ts';

interface Needs extends Pick<Ports, 'tags'> {
  readonly edgeSecrets: EdgeSecrets;
}

/** Reads the origin of a call: the address for the budgets, and the origin that is stored. */
export function callOrigin({ tags, edgeSecrets }: Needs) {
  const viewer = viewerOf(edgeSecrets);
  return {
    addressOf: async (call: Call): Promise<string> => (await viewer(call)).address,
    async originOf(call: Call): Promise<Origin> {
      const device = deviceLabel(call.header('user-agent'));
      return originOf({ tags })({ ...(await viewer(call)), device });
    },
  };
}
