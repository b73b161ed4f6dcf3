import { ledgerCharges } from '../budgets/challenge-charges.ts';
import { limitsOfPhone } from '../budgets/review-numbers.ts';
import { breakerWait } from '../budgets/spend-breaker.ts';
import { readChallengeId } from '../challenge/id.ts';
import { shownPhone } from '../challenge/view.ts';
import {
  type Challenge,
  type ChallengeView,
  lockedProblem,
  methodsOf,
  stateOf,
} from '../model/challenge.ts';
import { type Charge, hasRoom, retryAfter } from '../model/ledger.ts';
import { Problem } from '../model/problems.ts';
import { paymentOf } from '../model/purpose.ts';
import { openPhone } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'phoneSealKeys'
  | 'tags'
  | 'limits'
  | 'challenges'
  | 'ledgers'
  | 'breakers'
  | 'reviewNumbers'
>;

/**
 * Sends a challenge for the first time, or again. While the code lives it stays the same, so that
 * two SMS never contradict each other. A decoy is treated like any other challenge, and the sender
 * drops it.
 * @throws Problem challenge_expired, challenge_locked; too_many_requests with the seconds to wait
 */
export const sendChallenge =
  (ports: Needs) =>
  async ({ id }: { readonly id: string }): Promise<ChallengeView> => {
    const { clock, phoneSealKeys, limits, challenges } = ports;
    const now = clock();
    const challengeId = readChallengeId(id);
    if (!challengeId) throw new Problem('challenge_expired');

    const challenge = await findLive(ports, challengeId.hash, now);
    const phone = await openPhone(phoneSealKeys, challenge, challenge.createdAt);
    const closed = await breakerWait(ports)(paymentOf(challenge), phone);
    if (closed > 0 || coolDown(challenge, now) > 0) {
      throw await refusal(ports, challenge, phone, now);
    }

    const sendAgainAt = now + limits.resendSeconds;
    // The code's life starts with its first send. A resend does not lengthen it.
    const expiresAt = challenge.expiresAt ?? now + limits.codeSeconds;
    const charges = await sendCharges(ports, challenge);
    const { kind } = await challenges.send(challenge, { sendAgainAt, expiresAt }, charges, now);
    if (kind !== 'sent') {
      // A budget is full, a parallel request has just sent it, or its code was just verified.
      throw await refusal(ports, await findLive(ports, challengeId.hash, now), phone, now);
    }
    const methods = methodsOf(challenge);
    return {
      id,
      purpose: challenge.purpose,
      sendAgainAt,
      expiresAt,
      sent: true,
      destination: shownPhone(challenge.purpose, phone),
      ...(methods && { methods }),
    };
  };

async function findLive(
  { challenges, limits }: Needs,
  idHash: string,
  now: number,
): Promise<Challenge> {
  const challenge = await challenges.find(idHash);
  const state = stateOf(challenge, now, limits);
  if (challenge?.status !== 'pending' || state === 'gone') throw new Problem('challenge_expired');
  if (state === 'locked') throw lockedProblem(challenge, now);
  return challenge;
}

const sendCharges = async (ports: Needs, challenge: Challenge): Promise<Charge[]> =>
  ledgerCharges(challenge, await limitsOfPhone(ports)(challenge.phoneTag), true);

/** Seconds until it may be sent again; 0 or less if it may be sent now. */
const coolDown = ({ sendAgainAt = 0 }: Pick<Challenge, 'sendAgainAt'>, now: number): number =>
  sendAgainAt - now;

/**
 * The wait is the longest of all limits that refuse. Otherwise a client that waits as told would be
 * refused by the next limit.
 * The ledgers are read only here: for a send that goes through, they are conditions of its write.
 */
async function refusal(
  ports: Needs,
  challenge: Challenge,
  phone: string,
  now: number,
): Promise<Problem> {
  const charges = await sendCharges(ports, challenge);
  const waits = charges.map(async (charge) => {
    const counts = await ports.ledgers.counts(charge.ledger, now);
    return hasRoom(counts, charge) ? 0 : retryAfter(counts, charge, now);
  });
  const closed = breakerWait(ports)(paymentOf(challenge), phone);
  const longest = Math.max(...(await Promise.all([...waits, closed])));
  // A budget may have room again since it refused. Then the wait is one second.
  const seconds = Math.max(1, longest, coolDown(challenge, now));
  return new Problem('too_many_requests', { retryAfter: seconds });
}
