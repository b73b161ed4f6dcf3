import { type Challenge, type ChallengeView, methodsOf } from '../model/challenge.ts';
import { hasDecoys, type Purpose } from '../model/purpose.ts';
import { openPhone } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';
import { maskPhone } from '../values/phone.ts';

/**
 * The phone as the claimant of a challenge may see it. Whoever starts a reset, or proves a phone first, has proved nothing:
 * with a mask, a caller who knows a person's national ID and phone finds the username by trying names (docs/decisions/0033).
 * @param phone E.164
 */
export const shownPhone = (purpose: Purpose, phone: string): string | null =>
  hasDecoys(purpose) ? null : maskPhone(phone);

/**
 * A stored challenge as its claimant may see it.
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
      destination: shownPhone(purpose, phone),
      ...(methods && { methods }),
    };
  };
