import { lapsedSlots } from '../model/phone-slots.ts';
import { openShownName } from '../model/shown-name.ts';
import type { Ports } from '../ports/index.ts';

/**
 * The masked username that an SMS shows, because its phone has several accounts. One AWS call where the SMS is about an
 * account: beside the price of an SMS it costs nothing, and nobody waits for its answer.
 * @returns undefined where the phone has one account: then a name would tell a bystander something for nothing
 */
export const nameOnSharedPhone =
  ({ accounts, clock, phoneSealKeys }: Pick<Ports, 'accounts' | 'clock' | 'phoneSealKeys'>) =>
  async (sms: Parameters<typeof openShownName>[1]): Promise<string | undefined> => {
    const name = await openShownName(phoneSealKeys, sms);
    if (name === undefined) return undefined;
    const slots = await accounts.openSlots(sms.phoneTag);
    const lapsed = Object.keys(lapsedSlots(slots, clock()));
    return Object.keys(slots).length - lapsed.length > 1 ? name : undefined;
  };
