import { unseal } from '../crypto/seal.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';
import { maskPhone } from '../values/phone.ts';
import { checkBreaker } from './breaker.ts';
import { type ChallengeView, lockedProblem, phoneContext, stateOf } from './challenge.ts';
import { readChallengeId } from './challenge-id.ts';
import { ledgerCharges, throwIfRefused } from './start-challenge.ts';

type Needs = Pick<Ports, 'clock' | 'keys' | 'limits' | 'challenges' | 'breakers'>;

/**
 * Sends a challenge for the first time, or again: the same code while it lives, so that two SMS never
 * contradict each other. A decoy is treated like any other; the sender drops it.
 * @throws Problem challenge_expired, challenge_locked, or too_many_requests with the seconds to wait
 */
export const sendChallenge =
  (ports: Needs) =>
  async ({ id }: { readonly id: string }): Promise<ChallengeView> => {
    const { clock, keys, limits, challenges } = ports;
    const now = clock();
    const challengeId = readChallengeId(id);
    if (!challengeId) throw new Problem('challenge_expired');

    const challenge = await challenges.find(challengeId.hash);
    const state = stateOf(challenge, now, limits);
    if (!challenge || state === 'gone') throw new Problem('challenge_expired');
    if (state === 'locked') throw lockedProblem(challenge, now);
    const wait = (challenge.sendAgainAt ?? now) - now;
    if (wait > 0) throw new Problem('too_many_requests', { retryAfter: wait });

    const phone = await unseal(keys, phoneContext(challenge.phoneTag), challenge.phone);
    await checkBreaker(ports)(challenge.purpose, phone);

    const sendAgainAt = now + limits.resendSeconds;
    // The code's life starts with its first send and a resend does not lengthen it.
    const expiresAt = challenge.expiresAt ?? now + limits.codeSeconds;
    const charges = ledgerCharges(challenge, limits, true);
    const result = await challenges.send(challenge, { sendAgainAt, expiresAt }, charges, now);
    throwIfRefused(result, now);
    // Stale: a twin of this request has just sent it, or the code was just verified.
    if (result.kind === 'stale') {
      throw new Problem('too_many_requests', { retryAfter: limits.resendSeconds });
    }
    return {
      ...{ id, purpose: challenge.purpose, sendAgainAt, expiresAt, sent: true },
      destination: maskPhone(phone),
    };
  };
