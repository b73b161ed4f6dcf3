import type { Challenge } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import { isTagOf, openPhone, type SealedPhone, sealPhone } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';

/**
 * The phone that a claimant proved, for the account that gets it. It is sealed anew: the seal of the challenge may be older
 * than a rotation, and the account is younger.
 * @throws Problem ticket_invalid if the number is not the one that the ticket is about
 */
export const provenPhone =
  ({ entropy, phoneSealKeys, tags }: Pick<Ports, 'entropy' | 'phoneSealKeys' | 'tags'>) =>
  async (challenge: Challenge): Promise<SealedPhone> => {
    const phone = await openPhone(phoneSealKeys, challenge, challenge.createdAt);
    if (!isTagOf(await tags(), challenge.phoneTag, phone)) throw new Problem('ticket_invalid');
    const { current } = await phoneSealKeys();
    return sealPhone(current, entropy, challenge.phoneTag, phone);
  };
