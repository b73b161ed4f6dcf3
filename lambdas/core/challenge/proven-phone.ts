import type { Challenge } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import { isTagOf, openPhone, type SealedPhone, sealPhone } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';

/**
 * The phone that a claimant proved, for the account that gets it. It is sealed anew: the seal of the challenge may be older
 * than a rotation, and the account is younger. The same goes for its tag: the sender has opened the slots of the former one,
 * so those of the new one are opened here, by one AWS call.
 * @throws Problem ticket_invalid if the number is not the one that the ticket is about
 */
export const provenPhone =
  ({
    accounts,
    entropy,
    phoneSealKeys,
    tags,
  }: Pick<Ports, 'accounts' | 'entropy' | 'phoneSealKeys' | 'tags'>) =>
  async (challenge: Challenge): Promise<SealedPhone> => {
    const phone = await openPhone(phoneSealKeys, challenge, challenge.createdAt);
    const tagger = await tags();
    if (!isTagOf(tagger, challenge.phoneTag, phone)) throw new Problem('ticket_invalid');
    const { current } = await phoneSealKeys();
    const phoneTag = tagger.newest(challenge.phoneTag);
    if (phoneTag !== challenge.phoneTag) await accounts.openSlots(phoneTag);
    return sealPhone(current, entropy, phoneTag, phone);
  };
