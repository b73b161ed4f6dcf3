import { unseal } from '../crypto/seal.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';
import { maskPhone } from '../values/phone.ts';
import { type Challenge, type ChallengeView, phoneContext } from './challenge.ts';
import { readChallengeId } from './challenge-id.ts';

/** Where the latest SMS of a challenge is. Absent while none was asked for. */
export type DeliveryState = 'queued' | 'sent' | 'delivered' | 'failed';

/**
 * A challenge as its claimant may see it, with what became of its SMS. It can be read until it is verified, and
 * after its expiry too: that is when somebody who waits in vain wants to know.
 * @throws Problem challenge_expired (unknown or used: one answer)
 */
export const readChallenge =
  ({ clock, keys, challenges }: Pick<Ports, 'clock' | 'keys' | 'challenges'>) =>
  async ({ id }: { readonly id: string }): Promise<ChallengeView> => {
    const challengeId = readChallengeId(id);
    const challenge = challengeId && (await challenges.find(challengeId.hash));
    if (challenge?.status !== 'pending') throw new Problem('challenge_expired');

    const delivery = deliveryOf(challenge, clock());
    const phone = await unseal(keys, phoneContext(challenge.phoneTag), challenge.phone);
    const { purpose, sends, sendBy, createdAt, expiresAt = sendBy } = challenge;
    return {
      ...{ id, purpose, expiresAt, sent: sends > 0 },
      sendAgainAt: challenge.sendAgainAt ?? createdAt,
      destination: maskPhone(phone),
      ...(delivery && { delivery }),
    };
  };

function deliveryOf(challenge: Challenge, now: number): DeliveryState | undefined {
  const { sends, outbox, delivery, purpose, expiresAt = 0 } = challenge;
  if (sends === 0) return undefined;
  // Nothing is sent late: what is still owed at the end never comes.
  if (outbox !== undefined) return expiresAt > now ? 'queued' : 'failed';
  // A decoy has no phone that could receive: of a reset, a receipt would tell it from a real one.
  return delivery === 'delivered' && purpose === 'password-reset' ? 'sent' : delivery;
}
