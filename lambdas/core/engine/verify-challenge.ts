import { equalSecrets } from '../crypto/equal.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';
import { type Challenge, lockedProblem, stateOf } from './challenge.ts';
import { type ChallengeId, readChallengeId } from './challenge-id.ts';
import { addressLedger } from './charge-address.ts';
import { deriveCode } from './code.ts';
import type { LedgerKey } from './ledger.ts';
import { mintTicket } from './ticket.ts';
import { recordWrongCode, type WrongCodeNeeds } from './wrong-code.ts';

type Needs = Pick<Ports, 'clock' | 'entropy' | 'keys' | 'limits' | 'challenges'> & WrongCodeNeeds;

interface Guess {
  readonly id: string;
  readonly code: string;
  /** The caller's IP address. */
  readonly address: string;
}

export interface Verified {
  readonly ticket: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/**
 * Checks a code that came by SMS. It is derived before anything is read. A right one is one conditional write, and a
 * wrong one is counted by its first: whatever comes in parallel, the table puts those writes in a row, and a right code
 * behind five wrong ones is too late.
 * @throws Problem code_incorrect, challenge_locked, or challenge_expired (unknown, expired, used: one answer)
 */
export const verifyChallenge =
  (ports: Needs) =>
  async ({ id, code, address }: Guess): Promise<Verified> => {
    const { clock, keys, limits } = ports;
    const challengeId = readChallengeId(id);
    if (!challengeId) throw new Problem('challenge_expired');

    const now = clock();
    const keyring = await keys(challengeId.keyVersion);
    const keySet = keyring.version(challengeId.keyVersion);
    // A version there never was: the id is made up.
    if (!keySet) throw new Problem('challenge_expired');
    const right = equalSecrets(deriveCode(keySet, challengeId.hash, limits.codeLength), code);
    const expiresAt = now + limits.ticketSeconds;
    const at = { now, ticketExpiresAt: expiresAt };
    if (right && (await claimVerification(ports, challengeId, { right, ...at }))) {
      return { ticket: mintTicket(keySet, challengeId), expiresAt };
    }
    const counted = await countAttempt(ports, challengeId, now);
    // A right code that may not count yet, because its SMS is not out, has made two writes by now. So does a wrong one:
    // else the time of the answer would tell them apart.
    if (!right) await claimVerification(ports, challengeId, { right, ...at });
    throw await recordGuess(ports, counted, addressLedger(keyring, address), now);
  };

/** @returns false for a wrong code, and for a right one that must not count: a decoy's, or one nobody was sent */
async function claimVerification(
  { challenges, entropy, limits }: Needs,
  { hash }: ChallengeId,
  guess: { readonly right: boolean; readonly now: number; readonly ticketExpiresAt: number },
): Promise<boolean> {
  const result = await challenges.verify(hash, {
    ...{ ...guess, maxAttempts: limits.attemptsPerChallenge },
    nonce: entropy(12).toString('base64url'),
  });
  if (result.kind === 'verified') return true;
  // A wrong one is counted already, and may have been the last.
  if (guess.right) throwUnlessLive(result.challenge, guess.now, limits);
  return false;
}

/** Counted on the challenge first: if this dies before the ledgers know, the guess is spent all the same. */
async function countAttempt(
  { challenges, limits }: Needs,
  { hash }: ChallengeId,
  now: number,
): Promise<Challenge> {
  const maxAttempts = limits.attemptsPerChallenge;
  const result = await challenges.countAttempt(hash, { now, maxAttempts });
  if (result.kind === 'counted') return result.challenge;
  throwUnlessLive(result.challenge, now, limits);
  // It was live only in the reading that came back with the lost race.
  throw new Problem('challenge_expired');
}

async function recordGuess(
  ports: Needs,
  challenge: Challenge,
  callers: LedgerKey,
  now: number,
): Promise<Problem> {
  // While no SMS was asked for no code can be right, and a try fills no ledger of its owner: it would let a stranger
  // close a victim's phone for the day without one message that warns them. From then on it does, for a decoy as well.
  if (challenge.sends > 0) await recordWrongCode(ports)(challenge, callers, now);
  else await ports.ledgers.recordFailure(callers, now);
  const attemptsLeft = ports.limits.attemptsPerChallenge - challenge.attempts;
  return new Problem('code_incorrect', { attemptsLeft });
}

/** @throws Problem challenge_expired, challenge_locked */
export function throwUnlessLive(
  challenge: Challenge | undefined,
  now: number,
  limits: Ports['limits'],
): void {
  const state = stateOf(challenge, now, limits);
  if (state === 'gone') throw new Problem('challenge_expired');
  if (state === 'locked') throw lockedProblem(challenge, now);
}
