import { type Challenge, type ChallengeView, methodsOf } from '../model/challenge.ts';
import { openPhone } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';
import { maskPhone } from '../values/phone.ts';

/**
 * A stored challenge as its claimant may see it, with the phone masked.
 * @param id from the request, because the table does not hold it
 */
export const viewChallenge =
  ({ phoneSealKeys }: Pick<Ports, 'phoneSealKeys'>) =>
  async (id: string, challenge: Challenge): Promise<ChallengeView> => {
    const phone = await openPhone(phoneSealKeys, challenge, challenge.createdAt);
    const { purpose, sends, sendBy, createdAt, expiresAt = sendBy } = challenge;
    const methods = methodsOf(challenge);
    return {
      id,
      purpose,
      expiresAt,
      sent: sends > 0,
      sendAgainAt: challenge.sendAgainAt ?? createdAt,
      destination: maskPhone(phone),
      ...(methods && { methods }),
    };
  };
