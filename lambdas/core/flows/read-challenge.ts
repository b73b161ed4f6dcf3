import { readChallengeId } from '../challenge/id.ts';
import { viewChallenge } from '../challenge/view.ts';
import { deliveryBreaker } from '../model/breaker.ts';
import type { Challenge, ChallengeView, DeliveryState } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import { hasDecoys } from '../model/purpose.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'clock' | 'phoneSealKeys' | 'limits' | 'challenges' | 'breakers'>;

/** Seconds after which an SMS has usually left. */
const usualSeconds = 10;

/**
 * A challenge as its claimant may see it, with the delivery state of its SMS. It can be read until
 * it is verified, and also after it expires: that is when a claimant who waits in vain wants to
 * know.
 * @throws Problem challenge_expired (unknown or used: one answer)
 */
export const readChallenge =
  (ports: Needs) =>
  async ({ id }: { readonly id: string }): Promise<ChallengeView> => {
    const { challenges } = ports;
    const challengeId = readChallengeId(id);
    const challenge = challengeId && (await challenges.find(challengeId.hash));
    if (challenge?.status !== 'pending') throw new Problem('challenge_expired');

    const delivery = await deliveryOf(ports, challenge);
    return { ...(await viewChallenge(ports)(id, challenge)), ...(delivery && { delivery }) };
  };

async function deliveryOf(ports: Needs, challenge: Challenge): Promise<DeliveryState | undefined> {
  const { sends, outbox, delivery, purpose, expiresAt = 0 } = challenge;
  if (sends === 0) return undefined;
  if (hasDecoys(purpose)) return likelyDelivery(ports, challenge);
  // No SMS is sent late: a send that is still owed when the challenge expires never comes.
  if (outbox !== undefined) return expiresAt > ports.clock() ? 'queued' : 'failed';
  return delivery;
}

/**
 * The delivery state of a purpose with decoys follows only from the time and the overall state of
 * delivery. A decoy has no SMS that could wait, fail or arrive, and its answer must not differ from
 * a real one.
 */
async function likelyDelivery(
  { clock, limits, breakers }: Needs,
  { expiresAt = 0, sendAgainAt = 0 }: Challenge,
): Promise<DeliveryState> {
  const now = clock();
  if (expiresAt <= now) return 'failed';
  const sentAt = sendAgainAt - limits.resendSeconds;
  const troubled = await breakers.openUntil(deliveryBreaker);
  return now < sentAt + usualSeconds || troubled > now ? 'queued' : 'sent';
}
